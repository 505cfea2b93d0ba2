import type { Block, PlanLine, PlanLineState } from '#core/chat/card.ts';
import type { AgentPlanEntry } from '#core/task/agent-work.ts';
import type { StepState, TaskState } from '#core/task/state.ts';
import { plainText } from '#core/text/sanitise.ts';
import { line } from './limits.ts';

/** Of what an agent says at the end: a screen. */
const saidLength = 2_500;

/** The plan that an agent made for its step, as it says itself; at most `room` lines. */
export function agentPlanLines(step: StepState, room: number): readonly PlanLine[] {
  const entries = step.agent?.plan ?? [];
  const shown = entries.length <= room ? entries : entries.slice(0, Math.max(0, room - 1));
  const hidden = entries.length - shown.length;
  return [
    ...shown.map((entry) => ({ state: stateOf(entry, step), title: `· ${line(entry.text, 150)}` })),
    ...(hidden > 0 && room > 0 ? [{ state: 'pending' as const, title: `· and ${hidden} more` }] : []),
  ];
}

function stateOf({ status }: AgentPlanEntry, step: StepState): PlanLineState {
  if (status === 'completed') return 'done';
  return status === 'in_progress' && step.status === 'running' ? 'running' : 'pending';
}

/** What the agent says when it is done: its own words, shown as foreign. */
export function saidBlocks({ steps }: TaskState): readonly Block[] {
  return steps.flatMap(({ plan, agent }) => {
    if (plan.agent === undefined || agent?.said === undefined) return [];
    return [
      {
        kind: 'quote',
        from: line(plan.agent.name, 60),
        text: plainText(agent.said, { maxLength: saidLength }),
      } as const,
    ];
  });
}

/** What agents have used so far, as they say it; empty where none says anything. */
export function usageWords({ steps }: TaskState): string {
  return steps
    .flatMap(({ agent }) => {
      if (agent?.usage === undefined) return [];
      const { used, size, cost } = agent.usage;
      const context = size > 0 ? `${tokens(used)} of ${tokens(size)} tokens in use` : `${tokens(used)} tokens in use`;
      return [
        cost === undefined ? `${context}.` : `${context}, ${cost.amount.toFixed(2)} ${line(cost.currency, 10)} so far.`,
      ];
    })
    .join(' ');
}

function tokens(count: number): string {
  return count < 1000 ? String(Math.round(count)) : `${Math.round(count / 1000)}k`;
}

/** Attempts that count as such: runs that only waited for a person, or mended what checks found, are none. */
export function triesOf({ attempts, agent }: StepState): number {
  return Math.max(0, attempts - (agent?.parks ?? 0) - (agent?.fixes ?? 0));
}
