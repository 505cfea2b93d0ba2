/** After somebody was answered, other work begins when nothing has come for so long, in milliseconds: one command seldom comes alone. */
export const restMs = 20;

/** While people keep coming, one piece of other work begins after so long, in milliseconds: it takes turns, it does not crowd. */
export const paceMs = 40;

/** The longest that a piece of other work waits, in milliseconds, whatever comes. */
export const longestMs = 1000;

/**
 * Lets what somebody waits for go before everything else that this process does. Answering a platform takes 1 ms of processor time;
 * all that follows from one command takes 14 (measured), in pieces that crowd between the next command and its answer.
 */
export interface AnswersFirst {
  /** Does what somebody waits for, at once. */
  answer<Result>(work: () => Promise<Result>): Promise<Result>;
  /**
   * Resolves when other work may begin: at once when nobody waits for an answer and nobody came just now, else in order and apart, so
   * that what arrives between two pieces is answered before the second.
   */
  turn(): Promise<void>;
}

interface Waiting {
  readonly since: number;
  readonly go: () => void;
}

export function createAnswersFirst(): AnswersFirst {
  const waiting: Waiting[] = [];
  let answering = 0;
  let restedAt = Number.NEGATIVE_INFINITY;
  let begunAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  /** Milliseconds until one that waits may go. */
  function left({ since }: Waiting): number {
    const quiet = answering > 0 ? Number.POSITIVE_INFINITY : restedAt;
    return Math.ceil(Math.min(quiet, Math.max(since, begunAt) + paceMs, since + longestMs) - performance.now());
  }

  function look(): void {
    clearTimeout(timer);
    const [first] = waiting;
    if (first !== undefined) timer = setTimeout(letGo, Math.max(0, left(first)), first);
  }

  /** One alone: what has come meanwhile is read before the next. */
  function letGo(first: Waiting): void {
    if (left(first) <= 0) {
      waiting.shift();
      begunAt = performance.now();
      first.go();
    }
    look();
  }

  return {
    async answer(work) {
      answering += 1;
      try {
        return await work();
      } finally {
        answering -= 1;
        restedAt = performance.now() + restMs;
        look();
      }
    },
    turn() {
      const now = performance.now();
      if (waiting.length === 0 && answering === 0 && restedAt <= now) return Promise.resolve();
      return new Promise((go) => {
        waiting.push({ since: now, go });
        if (waiting.length === 1) look();
      });
    },
  };
}
