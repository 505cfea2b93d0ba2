import { plural } from '../text/plural.ts';
import type { TaskEvent } from './events.ts';
import type { TaskState } from './state.ts';
import type { StepState } from './step-state.ts';

/** The answer of a reviewer who wants no further attempt. */
export const stopReviewing = 'stop';

/** The step had its one hand-over, to another agent or to a person. */
export function isEscalated({ agent }: StepState): boolean {
  return agent?.takenFrom !== undefined || agent?.reviewer !== undefined;
}

/** The checks that failed on the final commit, a line each. */
export function failedChecks({ verification }: TaskState): string {
  const failed = verification?.checks.filter(({ passed }) => !passed) ?? [];
  return failed.map(({ name, command, reason }) => `${name} (${command}): ${reason}`).join('\n');
}

/** The honest end of work whose checks did not pass: which, and how often it was tried. */
export function checksFailed(state: TaskState): TaskEvent & { readonly type: 'task.failed' } {
  const failed = state.verification?.checks.filter(({ passed }) => !passed) ?? [];
  const names = failed.map(({ name }) => name).join(', ');
  const fixes = Math.max(0, ...state.steps.map(({ agent }) => agent?.fixes ?? 0));
  const tried = fixes === 0 ? '' : `, also after ${plural(fixes, 'attempt')} to mend it`;
  return { type: 'task.failed', reason: `The work is done, but its checks did not pass: ${names}${tried}` };
}

/** What the agent hears when somebody has looked at failed checks and says what to do. */
export function reviewed(
  state: TaskState,
  { stepId, by, note, reviewer }: { stepId: string; by: string; note: string; reviewer?: string },
): TaskEvent {
  return {
    type: 'step.reopened',
    stepId,
    reason: `${failedChecks(state)}\n\n${by} has looked at it and says: ${note}`,
    ...(reviewer === undefined ? {} : { reviewer }),
  };
}
