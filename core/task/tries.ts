import type { StepState } from './step-state.ts';

/** Attempts that count as such: runs that only waited for a person, or mended what checks found, are none. */
export function triesOf({ attempts, agent }: StepState): number {
  return Math.max(0, attempts - (agent?.parks ?? 0) - (agent?.fixes ?? 0));
}
