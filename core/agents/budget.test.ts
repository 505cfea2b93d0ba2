import { describe, expect, it } from 'vitest';
import { dayBudget, dayLimits, nothingSpent, reached, since } from './budget.ts';

const spent = { turns: 3, timeMs: 90 * 60_000, tokens: 45_000, cost: 1.5, currency: 'USD' };

describe('a limit of what an agent may use', () => {
  it.each([
    ['turns', { turns: 3 }, '3 turns'],
    ['time', { timeMs: 90 * 60_000 }, '1 h 30 min of work'],
    ['tokens', { tokens: 45_000 }, '45k tokens'],
    ['money', { cost: 1.5 }, '1.50 USD'],
  ] as const)(
    'of %s is reached when so much is used, and not before; what was allowed again is as much again',
    (_, limit, words) => {
      expect(reached(spent, limit, 1)).toEqual({ used: words, limit: words });
      expect(reached(spent, limit, 2)).toBeUndefined();
      expect(reached(nothingSpent, limit, 1)).toBeUndefined();
      const [key = 'turns', value = 0] = Object.entries(limit)[0] ?? [];
      expect(reached({ ...spent, [key]: value - 0.01 }, limit, 1)).toBeUndefined();
    },
  );

  it('that nobody set is none', () => {
    expect(reached({ ...spent, turns: 1e9, tokens: 1e12, cost: 1e9 }, {}, 1)).toBeUndefined();
  });

  it('of a day is of money, tokens and time, as people write them', () => {
    const limits = dayLimits(dayBudget.parse({ cost: 20, tokens: 1_000_000, time: '8h' }));
    expect(limits).toEqual({ cost: 20, tokens: 1_000_000, timeMs: 8 * 3_600_000 });
    expect(dayBudget.safeParse({ cost: 0 }).success).toBe(false);
    expect(dayBudget.safeParse({ euros: 1 }).success).toBe(false);
  });

  it('counts what came since, each kind for itself', () => {
    const later = { turns: 4, timeMs: spent.timeMs + 1, tokens: 45_000, cost: 1.75, currency: 'USD' };
    expect(since(later, spent)).toEqual({ turns: 1, timeMs: 1, tokens: 0, cost: 0.25, currency: 'USD' });
  });
});
