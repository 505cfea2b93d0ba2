import type { ChatMessage } from '#core/chat/chat-store.ts';

/** Messages by id, together with the order in which live events brought them: what decides which of two copies is newer. */
export interface MessageMemory {
  /** Counts events; a reader remembers it when it begins to ask. */
  readonly moment: number;
  /** The moment of the last event of each message that had one. */
  readonly changed: ReadonlyMap<string, number>;
}

export const noMemory: MessageMemory = { moment: 0, changed: new Map() };

export interface Merged {
  readonly messages: ReadonlyMap<string, ChatMessage>;
  readonly memory: MessageMemory;
}

/** Takes live events, oldest first: each is newer than all that is known of its message. */
export function mergeEvents(
  messages: ReadonlyMap<string, ChatMessage>,
  memory: MessageMemory,
  events: readonly ChatMessage[],
): Merged {
  const next = new Map(messages);
  const changed = new Map(memory.changed);
  let moment = memory.moment;
  for (const event of events) {
    moment += 1;
    next.set(event.id, event);
    changed.set(event.id, moment);
  }
  return { messages: next, memory: { moment, changed } };
}

/**
 * Takes the answer to a question that was asked at `asked` (a `moment`): a message that an event has changed since then stays,
 * because the answer may be older than the event.
 */
export function mergeAnswer(
  messages: ReadonlyMap<string, ChatMessage>,
  memory: MessageMemory,
  answer: readonly ChatMessage[],
  asked: number,
): ReadonlyMap<string, ChatMessage> {
  const next = new Map(messages);
  for (const message of answer) {
    if ((memory.changed.get(message.id) ?? 0) <= asked) next.set(message.id, message);
  }
  return next;
}

/** The top-level messages of a channel that are loaded without gaps, oldest first. */
export function topLevel(
  messages: ReadonlyMap<string, ChatMessage>,
  channelId: string,
  page: { readonly more: boolean; readonly oldest?: string } | undefined,
): readonly ChatMessage[] {
  const all = [...messages.values()].filter(
    (message) => message.channelId === channelId && message.rootId === undefined,
  );
  const sorted = all.sort(byTime);
  const oldest = page?.oldest === undefined ? undefined : messages.get(page.oldest);
  if (page === undefined || !page.more || oldest === undefined) return sorted;
  return sorted.filter((message) => byTime(message, oldest) >= 0);
}

/** The replies of a thread, oldest first. */
export function repliesOf(messages: ReadonlyMap<string, ChatMessage>, rootId: string): readonly ChatMessage[] {
  return [...messages.values()].filter((message) => message.rootId === rootId).sort(byTime);
}

/** By time, and by id within the same millisecond: ids grow with time. */
function byTime(one: ChatMessage, other: ChatMessage): number {
  return compare(one.at, other.at) || compare(one.id, other.id);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
