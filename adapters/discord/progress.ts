/** How far events have been dealt with, when several are under way at once. */
export interface Progress {
  /** An event has arrived. */
  begin(sequence: number): void;
  /** It is dealt with: nothing of it would be lost now. */
  end(sequence: number): void;
  /** The highest number up to which every event is dealt with. */
  readonly settled: number;
}

/** Counts from `settled` on. Numbers may be left out, never repeated. */
export function trackProgress(settled: number): Progress {
  const open = new Set<number>();
  let newest = settled;
  return {
    begin(sequence) {
      newest = Math.max(newest, sequence);
      open.add(sequence);
    },
    end(sequence) {
      open.delete(sequence);
    },
    get settled() {
      return open.size === 0 ? newest : Math.min(...open) - 1;
    },
  };
}
