import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, patternProblem } from './pattern.ts';

/** Regular expressions of all kinds that are understood, over a few characters so that texts hit them. */
const { source } = fc.letrec<{ source: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', '1', '.', '\\d', '\\w', '\\S', '[ab]', '[^a]', '[a-c1]', '[\\d-]', '\\.', '\\x61', 'é'),
    tie('source').map((inner) => `(${inner})`),
    tie('source').map((inner) => `(?:${inner})`),
  ),
  source: fc
    .array(
      fc.tuple(
        fc.constantFrom('', '', '', '|', '^', '\\b'),
        tie('atom'),
        fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{0,}', '+?'),
      ),
      { maxLength: 4 },
    )
    .map((parts) => parts.flat().join('')),
}));

/** Short: JavaScript, which is asked what they mean, tries the ways through a pattern one by one, and they double with each sign. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '-', '.', ' ', '\n', 'é', '😀'), maxLength: 6 });

describe('a pattern', () => {
  it('means what it means to JavaScript', () => {
    fc.assert(
      fc.property(source, text, (pattern, words) => {
        const own = compilePattern(pattern);
        expect(own.finds(words), pattern).toBe(new RegExp(pattern, 'u').test(words));
        expect(own.matches(words), pattern).toBe(new RegExp(`^(?:${pattern})$`, 'u').test(words));
      }),
      { numRuns: 1000 },
    );
  });

  it('matches a whole value, with or without ^ and $', () => {
    for (const version of [String.raw`\d+\.\d+\.\d+`, String.raw`^\d+\.\d+\.\d+$`]) {
      expect(compilePattern(version).matches('1.2.0')).toBe(true);
      expect(compilePattern(version).matches('1.2.0; rm -rf .')).toBe(false);
      expect(compilePattern(version).matches('1.2.0\n')).toBe(false);
    }
  });

  it.each(['(a+)+$', '(a|a)*$', '(a|aa)+$', '(.*)*x', 'a*a*a*a*a*a*a*a*b', '(a?){100}a{100}'])(
    'decides %s on a text made to hang other engines',
    (hostile) => {
      expect(compilePattern(hostile).matches(`${'a'.repeat(1000)}!`)).toBe(false);
    },
  );

  it.each([
    ['(?=x)', 'look-around'],
    [String.raw`(a)\1`, 'refer back'],
    ['(a', 'not closed'],
    ['a)', '")" too many'],
    ['[a', 'ends too early'],
    ['a\\', 'ends too early'],
    ['*a', 'nothing before it'],
    ['a**', 'two repetitions'],
    ['a{2,1}', 'wrong count'],
    ['a{x}', 'wrong count'],
    ['[z-a]', 'a-z'],
    [String.raw`\p{L}`, 'not understood'],
    [String.raw`\xg1`, 'hexadecimal'],
    ['^*', 'means nothing'],
    ['(a{99}){99}', 'too large'],
  ])('refuses %s and says why', (wrong, why) => {
    expect(patternProblem(wrong)).toContain(why);
  });

  it('is either refused with a reason or usable, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'binary' }), (any, words) => {
        const problem = patternProblem(any);
        if (problem === undefined) compilePattern(any).finds(words);
        else expect(problem).not.toBe('');
      }),
    );
  });
});
