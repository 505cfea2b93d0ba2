import type { ChatMessage, ChatStore } from '#core/chat/chat-store.ts';
import type { WebLog } from './log.ts';

/** One reader of the store's changes for everybody in this process who follows them. */
export interface Follower {
  /**
   * Changes after `cursor`, as they come, until the signal or `stop`. Each follower goes at its own pace from its own place:
   * one that is slow delays nobody and costs no memory.
   */
  follow(cursor: string, signal: AbortSignal): AsyncGenerator<readonly ChatMessage[]>;
  stop(): void;
}

/** Changes per read of the store. */
const batch = 200;

/** Changes kept for followers that are nearly up to date; who is further behind reads the store. */
const remembered = 500;

/** Time before a read that failed is tried again, in milliseconds. */
const retryMs = 1000;

/** Follows the store from now on. A wake-up only says "look again": what is told is what is committed. */
export async function followChanges(store: ChatStore, log: WebLog): Promise<Follower> {
  const ending = new AbortController();
  const waiting = new Set<() => void>();
  let recent: readonly ChatMessage[] = [];
  let reading = false;
  let again = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const forget = store.onChange(() => void read());
  /** All changes after this cursor are in `recent`. */
  let since = await store.head();
  let newest = since;
  void read();

  async function read(): Promise<void> {
    again = true;
    if (reading) return;
    reading = true;
    try {
      while (again && !ending.signal.aborted) {
        again = false;
        const messages = await store.changesSince(newest, batch);
        if (messages.length > 0) remember(messages);
        again ||= messages.length === batch;
      }
    } catch (error) {
      log.warn({ error }, 'the chat’s changes could not be read; trying again');
      clearTimeout(retry);
      if (!ending.signal.aborted) retry = setTimeout(() => void read(), retryMs);
    } finally {
      reading = false;
    }
  }

  function remember(messages: readonly ChatMessage[]): void {
    newest = messages.at(-1)?.cursor ?? newest;
    const all = [...recent, ...messages];
    const dropped = all.length - remembered;
    if (dropped > 0) since = all[dropped - 1]?.cursor ?? since;
    recent = dropped > 0 ? all.slice(dropped) : all;
    for (const wake of [...waiting]) wake();
  }

  /** Resolves at the next change, or at the signal. */
  function nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      if (signal.aborted) wake();
    });
  }

  return {
    async *follow(cursor, given) {
      const signal = AbortSignal.any([given, ending.signal]);
      let last = cursor;
      while (!signal.aborted) {
        const reached = since;
        const behind = BigInt(last) < BigInt(reached);
        const messages = behind
          ? await store.changesSince(last, batch)
          : recent.filter((message) => BigInt(message.cursor) > BigInt(last));
        const end = messages.at(-1)?.cursor;
        if (end !== undefined) {
          last = end;
          yield messages;
        } else if (behind) last = reached;
        else await nextChange(signal);
      }
    },
    stop() {
      forget();
      clearTimeout(retry);
      ending.abort();
    },
  };
}
