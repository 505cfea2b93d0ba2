import { setTimeout as pause } from 'node:timers/promises';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { readEvents, type ServerEvent } from './read-events.ts';
import { request } from './request.ts';
import { Unreachable } from './unreachable.ts';

/** What is new or changed in the chat, one message after the other. */
export interface Changes {
  /** Where it began: all that is told has a greater cursor. */
  readonly cursor: string;
  /** The next one, or `undefined` when none comes within so many milliseconds. @throws Unreachable when Commander stays away */
  next(withinMs: number): Promise<ChatMessage | undefined>;
  close(): void;
}

/** A bot that is started anew is there within seconds; who is away for a minute stays away. */
const patienceMs = 60_000;
const retryMs = 500;

/**
 * Follows the events of an address. A stream that breaks off is opened again where it broke off, and nothing is told twice or left
 * out; `address` is asked anew then.
 * @throws Unreachable
 */
export async function openChanges(address: (again: boolean) => Promise<string>): Promise<Changes> {
  const ending = new AbortController();
  const waiting: ChatMessage[] = [];
  let arrived = Promise.withResolvers<void>();
  let failure: unknown;
  let last = '';
  let stream = await connect(false);
  const first = (await stream.next()).value as ServerEvent | undefined;
  if (first?.event !== 'ready')
    throw new Unreachable('What answers there is no Commander: its events do not begin as they should.');
  last = first.id;
  void pump();

  async function connect(again: boolean): Promise<AsyncGenerator<ServerEvent>> {
    const headers: Record<string, string> = last === '' ? {} : { 'last-event-id': last };
    const { body } = await request(await address(again), { headers, signal: ending.signal });
    if (body === null) throw new Unreachable('Commander does not let its events be followed.');
    return readEvents(body);
  }

  async function pump(): Promise<void> {
    while (!ending.signal.aborted) {
      try {
        for await (const { event, id, data } of stream) {
          last = id;
          if (event === 'message') tell(JSON.parse(data) as ChatMessage);
        }
      } catch {
        // Broken off, as by a bot that ends: it is opened again below.
      }
      if (!ending.signal.aborted && !(await reconnect())) return;
    }
  }

  function tell(message: ChatMessage): void {
    waiting.push(message);
    arrived.resolve();
  }

  async function reconnect(): Promise<boolean> {
    const end = Date.now() + patienceMs;
    for (;;) {
      try {
        stream = await connect(true);
        return true;
      } catch (error) {
        if (ending.signal.aborted) return false;
        if (Date.now() > end) {
          failure = new Unreachable(
            'Commander went away and did not come back within a minute. What it was told is kept.',
            { cause: error },
          );
          arrived.resolve();
          return false;
        }
        await pause(retryMs, undefined, { signal: ending.signal }).catch(() => undefined);
      }
    }
  }

  return {
    cursor: last,
    async next(withinMs) {
      if (waiting.length === 0 && failure === undefined) await within(withinMs, arrived.promise);
      const message = waiting.shift();
      if (message === undefined && failure !== undefined) throw failure;
      if (waiting.length === 0) arrived = Promise.withResolvers();
      return message;
    },
    close: () => ending.abort(),
  };
}

/** Waits for it, at most so long. */
async function within(ms: number, awaited: Promise<void>): Promise<void> {
  const done = new AbortController();
  const late = pause(ms, undefined, { signal: done.signal }).catch(() => undefined);
  await Promise.race([awaited, late]);
  done.abort();
}
