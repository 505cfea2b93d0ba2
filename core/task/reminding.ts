import type { Approval, Question } from './asked.ts';
import type { Decision } from './commands.ts';
import { happens, refuse } from './decision.ts';
import { openAsks } from './parts.ts';
import { later } from './question-limit.ts';
import type { TaskState } from './state.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A question that ends is brought to mind this long (ms) before its end, or half way if that is later. */
const beforeEndMs = 15 * minuteMs;

/** What has no end is brought to mind after so long (ms), and then each working day, so often in all. */
const firstAfterMs = 4 * hourMs;
const mostReminders = 6;

/** When something open is to be brought to mind next; `undefined`: no more. */
export function nextReminder(asked: Approval | Question): string | undefined {
  const { askedAt, reminders } = asked;
  const limit = 'limit' in asked ? asked.limit : undefined;
  if (limit === undefined) {
    if (reminders === undefined) return onWorkingDay(later(askedAt, firstAfterMs));
    return reminders.count < mostReminders ? onWorkingDay(later(reminders.lastAt, dayMs)) : undefined;
  }
  const since = limit.extendedAt ?? askedAt;
  if (reminders !== undefined && reminders.lastAt >= since) return undefined;
  const half = (Date.parse(limit.until) - Date.parse(since)) / 2;
  return later(limit.until, -Math.min(beforeEndMs, half));
}

/** Saturdays and Sundays (UTC) are left out: the same time on Monday. */
function onWorkingDay(at: string): string {
  const day = new Date(at).getUTCDay();
  return day === 6 ? later(at, 2 * dayMs) : day === 0 ? later(at, dayMs) : at;
}

/** Brings something open to mind: not before its time, not twice for the same, and not when it is about to end anyway. */
export function remind(state: TaskState, askedId: string, now: string): Decision {
  const asked = openAsks(state).find(({ id }) => id === askedId);
  if (asked === undefined) return refuse('already_decided', 'That is no longer open.');
  const next = nextReminder(asked);
  if (next === undefined || now < next) return refuse('not_now', 'It is not yet to be brought to mind.');
  if ('limit' in asked && asked.limit !== undefined && now >= asked.limit.until)
    return refuse('not_now', 'Its time is over.');
  return happens({ type: 'asked.reminded', askedId });
}
