import type { AgentLimits } from '#core/agents/settings.ts';
import type { AgentUsage } from '#core/task/agent-work.ts';
import type { Question } from '#core/task/state.ts';
import { formatDuration } from '#core/text/duration.ts';

/** What a run has used of an agent so far. */
export interface Used {
  readonly turns: number;
  readonly timeMs: number;
  readonly usage?: AgentUsage;
}

/** What a person is offered when a limit is reached. */
export const budgetOptions = [
  { value: 'go-on', label: 'Go on' },
  { value: 'stop', label: 'Stop here' },
] as const;

/** The question to ask before an agent may use more; `undefined` while it is within its limits. Each "Go on" gives as much again. */
export function overBudget(
  name: string,
  limits: AgentLimits,
  used: Used,
  asked: readonly Question[],
): string | undefined {
  const times = 1 + asked.filter(({ answer }) => answer === budgetOptions[0].label).length;
  const { turns, timeMs, cost } = limits;
  const spent = used.usage?.cost;
  if (used.turns >= turns * times) return `${name} has had ${used.turns} turns, the limit. Shall it go on?`;
  if (used.timeMs >= timeMs * times)
    return `${name} has worked for ${formatDuration(used.timeMs)}, the limit. Shall it go on?`;
  if (cost !== undefined && spent !== undefined && spent.amount >= cost * times) {
    return `${name} has cost ${spent.amount.toFixed(2)} ${spent.currency}, the limit. Shall it go on?`;
  }
  return undefined;
}
