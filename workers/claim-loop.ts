import type { Log } from '#db/log.ts';
import type { RunJob } from '#db/runs/claim.ts';
import { pause } from './pause.ts';

export interface ClaimLoopOptions {
  /** How many runs may start now. */
  readonly free: () => number;
  readonly fetch: (count: number) => Promise<readonly RunJob[]>;
  /** Claims a fetched run and starts it. */
  readonly begin: (job: RunJob) => Promise<void>;
  readonly log: Log;
}

export interface ClaimLoop {
  /** There may be something to take. */
  wake(): void;
  /** Takes nothing more. Resolves when nothing is being taken. */
  end(): Promise<void>;
}

/** A lost wake-up costs at most this long, in milliseconds. */
const tickMs = 1_000;

/**
 * Takes runs from the queue while there are free slots, each time it is woken and each second. (pg-boss' own `work()` takes one
 * job per worker and poll: 5 to 20 a second.)
 */
export function startClaimLoop({ free, fetch, begin, log }: ClaimLoopOptions): ClaimLoop {
  const over = new AbortController();
  let woken = new AbortController();

  async function takeAll(): Promise<void> {
    for (let count = free(); count > 0 && !over.signal.aborted; count = free()) {
      const jobs = await fetch(count);
      if (jobs.length === 0) return;
      await Promise.all(jobs.map(begin));
    }
  }

  async function loop(): Promise<void> {
    while (!over.signal.aborted) {
      woken = new AbortController();
      try {
        await takeAll();
      } catch (error) {
        // Runs that were fetched but not claimed are handed out again by the supervisor.
        log.warn({ error }, 'could not take runs; trying again');
      }
      await pause(tickMs, woken.signal);
    }
  }

  const looping = loop();
  return {
    wake: () => woken.abort(),
    end() {
      over.abort();
      woken.abort();
      return looping;
    },
  };
}
