import type { Checkpoint, Revert } from './result.ts';
import type { TaskState } from './state.ts';

/** The change of a project that takes delivered work to a checkpoint: from the commit that stands for what is there of it now. */
export interface DeliveredChange {
  readonly from: string;
  readonly to: string;
  /** Only these files differ; absent: all may. */
  readonly files?: readonly string[];
}

/**
 * What going to a checkpoint means in the project. Work that was taken back there already is compared with that; going to the commit
 * that was delivered undoes the last revert. `undefined` when nothing was delivered.
 */
export function deliveredChange(state: TaskState, { commit: to }: Checkpoint): DeliveredChange | undefined {
  const delivered = deliveredCommit(state);
  if (delivered === undefined) return undefined;
  const last = lastDeliveredRevert(state);
  const back = state.checkpoints.find(({ n }) => n === last?.checkpoint);
  if (last === undefined || back === undefined) return { from: delivered, to };
  if (to === delivered) return { from: back.commit, to, ...(last.files === undefined ? {} : { files: last.files }) };
  return { from: last.files === undefined ? back.commit : delivered, to };
}

/** The checkpoints of this round that a revert can go to: not the one where everything stands already. */
export function revertTargets(state: TaskState): readonly Checkpoint[] {
  const last = lastDeliveredRevert(state);
  const back = state.checkpoints.find(({ n }) => n === last?.checkpoint)?.commit;
  const stands = back === undefined ? state.workspace?.head : last?.files === undefined ? back : undefined;
  return state.checkpoints.filter(({ round, commit }) => round === state.round && commit !== stands);
}

function deliveredCommit({ delivery }: TaskState): string | undefined {
  return delivery?.status === 'delivered' ? delivery.commit : undefined;
}

function lastDeliveredRevert(state: TaskState): Revert | undefined {
  const { delivery, reverts } = state;
  if (delivery?.status !== 'delivered') return undefined;
  return reverts.findLast(
    ({ status, manifest, at }) => status === 'done' && manifest.delivered && Date.parse(at) >= Date.parse(delivery.at),
  );
}
