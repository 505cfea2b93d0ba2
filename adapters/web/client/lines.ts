import type { ChatMessage } from '#core/chat/chat-store.ts';
import type { Outgoing } from './state.ts';
import { dayHeading, dayOf } from './time.ts';

/** What a list of messages shows, line by line. */
export type Line =
  | { readonly kind: 'day'; readonly key: string; readonly heading: string }
  | { readonly kind: 'new'; readonly key: string }
  | { readonly kind: 'message'; readonly key: string; readonly message: ChatMessage; readonly continues: boolean }
  | { readonly kind: 'outgoing'; readonly key: string; readonly outgoing: Outgoing; readonly continues: boolean };

/** Messages of one author within this time (ms) stand together under one name. */
const together = 5 * 60_000;

export interface Seen {
  /** All up to this moment (ISO 8601) was read before the list was opened. */
  readonly until: string;
  /** The reader: own messages are never new. */
  readonly me: string | undefined;
}

/** Puts day headings, the mark of what is new, and names where they are needed between messages, oldest first. */
export function linesOf(
  messages: readonly ChatMessage[],
  outgoing: readonly Outgoing[],
  seen: Seen,
  now: Date,
): readonly Line[] {
  const lines: Line[] = [];
  const firstNew = messages.find((message) => message.at > seen.until && authorOf(message) !== seen.me);
  let before: ChatMessage | undefined;
  for (const message of messages) {
    const day = dayOf(new Date(message.at));
    const newDay = before === undefined || dayOf(new Date(before.at)) !== day;
    if (newDay) lines.push({ kind: 'day', key: `day ${day}`, heading: dayHeading(new Date(message.at), now) });
    if (message === firstNew && seen.until !== '') lines.push({ kind: 'new', key: 'new' });
    const continues = !newDay && message !== firstNew && before !== undefined && follows(before, message);
    lines.push({ kind: 'message', key: message.id, message, continues });
    before = message;
  }
  let last = before === undefined ? undefined : authorOf(before);
  for (const one of outgoing) {
    lines.push({ kind: 'outgoing', key: one.key, outgoing: one, continues: last !== undefined && last === seen.me });
    last = seen.me;
  }
  return lines;
}

/** Whether a message needs no name of its own. A thread between two messages parts them. */
function follows(before: ChatMessage, message: ChatMessage): boolean {
  const sameAuthor = authorOf(before) === authorOf(message);
  const near = new Date(message.at).getTime() - new Date(before.at).getTime() < together;
  return sameAuthor && near && before.replies === 0;
}

function authorOf(message: ChatMessage): string {
  return message.author === 'commander' ? 'commander' : message.author.id;
}
