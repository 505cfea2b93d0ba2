import type { ChatChannel, ChatMessage } from '#core/chat/chat-store.ts';
import { announce } from './announce.ts';
import { withoutArrived } from './arrived.ts';
import { mergeAnswer, mergeEvents, noMemory } from './merge.ts';
import { change, chatState, openChannel } from './state.ts';
import { momentTime } from './time.ts';
import { markRead, saveMarks } from './unread.ts';

let memory = noMemory;

/** Now, on the clock of live events: to be taken before a question is asked, for `takeAnswer`. */
export function moment(): number {
  return memory.moment;
}

/** Takes messages that a request gave, which was begun at `asked`. */
export function takeAnswer(answer: readonly ChatMessage[], asked: number): void {
  change({ messages: mergeAnswer(chatState().messages, memory, answer, asked) });
}

/** Takes live events, oldest first, all at once. */
export function takeEvents(events: readonly ChatMessage[]): void {
  const before = chatState();
  const merged = mergeEvents(before.messages, memory, events);
  memory = merged.memory;
  let { outgoing, read } = before;
  for (const event of events) {
    if (before.messages.has(event.id)) continue;
    outgoing = withoutArrived(outgoing, event, before.me?.id);
    if (isMine(event)) read = markRead(read, 'channels', event.channelId, event.at);
    if (isMine(event) && event.rootId !== undefined) read = markRead(read, 'threads', event.rootId, event.at);
  }
  const channels = before.channels?.map((channel) => withActivity(channel, events, before.messages));
  change({ messages: merged.messages, outgoing, read, ...(channels === undefined ? {} : { channels }) });
  if (read !== before.read) saveMarks(read);
  for (const event of events) speakOf(event, before.messages.get(event.id));
}

/** Whether the person at this page wrote it. */
function isMine(message: ChatMessage): boolean {
  return message.author !== 'commander' && message.author.id === chatState().me?.id;
}

/** The name to show for a message's author. */
export function authorName(message: ChatMessage): string {
  return message.author === 'commander' ? 'Commander' : message.author.name;
}

/** A message as one line of plain text: for screen readers, lists and titles. */
export function oneLine(message: ChatMessage): string {
  const words = message.card?.summary ?? message.text ?? '';
  const line = words.replace(/\s+/g, ' ').trim();
  return line === '' ? message.files.map(({ name }) => name).join(', ') : line;
}

/** A status card's title ends with the state: `#42 Release 1.2.0 · Running`. What stands before it, the message that opened the thread says too. */
export function stateOf({ title, until }: NonNullable<ChatMessage['threadStatus']>, now = new Date()): string {
  const state = title.split(' · ').at(-1) ?? title;
  return until === undefined ? state : `${state} ${momentTime(new Date(until), now)}`;
}

/** New messages move their channel's newest activity; changes of old ones do not. */
function withActivity(
  channel: ChatChannel,
  events: readonly ChatMessage[],
  known: ReadonlyMap<string, ChatMessage>,
): ChatChannel {
  const fresh = events.filter(({ id, channelId }) => channelId === channel.id && !known.has(id)).map(({ at }) => at);
  const newest = fresh.reduce((one, two) => (two > one ? two : one), channel.lastActivityAt ?? '');
  return newest === (channel.lastActivityAt ?? '') ? channel : { ...channel, lastActivityAt: newest };
}

/** Tells screen readers of what is new in the open channel or thread: messages of others, and cards that came to another state. */
function speakOf(message: ChatMessage, known: ChatMessage | undefined): void {
  const now = chatState();
  const open =
    message.rootId === undefined ? openChannel(now)?.id === message.channelId : now.place.thread === message.rootId;
  if (!open || isMine(message)) return;
  const news = known === undefined || (message.card !== undefined && known.card?.tone !== message.card.tone);
  if (news) announce(`${authorName(message)}: ${oneLine(message)}`);
}
