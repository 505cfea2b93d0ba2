import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLineFeed } from './line-feed.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

describe('line feed', () => {
  it('has room for a second’s worth of lines, and more as time passes', () => {
    const feed = createLineFeed(10);
    expect(feed.room()).toBe(10);
    for (let index = 0; index < 10; index += 1) feed.offer({ stream: 'out', text: `${index}` });
    expect(feed.room()).toBe(0);
    vi.advanceTimersByTime(300);
    expect(feed.room()).toBe(3);
    vi.advanceTimersByTime(60_000);
    expect(feed.room()).toBe(10);
  });

  it('takes no more than a reader may be behind', () => {
    const feed = createLineFeed(5_000);
    for (let index = 0; index < 1_000; index += 1) feed.offer({ stream: 'out', text: '' });
    expect(feed.room()).toBe(0);
  });

  it('says with the next line how many were left out before it', async () => {
    const feed = createLineFeed(10);
    feed.drop(3);
    feed.drop(4);
    feed.offer({ stream: 'out', text: 'a' });
    feed.offer({ stream: 'err', text: 'b' });
    feed.drop(2);
    feed.close();
    expect(await Array.fromAsync(feed.lines)).toEqual([
      { stream: 'out', text: 'a', dropped: 7 },
      { stream: 'err', text: 'b' },
    ]);
    expect(feed.dropped).toBe(9);
  });

  it('wakes a waiting reader, for a line and for the end', async () => {
    const feed = createLineFeed(10);
    const read = Array.fromAsync(feed.lines);
    await Promise.resolve();
    feed.offer({ stream: 'out', text: 'late' });
    await Promise.resolve();
    feed.close();
    expect(await read).toEqual([{ stream: 'out', text: 'late' }]);
  });
});
