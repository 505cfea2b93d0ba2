import { moneyWords, spentOn, tokenWords } from '#core/agents/budget.ts';
import type { Block, PlanLine, PlanLineState } from '#core/chat/card.ts';
import type { AgentPlanEntry } from '#core/task/agent-work.ts';
import type { TaskState } from '#core/task/state.ts';
import type { StepState } from '#core/task/step-state.ts';
import { formatDuration } from '#core/text/duration.ts';
import { joinWords } from '#core/text/list.ts';
import { plural } from '#core/text/plural.ts';
import { plainText } from '#core/text/sanitise.ts';
import { line } from './limits.ts';

/** Of what an agent says at the end: all that is kept of it. Where a platform has no room for it, it goes into a file. */
const saidLength = 6_000;

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
        written: 'markdown',
      } as const,
    ];
  });
}

/** What agents have used so far, as far as it is known; empty where no agent has worked. */
export function usageWords({ steps }: TaskState): string {
  const spent = spentOn(steps);
  if (spent.turns === 0) return '';
  const used = [
    plural(spent.turns, 'turn'),
    `${formatDuration(spent.timeMs)} of work`,
    ...(spent.tokens === 0 ? [] : [`${tokenWords(spent.tokens)} tokens`]),
    ...(spent.currency === undefined ? [] : [line(moneyWords(spent), 30)]),
  ];
  return [`Used: ${joinWords(used)}.`, ...steps.flatMap(contextWords)].join(' ');
}

/** How full its memory is. */
function contextWords({ agent, status }: StepState): readonly string[] {
  if (agent?.usage === undefined || status === 'done') return [];
  const { used, size } = agent.usage;
  return size > 0 ? [`${tokenWords(used)} of ${tokenWords(size)} tokens in its context.`] : [];
}
