import { deliveredChange } from '#core/task/delivered-range.ts';
import type { Checkpoint, Delivery, Revert } from '#core/task/result.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Run } from '../run/run.ts';
import { authorOf, openWorkplace } from '../run/workplace.ts';
import { revertDelivered } from '../workspace/revert-delivered.ts';
import { projectSource } from './project-source.ts';

/** There is nothing to take back: what the run was started for is gone. */
class NothingToRevert extends Error {
  readonly code = 'nothing_to_revert';
}

/**
 * Takes work back to a checkpoint, whole or chosen files: in the work folder, as a new checkpoint that can itself be taken back;
 * in the project, when it was delivered, as a new commit. Done again after a crash it finds what was done.
 */
export async function carryOutRevert(run: Run): Promise<void> {
  const { task } = run.reporter;
  const revert = task.reverts.find((each) => each.status === 'requested');
  const checkpoint = task.checkpoints.find((each) => each.n === revert?.checkpoint);
  if (revert === undefined || checkpoint === undefined) {
    throw new NothingToRevert('That checkpoint is no longer known. Please ask for the revert again.');
  }
  const name = `Reverted to “${revert.checkpointName}”`;
  const result =
    revert.manifest.delivered && task.delivery !== undefined
      ? await inProject(run, { revert, checkpoint, delivery: task.delivery, name })
      : await inWorkFolder(run, { revert, checkpoint, name });
  await run.reporter.end({ type: 'reverted', result });
}

interface Order {
  readonly revert: Revert;
  readonly checkpoint: Checkpoint;
  /** What history calls it. */
  readonly name: string;
}

async function inProject({ input, reporter }: Run, order: Order & { readonly delivery: Delivery }): Promise<string> {
  const { revert, checkpoint, delivery, name } = order;
  const { task } = reporter;
  const change = deliveredChange(task, checkpoint) ?? { from: delivery.commit, to: checkpoint.commit };
  const { commit } = await revertDelivered(projectSource(input.project, delivery.branch), {
    number: task.number,
    key: revert.id,
    ...change,
    files: revert.files ?? change.files,
    message: `${name}: ${task.title} (#${task.number})`,
    author: authorOf(task),
    trailers: { 'Requested-by': revert.by.name },
  });
  return commit;
}

async function inWorkFolder(run: Run, { revert, checkpoint, name }: Order): Promise<string> {
  const { reporter } = run;
  if (!isMade(reporter.task, revert, name)) {
    const workplace = await openWorkplace(run);
    await workplace.revert({ name, to: checkpoint.commit, files: revert.files });
  }
  return reporter.task.workspace?.head ?? checkpoint.commit;
}

/** Whether an earlier attempt at the same revert, cut off by a crash, got as far as its checkpoint. */
function isMade(task: TaskState, revert: Revert, name: string): boolean {
  const newest = task.checkpoints.at(-1);
  return newest?.name === name && newest.at > revert.at;
}
