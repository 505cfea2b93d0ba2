import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchLateness } from './lateness.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => vi.useRealTimers());

it('knows how late it was within the last minute, and says so once a minute when that was too late', () => {
  let busy = 0;
  const warn = vi.fn();
  const lateness = watchLateness({ warn }, () => performance.now() + busy);
  vi.advanceTimersByTime(5000);
  expect([lateness.most(), warn.mock.calls]).toEqual([0, []]);
  for (const work of [300, 1500, 1200]) {
    busy += work;
    vi.advanceTimersByTime(500);
  }
  expect(lateness.most()).toBe(1500);
  expect(warn.mock.calls).toEqual([[{ lateMs: 1500 }, expect.stringContaining('too busy')]]);
  vi.advanceTimersByTime(65_000);
  expect(lateness.most()).toBe(0);
  busy += 2000;
  vi.advanceTimersByTime(500);
  expect(warn).toHaveBeenCalledTimes(2);
  lateness.stop();
});
