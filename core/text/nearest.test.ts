import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest, spellingDistance } from './nearest.ts';

const PROJECTS = ['strawberry-api', 'blueberry-web', 'billing', 'docs'];

describe('nearest', () => {
  it('finds what was meant in spite of slips, case and separators', () => {
    expect(nearest('strawbery-api', PROJECTS)).toEqual(['strawberry-api']);
    expect(nearest('Strawberry API', PROJECTS)).toEqual(['strawberry-api']);
    expect(nearest('biling', PROJECTS)).toEqual(['billing']);
    expect(nearest('dcos', PROJECTS)).toEqual(['docs']);
  });

  it('takes the beginning of a name', () => {
    expect(nearest('straw', PROJECTS)).toEqual(['strawberry-api']);
    expect(nearest('st', PROJECTS)).toEqual([]);
  });

  it('puts the best first and keeps the order of equals', () => {
    expect(nearest('test', ['tests', 'testing', 'test', 'tets'])).toEqual(['test', 'tests', 'testing']);
    expect(nearest('cat', ['bat', 'hat', 'cat'])).toEqual(['cat', 'bat', 'hat']);
  });

  it('offers nothing for another word, or for none', () => {
    expect(nearest('deploy', PROJECTS)).toEqual([]);
    expect(nearest(' - ', PROJECTS)).toEqual([]);
  });
});

describe('spellingDistance', () => {
  it('counts slips per letter; two swapped neighbours are one slip', () => {
    expect(spellingDistance('abcd', 'abdc')).toBe(1 / 4);
    expect(spellingDistance('abcd', 'abc')).toBe(1 / 4);
    expect(spellingDistance('abc', 'xyz')).toBe(1);
    expect(spellingDistance('', 'xyz')).toBe(1);
    expect(spellingDistance('', '-')).toBe(0);
  });

  it('is the same both ways, between 0 and 1, and 0 for the word itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const distance = spellingDistance(a, b);
        expect(distance).toBe(spellingDistance(b, a));
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThanOrEqual(1);
        expect(spellingDistance(a, a)).toBe(0);
      }),
    );
  });
});
