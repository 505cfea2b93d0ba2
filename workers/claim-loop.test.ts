import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunJob } from '#db/runs/claim.ts';
import { startClaimLoop } from './claim-loop.ts';

const log = { info() {}, warn() {}, error() {} };

describe('the claim loop', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start(slots: number, queued: number) {
    const queue = Array.from({ length: queued }, (_, n): RunJob => ({ runId: `run-${n}`, taskId: `task-${n}` }));
    const running: RunJob[] = [];
    const asked: number[] = [];
    const loop = startClaimLoop({
      free: () => slots - running.length,
      async fetch(count) {
        asked.push(count);
        return queue.splice(0, count);
      },
      async begin(job) {
        running.push(job);
      },
      log,
    });
    return { loop, queue, running, asked };
  }

  it('takes as many runs as there are free slots, and the next when one is free and it is woken', async () => {
    const { loop, running, asked } = start(2, 5);
    await vi.advanceTimersByTimeAsync(0);
    expect(running.map((job) => job.runId)).toEqual(['run-0', 'run-1']);
    running.shift();
    loop.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(running.map((job) => job.runId)).toEqual(['run-1', 'run-2']);
    expect(asked).toEqual([2, 1]);
    await loop.end();
  });

  it('looks once a second by itself: a wake-up may have been lost', async () => {
    const { loop, queue, running } = start(2, 0);
    await vi.advanceTimersByTimeAsync(0);
    queue.push({ runId: 'late', taskId: 'late' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(running.map((job) => job.runId)).toEqual(['late']);
    await loop.end();
  });

  it('misses no wake-up that comes while it takes runs', async () => {
    const fetched = Promise.withResolvers<readonly RunJob[]>();
    const fetch = vi.fn(() => fetched.promise);
    const loop = startClaimLoop({ free: () => 1, fetch, begin: async () => {}, log });
    loop.wake();
    fetched.resolve([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(fetch).toHaveBeenCalledTimes(2);
    await loop.end();
  });

  it('goes on after a failure, and takes nothing after its end', async () => {
    const fetch = vi.fn(async (): Promise<readonly RunJob[]> => {
      throw new Error('no database');
    });
    const loop = startClaimLoop({ free: () => 1, fetch, begin: async () => {}, log });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(fetch).toHaveBeenCalledTimes(3);
    await loop.end();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(fetch).toHaveBeenCalledTimes(3);
  });
});
