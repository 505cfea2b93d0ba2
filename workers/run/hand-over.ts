import type { Reviewer } from '#core/agents/reviewer.ts';
import type { AgentSpec } from '#core/agents/settings.ts';
import type { HandOver } from '#core/task/commands.ts';
import { failedChecks, hadLimit, isEscalated } from '#core/task/reviewing.ts';
import type { StepState } from '#core/task/step-state.ts';
import { triesOf } from '#core/task/tries.ts';
import { plural } from '#core/text/plural.ts';
import type { StepEnd } from '../runtimes/runtime.ts';
import type { Run } from './run.ts';

/** How often failed checks go back to the agent whose work they are about, before another one or a person takes over. */
const mostFixes = 2;

/** What follows from checks that ran, or from a step that failed: the steps go on, a person is awaited, or that was all. */
export type AfterFailure = 'again' | 'waits' | 'over';

/**
 * After failed checks the agent is to mend what they found, twice at most; then its reviewer takes over, once: another agent, the
 * same with another model, or a person who says what to do. When nothing of that is left the task ends, and says so.
 */
export async function afterChecks(run: Run): Promise<AfterFailure> {
  const { task } = run.reporter;
  const blocker = failedChecks(task);
  const step = task.steps.findLast(({ plan, status }) => plan.agent !== undefined && status === 'done');
  if (blocker === '' || step === undefined || isEscalated(step)) return 'over';
  const fixes = step.agent?.fixes ?? 0;
  const stepId = step.plan.id;
  if (fixes < mostFixes) {
    await run.reporter.report({ type: 'fix-needed', stepId, reason: blocker });
    return 'again';
  }
  const reviewer = step.plan.agent?.reviewer;
  if (reviewer?.kind === 'person') return askReviewer(run, step, reviewer, { attempts: fixes });
  const reason = `its checks failed after ${plural(fixes, 'attempt')} to mend it`;
  return passOn(run, step, { to: reviewingAgent(run, step), reason, blocker });
}

/**
 * Another agent goes on where one is named for that, once each: at a provider's limit its fallback, else the task waits; for one that says
 * that it gets no further, or fails in the same way again (it hangs, it breaks off), its reviewer, else the step fails. A person who
 * reviews is asked what it shall do. Where somebody takes over, the work is kept first (`keep`).
 */
export async function goOnElsewhere(
  run: Run,
  step: StepState,
  { end, keep }: { readonly end: StepEnd & { readonly type: 'failed' }; readonly keep: () => Promise<void> },
): Promise<AfterFailure> {
  const { reason, retryAt } = end;
  if (retryAt !== undefined)
    return hadLimit(step) ? 'over' : passOn(run, step, { to: fallbackOf(run, step), reason, keep, atLimit: true });
  if (isEscalated(step)) return 'over';
  const isStuck = end.stuck === true || step.failures.some((each) => !each.quota && each.reason === reason);
  if (!isStuck) return 'over';
  const { reviewer } = step.plan.agent ?? {};
  if (reviewer?.kind === 'person') {
    await keep();
    return askReviewer(run, step, reviewer, { attempts: triesOf(atWork(run, step)), stuck: reason });
  }
  return passOn(run, step, { to: reviewingAgent(run, step), reason, keep });
}

function fallbackOf(run: Run, step: StepState): HandOver['to'] | undefined {
  return named(run, specOf(run, step)?.fallback);
}

/** The step as it is now that it was begun. */
function atWork({ reporter }: Run, step: StepState): StepState {
  return reporter.task.steps.find(({ plan }) => plan.id === step.plan.id) ?? step;
}

/** The run ends; what the person says goes on with the step, or ends the task. */
async function askReviewer(
  { reporter }: Run,
  { plan }: StepState,
  { memberId, name }: Reviewer & { readonly kind: 'person' },
  tried: { readonly attempts: number; readonly stuck?: string },
): Promise<AfterFailure> {
  await reporter.end({ type: 'review-needed', stepId: plan.id, person: { memberId, name }, ...tried });
  return 'waits';
}

/** The agent, or the model, that reviews. */
function reviewingAgent(run: Run, step: StepState): HandOver['to'] | undefined {
  const { reviewer } = step.plan.agent ?? {};
  if (reviewer?.kind === 'person') return undefined;
  return reviewer ?? named(run, specOf(run, step)?.reviewer);
}

/** An agent of this worker, by its id. */
function named({ input }: Run, id: string | undefined): HandOver['to'] | undefined {
  const found = input.agents.find((each) => each.id === id);
  return found === undefined ? undefined : { id: found.id, name: found.name };
}

function specOf({ input }: Run, { plan }: StepState): AgentSpec | undefined {
  return input.agents.find(({ id }) => id === plan.agent?.id);
}

/** A hand-over that may come to nothing. */
interface Passing extends Omit<HandOver, 'to'> {
  readonly to: HandOver['to'] | undefined;
  /** Makes a checkpoint of the work; absent: it has one. */
  readonly keep?: () => Promise<void>;
}

/** That was all where nobody is to take over, or who is to is not on this worker, or had it. */
async function passOn(
  { input, reporter }: Run,
  { plan }: StepState,
  { to, keep, ...why }: Passing,
): Promise<AfterFailure> {
  if (to === undefined) return 'over';
  const { id, name, model } = to;
  const same = id === plan.agent?.id && model === plan.agent.model;
  if (same || !input.agents.some((each) => each.id === id)) return 'over';
  const next = { id, name, ...(model === undefined ? {} : { model }) };
  await keep?.();
  await reporter.report({ type: 'hand-over', stepId: plan.id, to: next, ...why });
  return 'again';
}
