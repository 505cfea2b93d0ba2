import { z } from 'zod';
import { duration, durationMs, wholeNumber } from '../project-file/fields.ts';
import type { AgentSpent } from '../task/agent-work.ts';
import { formatDuration } from '../text/duration.ts';
import { plural } from '../text/plural.ts';

const keys = { error: 'must be a set of keys' } as const;

/** What may be used in a day (UTC) before somebody who may approve is asked. */
export const dayBudget = z.strictObject(
  {
    cost: z
      .number({ error: 'must be a number' })
      .positive('must be more than 0')
      .optional()
      .meta({ description: 'In the currency of the agents.' }),
    tokens: wholeNumber(1, 1_000_000_000_000).optional(),
    time: duration.optional().meta({ description: 'Work of agents, waiting for people not counted.' }),
  },
  keys,
);

/** What agents may use in a day for one person, and in one project. */
export const dayBudgets = z.strictObject(
  { per_person: dayBudget.default({}), per_project: dayBudget.default({}) },
  keys,
);

export type DayBudget = z.infer<typeof dayBudget>;
export type DayBudgets = z.infer<typeof dayBudgets>;

/** What was used today, of all tasks. */
export interface SpentToday {
  readonly person: AgentSpent;
  readonly project: AgentSpent;
}

export const nothingSpent: AgentSpent = { turns: 0, timeMs: 0, tokens: 0, cost: 0 };

/** All that was used on some steps. */
export function spentOn(steps: readonly { readonly agent?: { readonly spent?: AgentSpent } }[]): AgentSpent {
  return steps.reduce((sum, { agent }) => plus(sum, agent?.spent ?? nothingSpent), nothingSpent);
}

/** The sum of two. */
export function plus(a: AgentSpent, b: AgentSpent): AgentSpent {
  const currency = b.currency ?? a.currency;
  return {
    turns: a.turns + b.turns,
    timeMs: a.timeMs + b.timeMs,
    tokens: a.tokens + b.tokens,
    cost: a.cost + b.cost,
    ...(currency === undefined ? {} : { currency }),
  };
}

/** What came after `before`. */
export function since(now: AgentSpent, before: AgentSpent): AgentSpent {
  return {
    ...now,
    turns: now.turns - before.turns,
    timeMs: now.timeMs - before.timeMs,
    tokens: now.tokens - before.tokens,
    cost: now.cost - before.cost,
  };
}

/** Limits of any kind; absent ones do not limit. */
export interface Limits {
  readonly turns?: number | undefined;
  readonly timeMs?: number | undefined;
  readonly tokens?: number | undefined;
  readonly cost?: number | undefined;
}

export function dayLimits({ cost, tokens, time }: DayBudget): Limits {
  return { cost, tokens, timeMs: time === undefined ? undefined : durationMs(time) };
}

/** What was used that is at its limit, or beyond it, and that limit, in words. */
export interface Reached {
  readonly used: string;
  readonly limit: string;
}

/** The first limit that is reached; `times`: how often as much again was allowed, and once. */
export function reached(
  spent: AgentSpent,
  { turns, timeMs, tokens, cost }: Limits,
  times: number,
): Reached | undefined {
  const compare = (used: number, limit: number | undefined, words: (count: number) => string): Reached | undefined =>
    limit !== undefined && used >= limit * times ? { used: words(used), limit: words(limit * times) } : undefined;
  return (
    compare(spent.turns, turns, (count) => plural(count, 'turn')) ??
    compare(spent.timeMs, timeMs, (count) => `${formatDuration(count)} of work`) ??
    compare(spent.tokens, tokens, (count) => `${tokenWords(count)} tokens`) ??
    compare(spent.cost, cost, (count) => moneyWords({ ...spent, cost: count }))
  );
}

/** `0.12 USD`. */
export function moneyWords({ cost, currency }: AgentSpent): string {
  return `${cost.toFixed(2)} ${currency ?? ''}`.trim();
}

/** `830`, `45k`, `2.1M`. */
export function tokenWords(count: number): string {
  if (count < 1000) return String(Math.round(count));
  return count < 1_000_000 ? `${Math.round(count / 1000)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}
