import { expect, it } from 'vitest';
import { batched } from './batch.ts';

it('does at once what is asked alone, and together what is asked meanwhile', async () => {
  const calls: number[][] = [];
  const held = Promise.withResolvers<void>();
  const double = batched(async (rows: readonly number[]) => {
    calls.push([...rows]);
    if (calls.length === 1) await held.promise;
    return rows.map((row) => row * 2);
  });
  const results = [1, 2, 3].map((row) => double(row));
  held.resolve();
  expect(await Promise.all(results)).toEqual([2, 4, 6]);
  expect(calls).toEqual([[1], [2, 3]]);
});

it('fails only the row that is bad', async () => {
  const half = batched(async (rows: readonly number[]) => {
    if (rows.some((row) => row % 2 === 1)) throw new Error('odd');
    return rows.map((row) => row / 2);
  });
  const results = await Promise.allSettled([2, 4, 5, 6].map((row) => half(row)));
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual([
    1,
    2,
    'failed',
    3,
  ]);
  expect(await half(8)).toBe(4);
});
