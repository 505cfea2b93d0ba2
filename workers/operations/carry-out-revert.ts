import type { Checkpoint, Revert, TaskState } from '#core/task/state.ts';
import type { Run } from '../run/run.ts';
import { openWorkplace } from '../run/workplace.ts';
import { undoDelivery } from './undo-delivery.ts';

/** There is nothing to take back: the state that the run was started for is gone. */
export class NothingToRevert extends Error {
  readonly code = 'nothing_to_revert';
}

/**
 * Takes work back to a checkpoint, whole or chosen files: in the work folder, as a new checkpoint that can itself be taken back;
 * in the project, when it was delivered, as a new commit. Done again after a crash it changes nothing more.
 */
export async function carryOutRevert(run: Run): Promise<void> {
  const { reporter } = run;
  const { revert, checkpoint } = orderOf(reporter.task);
  if (revert.manifest.delivered) {
    await reporter.end({ type: 'reverted', result: await undoDelivery(run, revert, checkpoint) });
    return;
  }
  const name = `Reverted to “${revert.checkpointName}”`;
  if (!isMade(reporter.task, revert, name)) {
    const workplace = await openWorkplace(run);
    await workplace.restore({ commit: checkpoint.commit, files: revert.files });
    await workplace.checkpoint({ name, unchanged: 'keep' });
  }
  await reporter.end({ type: 'reverted', result: reporter.task.workspace?.head ?? checkpoint.commit });
}

function orderOf(task: TaskState): { readonly revert: Revert; readonly checkpoint: Checkpoint } {
  const revert = task.reverts.find((each) => each.status === 'requested');
  const checkpoint = task.checkpoints.find((each) => each.n === revert?.checkpoint);
  if (revert === undefined || checkpoint === undefined) {
    throw new NothingToRevert(
      'The checkpoint that this should go back to is no longer known. Please ask for the revert again.',
    );
  }
  return { revert, checkpoint };
}

/** Whether an earlier attempt at the same revert, cut off by a crash, got as far as its checkpoint. */
function isMade(task: TaskState, revert: Revert, name: string): boolean {
  const newest = task.checkpoints.at(-1);
  return newest?.name === name && newest.at > revert.at;
}
