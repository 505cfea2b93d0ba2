import { reviewerWords } from '../agents/reviewer.ts';
import { type AgentWork, handOversOf, noAgentWork } from './agent-work.ts';
import type { Recorded, TaskEvent } from './events.ts';
import { act, become, updateStep } from './parts.ts';
import { quietAfter } from './quiet.ts';
import type { TaskState } from './state.ts';
import type { StepState } from './step-state.ts';

/** What an agent's step reports beyond what every step does. `undefined` for every other event. */
export function evolveAgent(state: TaskState, recorded: Recorded): TaskState | undefined {
  const { at, event } = recorded;
  switch (event.type) {
    case 'agent.reported':
      return updateStep(state, event.stepId, (step) => withWork(step, event.change));
    case 'agent.quiet':
    case 'agent.given_time':
    case 'agent.moved':
      return updateStep(state, event.stepId, (step) =>
        withWork(step, { quiet: quietAfter(state, step.agent?.quiet, recorded) }),
      );
    case 'run.continued':
      return become(state, 'running', { text: event.reason, since: at });
    case 'approval.heard':
      return {
        ...state,
        approvals: state.approvals.map((each) => (each.id === event.approvalId ? { ...each, heard: true } : each)),
      };
    case 'step.handed_over':
      return handedOver(state, event, at);
    case 'step.advised':
      return act(
        updateStep(state, event.stepId, (step) => ({
          ...withWork(step, { advice: event.note, reviewer: event.by }),
          status: 'pending',
          finishedAt: undefined,
        })),
        at,
        `${event.by} says how it goes on`,
      );
    case 'step.reopened':
      return act(
        updateStep(state, event.stepId, (step) => ({
          ...withWork(step, {
            feedback: event.reason,
            advice: undefined,
            fixes: (step.agent?.fixes ?? 0) + 1,
            ...(event.reviewer === undefined ? {} : { reviewer: event.reviewer }),
          }),
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

/** The new agent knows nothing of the session; the folder, the plan and what was said stay. */
function handedOver(
  state: TaskState,
  { stepId, to, reason, blocker, atLimit }: TaskEvent & { type: 'step.handed_over' },
  at: string,
): TaskState {
  const next = updateStep(state, stepId, (step) => {
    const { agent } = step.plan;
    if (agent === undefined) return step;
    const name = reviewerWords({ kind: 'agent', ...to });
    const plan = {
      ...step.plan,
      name: `${name} works on it`,
      agent: { ...agent, id: to.id, name: to.name, model: to.model },
    };
    const record = { at, from: agent.name, to: name, reason, blocker };
    // A step that waits does so for a limit: events of earlier versions do not say it.
    const limited = atLimit === true || step.status === 'waiting' ? { atLimit: true as const } : {};
    const { parks, fixes, feedback } = step.agent ?? noAgentWork;
    return {
      ...withWork(step, {
        session: undefined,
        handOvers: [...handOversOf(step.agent), { ...record, ...limited }],
        handOver: undefined,
        // The attempt under way ends with it; one that failed at its limit has been counted.
        parks: parks + (step.status === 'running' ? 1 : 0),
        fixes: fixes + (step.status === 'done' ? 1 : 0),
        feedback: blocker ?? feedback,
      }),
      plan,
      retryAt: undefined,
      elsewhere: undefined,
      status: 'pending',
      finishedAt: undefined,
    };
  });
  return act(next, at, `Handed over to ${reviewerWords({ kind: 'agent', ...to })}: ${reason}`);
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
