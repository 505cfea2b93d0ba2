import type { ChatMessage } from '#core/chat/chat-store.ts';
import type { Outgoing } from './state.ts';
import { dayHeading, dayOf } from './time.ts';

/** What a list of messages shows, line by line. */
export type Line =
  | { readonly kind: 'new'; readonly key: string }
  | { readonly kind: 'message'; readonly key: string; readonly message: ChatMessage; readonly continues: boolean }
  | { readonly kind: 'outgoing'; readonly key: string; readonly outgoing: Outgoing; readonly continues: boolean };

/** The lines of one calendar day of the reader. */
export interface Day {
  readonly key: string;
  /** Absent where the day is clear already. */
  readonly heading: string | undefined;
  readonly lines: readonly Line[];
}

/** Messages of one author within this time (ms) stand together under one name. */
const together = 5 * 60_000;

export interface Seen {
  /** All up to this moment (ISO 8601) was read before the list was opened; empty when nothing is known of it. */
  readonly until: string;
  /** The reader: own messages are never new. */
  readonly me: string | undefined;
  /** The moment (ISO 8601) of a message that stands above the list and whose day needs no heading again. */
  readonly above?: string;
}

/** Parts messages, oldest first, by days, marks where the new ones begin, and says a name only where it is needed. */
export function daysOf(
  messages: readonly ChatMessage[],
  outgoing: readonly Outgoing[],
  seen: Seen,
  now: Date,
): readonly Day[] {
  const lines = [...messageLines(messages, seen), ...outgoingLines(outgoing, messages.at(-1), seen.me)];
  const days: { key: string; heading: string | undefined; lines: Line[] }[] = [];
  const above = seen.above === undefined ? undefined : dayOf(new Date(seen.above));
  for (const { at, line } of lines) {
    const day = dayOf(at);
    if (days.at(-1)?.key !== day)
      days.push({ key: day, heading: day === above ? undefined : dayHeading(at, now), lines: [] });
    days.at(-1)?.lines.push(line);
  }
  return days;
}

interface DatedLine {
  readonly at: Date;
  readonly line: Line;
}

/** The first message, of messages oldest first, that is news to the reader. */
export function firstNewOf(messages: readonly ChatMessage[], { until, me }: Seen): ChatMessage | undefined {
  return until === '' ? undefined : messages.find((message) => message.at > until && authorOf(message) !== me);
}

function messageLines(messages: readonly ChatMessage[], seen: Seen): readonly DatedLine[] {
  const firstNew = firstNewOf(messages, seen);
  return messages.flatMap((message, index): DatedLine[] => {
    const at = new Date(message.at);
    const continues = message !== firstNew && follows(messages[index - 1], authorOf(message), at);
    const line: DatedLine = { at, line: { kind: 'message', key: message.id, message, continues } };
    return message === firstNew ? [{ at, line: { kind: 'new', key: 'new' } }, line] : [line];
  });
}

function outgoingLines(
  outgoing: readonly Outgoing[],
  last: ChatMessage | undefined,
  me: string | undefined,
): readonly DatedLine[] {
  return outgoing.map((one, index) => {
    const at = new Date(one.at);
    const continues = index > 0 || follows(last, me, at);
    return { at, line: { kind: 'outgoing', key: one.key, outgoing: one, continues } };
  });
}

/** Whether a line needs no name of its own: same author, same day, moments later, with no thread in between. */
function follows(before: ChatMessage | undefined, author: string | undefined, at: Date): boolean {
  if (before === undefined || before.replies > 0 || authorOf(before) !== author) return false;
  const earlier = new Date(before.at);
  return at.getTime() - earlier.getTime() < together && dayOf(earlier) === dayOf(at);
}

function authorOf(message: ChatMessage): string {
  return message.author === 'commander' ? 'commander' : message.author.id;
}
