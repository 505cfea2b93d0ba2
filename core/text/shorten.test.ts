import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shorten } from './shorten.ts';

describe('shorten', () => {
  it('leaves what fits', () => {
    expect(shorten('exactly', 7)).toBe('exactly');
  });

  it('ends cut text in an ellipsis, without a space before it', () => {
    expect(shorten('one two three', 8)).toBe('one two…');
    expect(shorten('one two three', 5)).toBe('one…');
  });

  it('never halves a character as people see it', () => {
    expect(shorten('ab👨‍👩‍👧cd', 6)).toBe('ab…');
    expect(shorten('e\u0301e\u0301e\u0301', 4)).toBe('e\u0301…');
  });

  it('gives nothing where nothing fits', () => {
    expect(shorten('abc', 0)).toBe('');
    expect(shorten('abc', 1)).toBe('…');
  });

  it('always fits, and is a beginning of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, max) => {
        const short = shorten(text, max);
        expect(short.length).toBeLessThanOrEqual(max);
        expect(short.isWellFormed()).toBe(true);
        expect(text.startsWith(short === text ? short : short.replace(/…$/, ''))).toBe(true);
      }),
    );
  });
});
