import type { ChatHost, IncomingMessage } from '#core/chat/adapter.ts';
import type { ChatMessage, ChatStore } from '#core/chat/chat-store.ts';
import { readMention } from './mention.ts';

/** How many of the newest messages are looked at after a start: more than can be written between a store and a crash. */
const catchUpCount = 500;

export const passOn = {
  /** Hands a stored message to the bot when it concerns it. May be called again for the same message. */
  async message(message: ChatMessage, host: ChatHost): Promise<void> {
    if (message.author === 'commander') return;
    const { addressed, rest } = readMention(message.text ?? '');
    const thread = { platform: 'web', channel: message.channelId, thread: message.rootId ?? message.id };
    if (!addressed && (message.rootId === undefined || !(await host.follows(thread)))) return;
    const incoming: IncomingMessage = {
      externalId: message.id,
      thread,
      sender: { externalId: message.author.id, name: message.author.name },
      text: rest,
      files: message.files.map(({ id, name, mediaType, size }) => ({ externalId: id, name, mediaType, size })),
      addressed,
      opensThread: message.rootId === undefined,
    };
    await host.accept(incoming);
  },

  /** A crash between storing a message and handing it on: the newest ones are handed on again, which changes nothing else. */
  async catchUp(store: ChatStore, host: ChatHost): Promise<void> {
    const head = BigInt(await store.head());
    const from = head > BigInt(catchUpCount) ? head - BigInt(catchUpCount) : 0n;
    for (const message of await store.changesSince(String(from), catchUpCount)) await passOn.message(message, host);
  },
};
