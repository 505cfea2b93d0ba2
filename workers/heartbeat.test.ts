import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type HeartbeatOptions, keepLeases } from './heartbeat.ts';

const log = { info() {}, warn() {}, error() {} };

describe('the leases of held runs', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function keep(heartbeat: HeartbeatOptions['heartbeat']) {
    const lost: string[] = [];
    const cancelled: string[] = [];
    const over = new AbortController();
    const ended = keepLeases(
      {
        heartbeat,
        held: () => ['a', 'b'],
        onLost: (ids) => lost.push(...ids),
        onCancel: (id) => cancelled.push(id),
        log,
      },
      over.signal,
    );
    async function end() {
      over.abort();
      await vi.advanceTimersByTimeAsync(10_000);
      await ended;
    }
    return { lost, cancelled, end };
  }

  it('are renewed each second; what somebody else holds by now must stop', async () => {
    const heartbeat = vi.fn(async () => ({ ours: ['a'], cancel: ['a'] }));
    const { lost, cancelled, end } = keep(heartbeat);
    await vi.advanceTimersByTimeAsync(0);
    expect([lost, cancelled]).toEqual([['b'], ['a']]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(heartbeat).toHaveBeenCalledTimes(3);
    await end();
  });

  it.each([
    ['refuses', () => Promise.reject(new Error('no connection'))],
    ['does not answer', () => new Promise<never>(() => {})],
  ])('are given up by the worker itself after 7 s when the database %s', async (_, heartbeat) => {
    const { lost, end } = keep(heartbeat);
    await vi.advanceTimersByTimeAsync(6_900);
    expect(lost).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(lost).toEqual(['a', 'b']);
    await end();
  });

  it('are kept when the answer was there in time and this process got no processor to read it', async () => {
    const { lost, end } = keep(
      () =>
        new Promise((resolve) => {
          setTimeout(() => setImmediate(() => resolve({ ours: ['a', 'b'], cancel: [] })), 7_000);
        }),
    );
    await vi.advanceTimersByTimeAsync(7_001);
    expect(lost).toEqual([]);
    await end();
  });

  it('survive a short failure', async () => {
    let calls = 0;
    const { lost, end } = keep(async () => {
      calls += 1;
      if (calls % 2 === 0) throw new Error('a hiccup');
      return { ours: ['a', 'b'], cancel: [] };
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lost).toEqual([]);
    await end();
  });
});
