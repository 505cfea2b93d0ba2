import type { RunNotes } from '#core/run/run.ts';
import type { Note } from '#core/task/state.ts';

/** The notes of one run: `update` replaces what waits by what the database says now. */
export interface NoteFeed extends RunNotes {
  update(notes: readonly Note[]): void;
}

export function createNoteFeed(start: readonly Note[] = []): NoteFeed {
  const listeners = new Set<() => void>();
  let notes = start;
  return {
    waiting: () => notes,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    update(next) {
      notes = next;
      for (const listener of [...listeners]) listener();
    },
  };
}
