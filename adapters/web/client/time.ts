const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, in few words: `just now`, `5 min ago`, `3 h ago`, `yesterday`, `4 days ago`, then the date. */
export function relativeTime(at: Date, now: Date): string {
  const span = now.getTime() - at.getTime();
  if (span < minute) return 'just now';
  if (span < hour) return `${Math.floor(span / minute)} min ago`;
  if (dayOf(at) === dayOf(now)) return `${Math.floor(span / hour)} h ago`;
  const days = daysBetween(at, now);
  if (days === 1) return 'yesterday';
  return days < 7 ? `${days} days ago` : dayName(at, now);
}

/** When, beside a message: relative within the last hour, then the time of day; the day stands above the message. */
export function messageTime(at: Date, now: Date): string {
  return now.getTime() - at.getTime() < hour ? relativeTime(at, now) : timeOfDay(at);
}

/** A moment within a sentence: `14:02` today, else with its day. */
export function momentTime(at: Date, now: Date): string {
  return dayOf(at) === dayOf(now) ? timeOfDay(at) : `${dayName(at, now)}, ${timeOfDay(at)}`;
}

/** A day as a heading: `Today`, `Yesterday`, `Monday, 3 May`, with the year when it is another one. */
export function dayHeading(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return format(at, { weekday: 'long', day: 'numeric', month: 'long', ...yearOf(at, now) });
}

/** The whole truth, for a tooltip: date, time with seconds, zone. */
export function fullTime(at: Date): string {
  return format(at, { dateStyle: 'full', timeStyle: 'long' });
}

export function timeOfDay(at: Date): string {
  return format(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** The calendar day in the reader's own zone, as a name that can be compared. */
export function dayOf(at: Date): string {
  return `${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`;
}

function dayName(at: Date, now: Date): string {
  return format(at, { day: 'numeric', month: 'short', ...yearOf(at, now) });
}

function yearOf(at: Date, now: Date): Intl.DateTimeFormatOptions {
  return at.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' };
}

/** Whole calendar days; rounding takes care of days of 23 and 25 hours. */
function daysBetween(at: Date, now: Date): number {
  const start = (moment: Date) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
  return Math.round((start(now) - start(at)) / day);
}

/** British English: the chat's own words are English, and this order of day and month can't be misread. */
function format(at: Date, options: Intl.DateTimeFormatOptions): string {
  return Number.isNaN(at.getTime()) ? 'an unknown time' : new Intl.DateTimeFormat('en-GB', options).format(at);
}
