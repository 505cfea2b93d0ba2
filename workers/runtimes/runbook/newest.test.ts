import { describe, expect, it } from 'vitest';
import { newest } from './newest.ts';

async function* now<T>(...values: T[]): AsyncGenerator<T> {
  yield* values;
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

describe('the newest of many values', () => {
  it('is the first at once and then the last of those that came meanwhile', async () => {
    expect(await all(newest(now(1, 2, 3), 60_000))).toEqual([1, 3]);
  });

  it('is nothing when there is none', async () => {
    expect(await all(newest(now(), 60_000))).toEqual([]);
  });

  it('shows what came while nobody looked, and ends without waiting for the interval', async () => {
    const first = Promise.withResolvers<void>();
    async function* slow() {
      yield 'a';
      await first.promise;
      yield 'b';
      yield 'c';
    }
    const seen: string[] = [];
    for await (const value of newest(slow(), 60_000)) {
      seen.push(value);
      first.resolve();
    }
    expect(seen).toEqual(['a', 'c']);
  });

  it('passes a failure on', async () => {
    async function* broken() {
      yield 1;
      throw new Error('broken');
    }
    await expect(all(newest(broken(), 60_000))).rejects.toThrow('broken');
  });
});
