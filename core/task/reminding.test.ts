import { describe, expect, it } from 'vitest';
import type { Approval, Question, Reminders } from './asked.ts';
import { nightOf, restUntil } from './night.ts';
import { foldReminder, isReminderDue, nextReminder, type Remindable, remindedOnce, reminderTurn } from './reminding.ts';

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
    const until = (at: string, more: object = {}) => nextReminder({ ...question, limit: { until: at, ...more } });
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

it('nobody is reminded at night, where he is: it waits for the morning of a working day, but for what ends before', () => {
  const night = { from: 22, to: 7, zone: 'Asia/Tokyo' };
  const rest = (now: string, until?: string) =>
    restUntil({ ...question, ...(until === undefined ? {} : { limit: { until } }) }, now, night);
  // 22:00 and 6:59 of a Thursday and Friday in Tokyo, nine hours before UTC.
  expect(rest('2026-04-30T13:00:00.000Z')).toBe('2026-04-30T22:00:00.000Z');
  expect(rest('2026-04-30T21:59:00.000Z')).toBe('2026-04-30T22:00:00.000Z');
  expect([rest('2026-04-30T12:59:00.000Z'), rest('2026-04-30T22:00:00.000Z')]).toEqual([undefined, undefined]);
  expect(rest('2026-05-02T13:00:00.000Z')).toBe('2026-05-04T22:00:00.000Z');
  expect(rest('2026-04-30T13:00:00.000Z', '2026-04-30T22:00:00.000Z')).toBeUndefined();
  expect(rest('2026-04-30T13:00:00.000Z', '2026-04-30T23:00:00.000Z')).toBe('2026-04-30T22:00:00.000Z');
  expect([nightOf('22-7', 'UTC'), nightOf('none', 'UTC')]).toEqual([{ from: 22, to: 7, zone: 'UTC' }, undefined]);
});

describe('reminders of one person', () => {
  const now = '2026-05-04T12:00:00.000Z';
  const minutes = (count: number) => new Date(Date.parse(now) + count * 60_000).toISOString();
  const thing = (id: string, askedAt: string, until?: string) => ({
    id,
    asked: { askedAt, ...(until === undefined ? {} : { limit: { until } }) } as Remindable,
  });

  it('are one, for what ends first, which takes along all that would follow soon and names all else', () => {
    const things = [
      thing('old', minutes(-300)),
      thing('new', minutes(-1)),
      thing('ends', minutes(-60), minutes(5)),
      thing('ends later', minutes(-60), minutes(50)),
      thing('ended', minutes(-60), now),
    ];
    const folded = foldReminder(things, now);
    const ids = (all: readonly { readonly id: string }[] = []) => all.map(({ id }) => id);
    expect(folded?.host.id).toBe('ends');
    expect(ids(folded?.along)).toEqual(['old', 'new']);
    expect(ids(folded?.others)).toEqual(['ends later', 'old', 'new']);
    expect(foldReminder([thing('ends later', minutes(-60), minutes(50))], now)).toBeUndefined();
  });

  it('come 4 h apart, a quarter of an hour before an end, and never after it', () => {
    const waits = { askedAt: minutes(-240) };
    expect(isReminderDue(waits, now)).toBe(true);
    expect(reminderTurn(waits, undefined)).toBe(now);
    expect(reminderTurn(waits, minutes(-100))).toBe(minutes(140));
    const ends = { askedAt: minutes(-45), limit: { until: minutes(15) } };
    expect(isReminderDue(ends, now)).toBe(true);
    expect(reminderTurn(ends, minutes(-10))).toBe(minutes(5));
    expect(reminderTurn({ askedAt: minutes(-2), limit: { until: minutes(3) } }, minutes(-3))).toBeUndefined();
    expect(isReminderDue({ ...ends, limit: { until: now } }, now)).toBe(false);
  });

  it('of what waits long come on its days, and before its end as well', () => {
    let asked: Remindable & Partial<Pick<Approval, 'reminders'>> = {
      askedAt: now,
      limit: { until: minutes(2 * 24 * 60) },
    };
    const times: string[] = [];
    for (let next = nextReminder(asked); next !== undefined; next = nextReminder(asked)) {
      times.push(next);
      asked = { ...asked, reminders: remindedOnce(asked.reminders as Reminders, {}, next) };
    }
    expect(times).toEqual([minutes(240), minutes(24 * 60 + 240), minutes(2 * 24 * 60 - 15)]);
  });
});
