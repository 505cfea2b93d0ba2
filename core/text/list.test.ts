import { describe, expect, it } from 'vitest';
import { joinWords } from './list.ts';

describe('joinWords', () => {
  it('joins as in a sentence', () => {
    expect(joinWords([])).toBe('');
    expect(joinWords(['a'])).toBe('a');
    expect(joinWords(['a', 'b'])).toBe('a and b');
    expect(joinWords(['a', 'b', 'c'])).toBe('a, b and c');
    expect(joinWords(['a', 'b', 'c'], { last: 'or' })).toBe('a, b or c');
  });

  it('counts what is beyond the limit', () => {
    expect(joinWords(['a', 'b', 'c', 'd'], { limit: 2, last: 'or' })).toBe('a, b and 2 more');
    expect(joinWords(['a', 'b'], { limit: 2 })).toBe('a and b');
    expect(joinWords(['a', 'b'], { limit: 0 })).toBe('2 more');
  });
});
