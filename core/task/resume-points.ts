import type { Checkpoint } from './result.ts';
import type { TaskState } from './state.ts';
import type { StepState } from './step-state.ts';

/**
 * The checkpoints that a task which failed can go on from: where this round began, and what its steps left. An agent goes on in its
 * session, which knows the files as they are: its task has none.
 */
export function resumePoints({ checkpoints, round, steps, workspace }: TaskState): readonly Checkpoint[] {
  if (steps.some(({ plan }) => plan.agent !== undefined)) return [];
  return checkpoints.filter(
    (each) => each.round === round && (each.stepId !== undefined || each.commit === workspace?.base),
  );
}

/** The steps as they are when a task goes on from a checkpoint: what it keeps is done, all after it is to be done again. */
export function stepsFrom({ steps }: TaskState, { stepId }: Checkpoint): readonly StepState[] {
  const kept = stepId === undefined ? 0 : steps.findIndex(({ plan }) => plan.id === stepId) + 1;
  return steps.map((step, index) =>
    index < kept ? step : { ...step, status: 'pending', finishedAt: undefined, retryAt: undefined },
  );
}
