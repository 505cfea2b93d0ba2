import { expect, it } from 'vitest';
import { isMet } from './figures.ts';

it.each([
  [{ found: 99.9, below: 100 }, true],
  [{ found: 100, below: 100 }, false],
  [{ found: 4, most: 4 }, true],
  [{ found: 4.01, most: 4 }, false],
  [{ found: 0, most: 0 }, true],
  [{ found: 1, most: 0 }, false],
  // Of no figures at all: their quantile, and the most of them.
  [{ found: Number.NaN, most: 4 }, false],
  [{ found: Math.max(), below: 100 }, false],
  [{ found: Number.POSITIVE_INFINITY, below: 100 }, false],
])('a goal is met by its figure alone: %o', (goal, met) => {
  expect(isMet({ what: 'it', ...goal })).toBe(met);
});
