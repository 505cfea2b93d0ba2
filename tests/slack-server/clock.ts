/** Time as the stand-in sees it. Milliseconds since 1970. */
export interface Clock {
  now(): number;
  /** Runs something later; the answer takes it back. */
  after(milliseconds: number, run: () => void): () => void;
}

/** A clock that a test moves by hand. */
export interface ManualClock extends Clock {
  /** Moves on and runs what fell due, in order. */
  advance(milliseconds: number): void;
}

export const realClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that runs as ours does, `behind` milliseconds late until it is moved on. */
export function lateClock(behind: number): ManualClock {
  let late = behind;
  return {
    ...realClock,
    now: () => Date.now() - late,
    advance(milliseconds) {
      late -= milliseconds;
    },
  };
}

/** A clock that stands still at `start` until it is moved. */
export function manualClock(start: number): ManualClock {
  let time = start;
  const timers = new Set<{ readonly due: number; readonly run: () => void }>();
  return {
    now: () => time,
    after(milliseconds, run) {
      const timer = { due: time + milliseconds, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(milliseconds) {
      const end = time + milliseconds;
      for (let next = earliest(timers, end); next !== undefined; next = earliest(timers, end)) {
        timers.delete(next);
        time = Math.max(time, next.due);
        next.run();
      }
      time = end;
    },
  };
}

function earliest<Timer extends { readonly due: number }>(timers: Iterable<Timer>, end: number): Timer | undefined {
  return [...timers].filter((timer) => timer.due <= end).sort((left, right) => left.due - right.due)[0];
}
