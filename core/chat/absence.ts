import type { IncomingMessage } from './adapter.ts';
import type { RichText } from './inline.ts';

/** What is looked back at after nobody listened. Times are in milliseconds since 1970. */
export interface Absence {
  /** Everything was heard until then. */
  readonly from: number;
  /** Somebody listens again since then. */
  readonly until: number;
  /** What was said from then on is taken up; what was said before is a wish no longer, and is only told. */
  readonly since: number;
}

/** What people asked for longer ago is not begun unasked: a week is a holiday, and what a release brings within it is still wanted. */
const takenUpDays = 7;

/** Messages of one place that are read, its newest: more would take minutes of what a platform allows. */
export const readMessagesLimit = 1000;

/** How far back is looked when all was heard until `heardUntil`. */
export function absenceOf(heardUntil: number, now: number): Absence {
  return { from: heardUntil, until: now, since: Math.max(heardUntil, now - takenUpDays * 24 * 3600_000) };
}

/** When something was said, and since when somebody listens there without a break. In milliseconds since 1970. */
export interface Timing {
  /** By the platform's clock. */
  readonly saidAt: number;
  /** By ours. */
  readonly listeningSince: number;
}

/** A restart takes seconds and nobody wonders; Slack repeats what nobody took after a minute (docs, Events API: Retries). */
export const lateAfterMs = 60_000;

/**
 * Whether a message that is taken `now` was missed at first: it was found by looking back, or was said more than a minute ago when
 * nobody listened yet, however the platform brings it. A clock of ours that is wrong makes nothing late that is said after it has
 * listened for as long.
 */
export function isLate({ late, timing }: Pick<IncomingMessage, 'late' | 'timing'>, now: number): boolean {
  if (late === true) return true;
  return timing !== undefined && timing.saidAt < timing.listeningSince && now - timing.saidAt > lateAfterMs;
}

/** What was left of a place: more than is read, what is too old to be taken up, or threads that began before what is read. */
export type Left = 'more' | 'older' | 'threads';

const readWords: Readonly<Record<Left, string>> = {
  more: `the last ${readMessagesLimit} messages`,
  older: `what was said in the last ${takenUpDays} days`,
  threads: `the threads of the last ${readMessagesLimit} messages`,
};

/** What is said in a place of whose messages some were left. */
export function leftWords({ from, until }: Absence, left: Left): RichText {
  return [
    'Commander was away from ',
    { kind: 'time', at: new Date(from).toISOString() },
    ' to ',
    { kind: 'time', at: new Date(until).toISOString() },
    `. It has read ${readWords[left]} here and nothing before: mention it again if it missed you.`,
  ];
}
