import { describe, expect, it } from 'vitest';
import type { Approval, Question } from './asked.ts';
import { nextReminder } from './reminding.ts';

const question: Question = {
  id: 'q',
  text: 'Where to?',
  options: [],
  status: 'open',
  askedAt: '2026-05-01T12:00:00.000Z',
  about: { kind: 'agent', stepId: 's1' },
};
const otherwise = { kind: 'without' } as const;

describe('what is open is brought to mind', () => {
  it('once before its end: a quarter of an hour, or half way; once more when the wait begins anew', () => {
    const until = (at: string, more: object = {}) =>
      nextReminder({ ...question, limit: { until: at, otherwise, ...more } });
    expect(until('2026-05-01T13:00:00.000Z')).toBe('2026-05-01T12:45:00.000Z');
    expect(until('2026-05-01T12:10:00.000Z')).toBe('2026-05-01T12:05:00.000Z');
    const reminders = { count: 1, lastAt: '2026-05-01T12:45:00.000Z' };
    const limit = { until: '2026-05-01T13:00:00.000Z', otherwise };
    expect(nextReminder({ ...question, reminders, limit })).toBeUndefined();
    const anew = { ...limit, until: '2026-05-01T15:15:00.000Z', extendedAt: '2026-05-01T15:00:00.000Z' };
    expect(nextReminder({ ...question, reminders, limit: anew })).toBe('2026-05-01T15:07:30.000Z');
  });

  it('without an end after 4 h, then each working day, six times in all', () => {
    let asked: Pick<Approval, 'askedAt' | 'reminders'> = { askedAt: '2026-04-29T12:00:00.000Z' };
    const days: string[] = [];
    for (;;) {
      const next = nextReminder(asked as Approval);
      if (next === undefined) break;
      days.push(next.slice(0, 13));
      asked = { ...asked, reminders: { count: days.length, lastAt: next } };
    }
    // The 29th is a Wednesday, the 2nd and 3rd of May are a weekend.
    expect(days).toEqual([
      '2026-04-29T16',
      '2026-04-30T16',
      '2026-05-01T16',
      '2026-05-04T16',
      '2026-05-05T16',
      '2026-05-06T16',
    ]);
  });
});
