import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes } from './bytes.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [-1, '0 B'],
    [999, '999 B'],
    [1_000, '1 kB'],
    [1_540, '1.5 kB'],
    [9_960, '10 kB'],
    [24_400_000, '24 MB'],
    [999_600_000, '1 GB'],
    [10 * 1024 ** 2, '10 MB'],
    [2 ** 53, '9 PB'],
    [Number.POSITIVE_INFINITY, 'an unknown size'],
  ])('says %d bytes as %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  it('is short for any size', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(formatBytes(bytes)).toMatch(/^(\d|\d\.\d|\d{2,3}) [kMGTP]?B$/);
      }),
    );
  });
});
