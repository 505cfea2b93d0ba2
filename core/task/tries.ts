import type { StepFailure, StepState } from './step-state.ts';

/**
 * Attempts that count as such: those that ended to wait for a person, at the limit of a provider or for another agent to go on, and
 * those that mended what checks found, are none.
 */
export function triesOf({ attempts, agent, failures }: StepState): number {
  const limits = failures.length - failuresOf({ failures }).length;
  return Math.max(0, attempts - limits - (agent?.parks ?? 0) - (agent?.fixes ?? 0));
}

/** Failures that count as such: that its provider gave no more for a while is none. */
export function failuresOf({ failures }: Pick<StepState, 'failures'>): readonly StepFailure[] {
  return failures.filter(({ quota }) => !quota);
}

/** How many more failures that may pass would be followed by a retry. */
export function retriesLeft(step: StepState): number {
  return Math.max(0, step.plan.retry.limit - failuresOf(step).length);
}
