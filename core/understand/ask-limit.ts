import { limitDue } from '../task/question-due.ts';
import { later } from '../task/question-limit.ts';
import type { Remindable } from '../task/reminding.ts';
import type { Ask } from './ask.ts';

/** Whether a request still waits for an answer. */
export function isOpenAsk({ taskNumber, endedAt }: Ask): boolean {
  return taskNumber === undefined && endedAt === undefined;
}

/** Where questions wait for ever, a request that is no task yet waits for so long (ms): 14 days. */
const longestMs = 14 * 24 * 3_600_000;

/** The same, asked now: it waits so many milliseconds for an answer. */
export function askedNow(ask: Ask, withinMs: number | 'never', now: string): Ask {
  return { ...ask, limit: { from: now, until: later(now, withinMs === 'never' ? longestMs : withinMs) } };
}

/** A request of a message, as far as it counts for its reminders. */
export function remindableAsk({ limit, reminders }: Ask, receivedAt: string): Remindable {
  if (limit === undefined) return { askedAt: receivedAt, reminders };
  return { askedAt: limit.from, reminders, limit: { until: limit.until } };
}

/** What a request is from now on when its timer comes: it ended, or waits anew; undefined where it stays as it is. */
export function askDue(ask: Ask, now: string): Ask | undefined {
  if (ask.limit === undefined || !isOpenAsk(ask)) return undefined;
  const due = limitDue(ask.limit, now);
  switch (due.kind) {
    case 'early':
      return undefined;
    case 'over':
      return { ...ask, endedAt: now };
    case 'again':
      return { ...ask, limit: { from: now, until: due.until, again: true } };
  }
}
