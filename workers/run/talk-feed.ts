import type { RunTalk, Talk } from '#core/run/run.ts';
import { silence } from '#core/task/talk.ts';

/** What one run hears: `update` replaces it by what the database says now. */
export interface TalkFeed extends RunTalk {
  update(talk: Talk): void;
}

export function createTalkFeed(start: Talk = silence): TalkFeed {
  const listeners = new Set<() => void>();
  let talk = start;
  return {
    now: () => talk,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    update(next) {
      talk = next;
      for (const listener of [...listeners]) listener();
    },
  };
}
