import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chunks } from './chunks.ts';

it('parts fit, and are the text again', () => {
  const texts = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.stringMatching(/^[ab\n]{0,200}$/));
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 60 }), (text, limit) => {
      const parts = chunks(text, limit);
      expect(parts.join('')).toBe(text);
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(limit);
        expect(part.isWellFormed()).toBe(text.isWellFormed() || part.isWellFormed());
      }
    }),
  );
});

it('lines stay whole where they fit', () => {
  expect(chunks('one\ntwo\nthree', 9)).toEqual(['one\ntwo\n', 'three']);
  expect(chunks('abcdef', 4)).toEqual(['abcd', 'ef']);
  expect(chunks('', 4)).toEqual(['']);
});
