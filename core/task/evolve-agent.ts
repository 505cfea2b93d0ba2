import { type AgentWork, noAgentWork } from './agent-work.ts';
import type { Recorded } from './events.ts';
import { act, become, updateStep } from './parts.ts';
import type { StepState, TaskState } from './state.ts';

/** What an agent's step reports beyond what every step does. `undefined` for every other event. */
export function evolveAgent(state: TaskState, { at, event }: Recorded): TaskState | undefined {
  switch (event.type) {
    case 'agent.reported':
      return updateStep(state, event.stepId, (step) => withWork(step, event.change));
    case 'run.continued':
      return become(state, 'running', { text: event.reason, since: at });
    case 'approval.heard':
      return {
        ...state,
        approvals: state.approvals.map((each) => (each.id === event.approvalId ? { ...each, heard: true } : each)),
      };
    case 'step.reopened':
      return act(
        updateStep(state, event.stepId, (step) => ({
          ...withWork(step, { feedback: event.reason, fixes: (step.agent?.fixes ?? 0) + 1 }),
          status: 'pending',
          finishedAt: undefined,
        })),
        at,
        'Failed checks go back to the agent',
      );
    default:
      return undefined;
  }
}

/** An agent's step whose run ends to wait for a person: what waits goes on waiting, what was interrupted is due again. */
export function parkAgent(step: StepState): StepState {
  if (step.plan.agent === undefined || (step.status !== 'running' && step.status !== 'waiting')) return step;
  const parked = withWork(step, { parks: (step.agent?.parks ?? 0) + 1 });
  return step.status === 'running' ? { ...parked, status: 'pending' } : parked;
}

function withWork(step: StepState, change: Partial<AgentWork>): StepState {
  return { ...step, agent: { ...(step.agent ?? noAgentWork), ...change } };
}
