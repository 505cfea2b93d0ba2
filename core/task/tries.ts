import type { StepState } from './step-state.ts';

/**
 * Attempts that count as such: those that ended to wait for a person, at the limit of a provider or for another agent to go on, and
 * those that mended what checks found, are none.
 */
export function triesOf({ attempts, agent, failures }: StepState): number {
  const limits = failures.filter(({ quota }) => quota).length;
  return Math.max(0, attempts - limits - (agent?.parks ?? 0) - (agent?.fixes ?? 0));
}
