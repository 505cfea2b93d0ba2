/** One line of a command's output, harmless to show. */
export interface OutputLine {
  readonly stream: 'out' | 'err';
  readonly text: string;
  /** The line was longer and has been cut. */
  readonly truncated?: boolean;
  /** So many lines just before this one were left out, since they came faster than they may be shown. */
  readonly dropped?: number;
}

/** Lines on their way to a reader who may be slow: few at a time, the rest counted. */
export interface LineFeed {
  /** For one reader. Ends when the command has ended and everything was read. */
  readonly lines: AsyncIterable<OutputLine>;
  /** How many lines may be offered now. */
  room(): number;
  offer(line: OutputLine): void;
  drop(count: number): void;
  close(): void;
  /** All lines left out so far. */
  readonly dropped: number;
}

/** A reader who is this far behind gets newer lines when he has caught up. */
const MOST_WAITING = 1_000;

/** At most `linesPerSecond` on average, and that many at once after a quiet second. */
export function createLineFeed(linesPerSecond: number): LineFeed {
  const waiting: OutputLine[] = [];
  let allowance = linesPerSecond;
  let counted = performance.now();
  let dropped = 0;
  let droppedSinceLine = 0;
  let open = true;
  let news = Promise.withResolvers<void>();

  async function* read(): AsyncGenerator<OutputLine> {
    for (;;) {
      for (let line = waiting.shift(); line; line = waiting.shift()) yield line;
      if (!open) return;
      await news.promise;
      news = Promise.withResolvers();
    }
  }

  return {
    lines: read(),
    room() {
      const now = performance.now();
      allowance = Math.min(linesPerSecond, allowance + ((now - counted) / 1000) * linesPerSecond);
      counted = now;
      return Math.max(0, Math.min(Math.floor(allowance), MOST_WAITING - waiting.length));
    },
    offer(line) {
      allowance -= 1;
      waiting.push(droppedSinceLine > 0 ? { ...line, dropped: droppedSinceLine } : line);
      droppedSinceLine = 0;
      news.resolve();
    },
    drop(count) {
      dropped += count;
      droppedSinceLine += count;
    },
    close() {
      open = false;
      news.resolve();
    },
    get dropped() {
      return dropped;
    },
  };
}
