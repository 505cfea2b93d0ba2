import type { AgentSpec } from '#core/agents/settings.ts';
import type { HandOver } from '#core/task/commands.ts';
import { failedChecks, isEscalated } from '#core/task/reviewing.ts';
import type { StepState } from '#core/task/step-state.ts';
import { plural } from '#core/text/plural.ts';
import type { StepEnd } from '../runtimes/runtime.ts';
import type { Run } from './run.ts';

/** How often failed checks go back to the agent whose work they are about, before another one or a person takes over. */
const mostFixes = 2;

/** What follows from checks that ran: the steps go on, a person is awaited, or that was all. */
export type AfterChecks = 'again' | 'waits' | 'over';

/**
 * After failed checks the agent is to mend what they found, twice at most; then its reviewer takes over, once: another agent, the
 * same with another model, or a person who says what to do. When nothing of that is left the task ends, and says so.
 */
export async function afterChecks(run: Run): Promise<AfterChecks> {
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
  if (reviewer?.kind === 'person') {
    const { memberId, name } = reviewer;
    await run.reporter.end({ type: 'review-needed', stepId, person: { memberId, name }, attempts: fixes });
    return 'waits';
  }
  const to = reviewingAgent(run, step);
  const reason = `its checks failed after ${plural(fixes, 'attempt')} to mend it`;
  return to !== undefined && (await handOver(run, step, { to, reason, blocker })) ? 'again' : 'over';
}

/**
 * Another agent goes on, once, where one is named for that: at a provider's limit its fallback, else the task waits; for one that says
 * that it gets no further, or fails in the same way again (it hangs, it breaks off), its reviewer, else the step fails.
 */
export async function goOnElsewhere(
  run: Run,
  step: StepState,
  end: StepEnd & { readonly type: 'failed' },
): Promise<boolean> {
  if (isEscalated(step)) return false;
  const isStuck = end.stuck === true || step.failures.some(({ reason, quota }) => !quota && reason === end.reason);
  const to = end.retryAt === undefined ? isStuck && reviewingAgent(run, step) : fallbackOf(run, step);
  if (!to) return false;
  return handOver(run, step, { to, reason: end.reason });
}

function fallbackOf(run: Run, step: StepState): HandOver['to'] | undefined {
  return named(run, specOf(run, step)?.fallback);
}

/** The agent, or the model, that reviews; a person who does is asked about failed checks alone. */
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

/** False when who is to take over is not on this worker, or is who had it. */
async function handOver({ input, reporter }: Run, { plan }: StepState, { to, ...why }: HandOver): Promise<boolean> {
  const { id, name, model } = to;
  const same = id === plan.agent?.id && model === plan.agent.model;
  if (same || !input.agents.some((each) => each.id === id)) return false;
  const next = { id, name, ...(model === undefined ? {} : { model }) };
  await reporter.report({ type: 'hand-over', stepId: plan.id, to: next, ...why });
  return true;
}
