import type { ChatMessage, ChatStore } from '#core/chat/chat-store.ts';

/** One reader of the store's changes for all open pages. */
export interface Follower {
  /** Changes after `cursor`, as they come, until the signal. Each page reads at its own pace and from its own place. */
  follow(cursor: string, signal: AbortSignal): AsyncGenerator<readonly ChatMessage[]>;
  stop(): void;
}

/** Changes per read. */
const batch = 200;

/** Follows the store. A wake-up only says "look again": what is read is what is committed. */
export function followChanges(store: ChatStore): Follower {
  const waiting = new Set<() => void>();
  const end = store.onChange(() => {
    for (const wake of [...waiting]) wake();
  });

  /** Resolves at the next change, or at the signal. Begun before the read, so that no change falls in between. */
  function nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  return {
    async *follow(cursor, signal) {
      let last = cursor;
      while (!signal.aborted) {
        const change = nextChange(signal);
        const messages = await store.changesSince(last, batch);
        const newest = messages.at(-1);
        if (newest === undefined) await change;
        else {
          last = newest.cursor;
          yield messages;
        }
      }
    },
    stop: end,
  };
}
