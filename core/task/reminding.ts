import type { Reminders, Told } from './asked.ts';
import type { Decision, RemindCommand } from './commands.ts';
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

/** What is open, as far as it counts for its reminders: an approval, a question, or a request that is no task yet. */
export interface Remindable {
  readonly askedAt: string;
  readonly reminders?: Pick<Reminders, 'count' | 'lastAt'>;
  readonly limit?: { readonly until: string; readonly extendedAt?: string };
}

/** When something open is to be brought to mind next; `undefined`: no more. */
export function nextReminder(asked: Remindable): string | undefined {
  return upcoming(asked)?.at;
}

/** A reminder that is to come. */
interface Upcoming {
  readonly at: string;
  /** For so long (ms) before it any other reminder of the same person takes it along, and after another one it waits. */
  readonly quietMs: number;
}

/** Before the end of what ends; and of what waits long, after hours and then on working days. */
function upcoming(asked: Remindable): Upcoming | undefined {
  const [before, day] = [beforeEnd(asked), onItsDay(asked)];
  if (before !== undefined && (day === undefined || before <= day)) return { at: before, quietMs: beforeEndMs };
  const isOver = asked.limit !== undefined && day !== undefined && day >= asked.limit.until;
  return day === undefined || isOver ? undefined : { at: day, quietMs: firstAfterMs };
}

function beforeEnd({ askedAt, reminders, limit }: Remindable): string | undefined {
  if (limit === undefined) return undefined;
  const since = limit.extendedAt ?? askedAt;
  const half = (Date.parse(limit.until) - Date.parse(since)) / 2;
  const at = later(limit.until, -Math.min(beforeEndMs, half));
  const isDone = reminders !== undefined && reminders.lastAt >= since && reminders.lastAt >= later(at, -beforeEndMs);
  return isDone ? undefined : at;
}

function onItsDay({ askedAt, reminders }: Remindable): string | undefined {
  if (reminders === undefined) return onWorkingDay(later(askedAt, firstAfterMs));
  return reminders.count < mostReminders ? onWorkingDay(later(reminders.lastAt, dayMs)) : undefined;
}

/** Saturdays and Sundays (UTC) are left out: the same time on Monday. */
export function onWorkingDay(at: string): string {
  const day = new Date(at).getUTCDay();
  return day === 6 ? later(at, 2 * dayMs) : day === 0 ? later(at, dayMs) : at;
}

/** Whether it is time to bring something to mind. */
export function isReminderDue(asked: Remindable, now: string): boolean {
  const next = nextReminder(asked);
  return next !== undefined && now >= next && !hasEnded(asked, now);
}

/** Whether a reminder of something else takes it along: its own would come soon. */
function goesAlong(asked: Remindable, now: string): boolean {
  const next = upcoming(asked);
  return next !== undefined && later(now, next.quietMs) >= next.at && !hasEnded(asked, now);
}

function hasEnded({ limit }: Remindable, now: string): boolean {
  return limit !== undefined && now >= limit.until;
}

/**
 * From when on somebody may be reminded of it, who was last reminded of anything at `lastAt`: a person is left in peace between
 * reminders. `undefined`: not before it ends; it was asked since that reminder, so it is new to nobody.
 */
export function reminderTurn(asked: Remindable, lastAt: string | undefined): string | undefined {
  const next = upcoming(asked);
  if (next === undefined || lastAt === undefined) return next?.at;
  const from = later(lastAt, next.quietMs);
  return hasEnded(asked, from) ? undefined : from;
}

/** What one reminder says to one person. */
export interface FoldedReminder<Thing> {
  /** What it is posted for: what ends first, else what waits longest. */
  readonly host: Thing;
  /** What else is brought to mind by it. */
  readonly along: readonly Thing[];
  /** All else that waits for the same person, those included, in the same order. */
  readonly others: readonly Thing[];
}

/** Makes one reminder of all that waits for somebody; `undefined` where nothing of it is near its time. */
export function foldReminder<Thing extends { readonly asked: Remindable }>(
  things: readonly Thing[],
  now: string,
): FoldedReminder<Thing> | undefined {
  const open = things.filter(({ asked }) => !hasEnded(asked, now));
  const sorted = open.toSorted((one, other) => (orderOf(one.asked) < orderOf(other.asked) ? -1 : 1));
  const [host, ...along] = sorted.filter(({ asked }) => goesAlong(asked, now));
  return host && { host, along, others: sorted.filter((each) => each !== host) };
}

function orderOf({ limit, askedAt }: Remindable): string {
  return `${limit?.until ?? '9'} ${askedAt}`;
}

/** Brings something open to mind: at its time or along with something else, not twice for the same, and not when its time is over. */
export function remind(state: TaskState, { askedId, told }: RemindCommand, now: string): Decision {
  const asked = openAsks(state).find(({ id }) => id === askedId);
  if (asked === undefined) return refuse('already_decided', 'That is no longer open.');
  if (!goesAlong(asked, now)) return refuse('not_now', 'It is not to be brought to mind now.');
  return happens({ type: 'asked.reminded', askedId, ...(told === undefined ? {} : { told }) });
}

/** The reminders of something with one more. */
export function remindedOnce(before: Reminders | undefined, told: Told, at: string): Reminders {
  const count = (before?.count ?? 0) + 1;
  const { elsewhere, to, also } = told;
  const along = [...(before?.along ?? []), ...(elsewhere === undefined ? [] : [count])];
  return {
    count,
    lastAt: at,
    ...(to === undefined ? {} : { to }),
    ...(also === undefined ? {} : { also }),
    ...(along.length === 0 ? {} : { along }),
  };
}

/** Which reminders, from 1, have a post of their own. */
export function ownReminders({ count, along = [] }: Reminders): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1).filter((each) => !along.includes(each));
}
