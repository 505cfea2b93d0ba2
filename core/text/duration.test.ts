import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration } from './duration.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [0.4, '0 s'],
    [340, '340 ms'],
    [999.6, '1 s'],
    [1_499, '1 s'],
    [4_000, '4 s'],
    [59_400, '59 s'],
    [59_500, '1 min'],
    [64_000, '1 min 4 s'],
    [120_000, '2 min'],
    [3_599_500, '1 h'],
    [7_500_000, '2 h 5 min'],
    [86_399_000, '1 d'],
    [262_800_000, '3 d 1 h'],
    [-5_000, '0 s'],
    [Number.NaN, 'an unknown time'],
  ])('says %d ms as %s', (milliseconds, words) => {
    expect(formatDuration(milliseconds)).toBe(words);
  });

  it('never counts a unit beyond what makes the next one', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e10, noNaN: true }), (milliseconds) => {
        expect(formatDuration(milliseconds)).not.toMatch(/\b(1000 ms|60 s|60 min|24 h)\b/);
      }),
    );
  });
});
