import { limitDue } from '../task/question-due.ts';
import { later } from '../task/question-limit.ts';
import type { Ask } from './ask.ts';

/** Whether a request still waits for an answer. */
export function isOpenAsk({ taskNumber, endedAt }: Ask): boolean {
  return taskNumber === undefined && endedAt === undefined;
}

/** The same, asked now: it waits so many milliseconds for an answer, or for ever. */
export function askedNow(ask: Ask, withinMs: number | 'never', now: string): Ask {
  return { ...ask, limit: withinMs === 'never' ? undefined : { from: now, until: later(now, withinMs) } };
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
