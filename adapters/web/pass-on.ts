import { setTimeout as wait } from 'node:timers/promises';
import type { ChatHost, IncomingMessage, ThreadAddress } from '#core/chat/adapter.ts';
import type { ChatMessage, ChatStore } from '#core/chat/chat-store.ts';
import type { Follower } from './events.ts';
import type { WebLog } from './log.ts';
import { readMention } from './mention.ts';

/** Hands stored messages to the bot. */
export interface PassOn {
  /** Resolves when the bot has the message, or has not taken it for now: then it is tried again in the background. */
  message(message: ChatMessage): Promise<void>;
  /** Takes nothing new and waits for what is under way. */
  stop(): Promise<void>;
}

export interface PassOnParts {
  readonly store: ChatStore;
  readonly host: ChatHost;
  readonly follower: Follower;
  readonly log: WebLog;
  /** Called with each change that any process made. */
  readonly seen: (message: ChatMessage) => Promise<void>;
}

/** How many of the newest changes are looked at after a start: more than are made between a store and a crash. */
const catchUpCount = 500;

/** Messages known to be with the bot, so that an edit or a reply does not hand them on again. A bound of memory only. */
const handedCount = 5000;

/** Waits before a message is tried again, in milliseconds; after the last one it is given up, and the log says so. */
const waits = [500, 1000, 2000, 4000, 8000];

/**
 * Follows the chat and hands on every message that concerns the bot, by whatever process it was stored: so one that died
 * between storing and handing on loses nothing, now (another process sees the message) or at the next start.
 */
export async function startPassOn(parts: PassOnParts): Promise<PassOn> {
  const { store, host, follower, log } = parts;
  const ending = new AbortController();
  const handed = new Map<string, Promise<void>>();

  function once(message: ChatMessage): Promise<void> {
    const known = handed.get(message.id);
    if (known !== undefined) return known;
    const handing = handOn(message, store, host);
    handed.set(message.id, handing);
    handing.catch(() => handed.delete(message.id));
    const oldest = handed.size > handedCount ? handed.keys().next().value : undefined;
    if (oldest !== undefined) handed.delete(oldest);
    return handing;
  }

  async function untilTaken(message: ChatMessage): Promise<void> {
    for (const pause of [...waits, undefined]) {
      try {
        return await once(message);
      } catch (error) {
        const facts = { error, message: message.id };
        if (pause === undefined) return log.error(facts, 'a chat message could not be passed on; it is given up');
        log.warn(facts, 'a chat message could not be passed on; trying again');
        await wait(pause, undefined, { signal: ending.signal });
      }
    }
  }

  async function follow(from: string): Promise<void> {
    let last = from;
    while (!ending.signal.aborted) {
      try {
        for await (const messages of follower.follow(last, ending.signal)) {
          for (const message of messages) {
            if (ending.signal.aborted) return;
            await parts.seen(message);
            if (message.author !== 'commander') await untilTaken(message);
            last = message.cursor;
          }
        }
        return;
      } catch (error) {
        if (ending.signal.aborted) return;
        log.warn({ error }, 'the chat could not be followed; trying again');
        await wait(1000, undefined, { signal: ending.signal }).catch(() => undefined);
      }
    }
  }

  const head = BigInt(await store.head());
  const following = follow(String(head > BigInt(catchUpCount) ? head - BigInt(catchUpCount) : 0n));
  return {
    message: (message) => once(message).catch((error: unknown) => log.warn({ error }, 'passing on is tried again')),
    async stop() {
      ending.abort();
      await following;
      await Promise.allSettled(handed.values());
    },
  };
}

async function handOn(message: ChatMessage, store: ChatStore, host: ChatHost): Promise<void> {
  if (message.author === 'commander') return;
  const { addressed, rest } = readMention(message.text ?? '');
  const thread = { platform: 'web', channel: message.channelId, thread: message.rootId ?? message.id };
  if (!addressed && !(await concernsBot(message, thread, store, host))) return;
  const incoming: IncomingMessage = {
    externalId: message.id,
    thread,
    sender: { externalId: message.author.id, name: message.author.name },
    text: rest,
    files: message.files.map(({ id, name, mediaType, size }) => ({ externalId: id, name, mediaType, size })),
    addressed,
    opensThread: message.rootId === undefined,
    readBy: 'everybody',
  };
  await host.accept(incoming);
}

/**
 * Whether a plain reply is meant for the bot: it takes part in the thread, and did so when the reply was written. What people
 * said to each other before they called it stays between them, also when a restart looks at it again.
 */
async function concernsBot(
  message: ChatMessage,
  thread: ThreadAddress,
  store: ChatStore,
  host: ChatHost,
): Promise<boolean> {
  if (message.rootId === undefined || !(await host.follows(thread))) return false;
  const messages = await store.thread(message.rootId);
  const before = messages.slice(
    0,
    Math.max(
      0,
      messages.findIndex(({ id }) => id === message.id),
    ),
  );
  return before.some(({ author, text }) => author === 'commander' || readMention(text ?? '').addressed);
}
