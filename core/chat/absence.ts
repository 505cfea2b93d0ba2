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

/** What was left of a place: more than is read, or what is too old to be taken up. */
export type Left = 'more' | 'older';

/** What is said in a place of whose messages some were left. */
export function leftWords({ from, until }: Absence, left: Left): RichText {
  const read =
    left === 'more' ? `the last ${readMessagesLimit} messages` : `what was said in the last ${takenUpDays} days`;
  return [
    'Commander was away from ',
    { kind: 'time', at: new Date(from).toISOString() },
    ' to ',
    { kind: 'time', at: new Date(until).toISOString() },
    `. It has read ${read} here and nothing before: mention it again if it missed you.`,
  ];
}
