import type { PlannedStep } from '#core/project-file/plan.ts';
import type { PreparedStep, RunningStep, Runtime, RuntimeEvent, StepContext } from '../runtime.ts';
import { createChannel } from './channel.ts';
import { workWithAgent } from './work.ts';

/** Carries out steps that a coding agent does: any that speaks the Agent Client Protocol, as a process in the work folder. */
export const agentRuntime: Runtime = {
  prepare(step: PlannedStep, context: StepContext): PreparedStep {
    const { agent, declaration } = step;
    return {
      action: {
        shown: `${agent?.name ?? 'An agent'} works on:\n${agent?.prompt ?? ''}`,
        exact: { agent },
        declaration,
      },
      start: () => start(step, context),
    };
  },
};

function start(step: PlannedStep, context: StepContext): RunningStep {
  const channel = createChannel<RuntimeEvent>();
  const stopping = new AbortController();
  const over = workWithAgent(step, context, { show: channel.put, record: channel.hand, stop: stopping.signal }).then(
    channel.end,
    channel.fail,
  );
  return {
    events: channel.values,
    async stop() {
      stopping.abort();
      await over;
    },
  };
}
