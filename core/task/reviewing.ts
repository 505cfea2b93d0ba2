import { plural } from '../text/plural.ts';
import { handOversOf } from './agent-work.ts';
import type { TaskEvent } from './events.ts';
import type { TaskState } from './state.ts';
import type { StepState } from './step-state.ts';
import { triesOf } from './tries.ts';

/** The answer of a reviewer who wants no further attempt. */
export const stopReviewing = 'stop';

/** The step had its one review, by another agent or by a person. */
export function isEscalated({ agent }: StepState): boolean {
  return agent?.reviewer !== undefined || handOversOf(agent).some(({ atLimit }) => !atLimit);
}

/** Another agent had the step before, at the limit of whose provider it went on: that happens once by itself, or they take turns. */
export function hadLimit({ agent }: StepState): boolean {
  return handOversOf(agent).some(({ atLimit }) => atLimit);
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

/** Whether a step ended because its agent gets no further; else its checks failed. */
export function isStuck({ steps }: TaskState, stepId: string): boolean {
  return steps.some(({ plan, status }) => plan.id === stepId && status === 'failed');
}

/** The honest end of what nobody mended: what is in the way, how often it was tried, and why no further attempt is made. */
export function notMended(state: TaskState, stepId: string, why: string): TaskEvent & { readonly type: 'task.failed' } {
  const step = state.steps.find(({ plan }) => plan.id === stepId);
  if (step === undefined || !isStuck(state, stepId))
    return { type: 'task.failed', reason: `${checksFailed(state).reason} (${why})` };
  const tried = plural(Math.max(1, triesOf(step)), 'attempt');
  const reason = `“${step.plan.name}” failed after ${tried}: ${step.failures.at(-1)?.reason ?? 'it got no further'} (${why})`;
  return { type: 'task.failed', reason };
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
