import type { AgentSpec } from '#core/agents/settings.ts';
import type { StepState } from '#core/task/state.ts';
import type { StepEnd } from '../runtimes/runtime.ts';
import type { Run } from './run.ts';

/** How often failed checks go back to the agent whose work they are about, before another one or a person takes over. */
const mostFixes = 2;

/**
 * What follows from failed checks: the agent is to mend what they found, twice at most; then its reviewer takes over, once.
 * False when nothing of that is left: the task ends, and says so.
 */
export async function goesBack(run: Run): Promise<boolean> {
  const { steps, verification } = run.reporter.task;
  const failed = verification?.checks.filter(({ passed }) => !passed) ?? [];
  const step = steps.findLast(({ plan, status }) => plan.agent !== undefined && status === 'done');
  if (failed.length === 0 || step === undefined || step.agent?.takenFrom !== undefined) return false;
  const fixes = step.agent?.fixes ?? 0;
  const reason = failed.map(({ name, command, reason: why }) => `${name} (${command}): ${why}`).join('\n');
  if (fixes < mostFixes) {
    await run.reporter.report({ type: 'fix-needed', stepId: step.plan.id, reason });
    return true;
  }
  return handOver(run, step, specOf(run, step)?.reviewer, `its checks failed after ${fixes} attempts to mend it`);
}

/** At a provider's limit another agent goes on, where the settings name one; else the task waits. */
export async function fallBack(
  run: Run,
  step: StepState,
  end: StepEnd & { readonly type: 'failed' },
): Promise<boolean> {
  if (end.retryAt === undefined || step.agent?.takenFrom !== undefined) return false;
  return handOver(run, step, specOf(run, step)?.fallback, end.reason);
}

function specOf({ input }: Run, { plan }: StepState): AgentSpec | undefined {
  return input.agents.find(({ id }) => id === plan.agent?.id);
}

/** False when there is nobody to take over on this worker. */
async function handOver(
  { input, reporter }: Run,
  step: StepState,
  to: string | undefined,
  reason: string,
): Promise<boolean> {
  const next = input.agents.find(({ id }) => id === to && id !== step.plan.agent?.id);
  if (next === undefined) return false;
  await reporter.report({ type: 'hand-over', stepId: step.plan.id, to: { id: next.id, name: next.name }, reason });
  return true;
}
