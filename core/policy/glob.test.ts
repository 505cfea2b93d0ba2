import fc from 'fast-check';
import { expect, it } from 'vitest';
import { globFits, pathGlob, shellGlob } from './glob.ts';

const piece = fc.constantFrom('a', 'b', '.', '/', '*', '**', '**/', '?', '(', '[ab]');
const texts = fc.array(fc.constantFrom('a', 'b', '.', '/', '(', '['), { maxLength: 8 }).map((parts) => parts.join(''));
const patterns = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join(''));

/** The same as an expression, which says plainly what is meant, and takes for ever on the wrong text. */
function expressionOf(glob: string, meanings: Readonly<Record<string, string>>, parts: RegExp): RegExp {
  const source = glob
    .split(parts)
    .map((part) => meanings[part] ?? (part.startsWith('[') && part.endsWith(']') ? '.' : RegExp.escape(part)));
  return new RegExp(`^${source.join('')}$`, 's');
}

it('fits paths as the expression does that says the same', () => {
  const meanings = { '**/': '(?:[^/]+/)*', '**': '.*', '*': '[^/]*', '?': '[^/]' };
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      const plain = pattern.replaceAll('[ab]', '');
      expect(globFits(pathGlob(plain), text)).toBe(expressionOf(plain, meanings, /(\*\*\/|\*\*|\*|\?)/).test(text));
    }),
    { numRuns: 2_000 },
  );
});

it('fits at least the names that a shell takes a pattern for', () => {
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      const expression = expressionOf(pattern, { '*': '.*', '?': '.' }, /(\[[^\]]*\]|[*?])/);
      expect(globFits(shellGlob(pattern), text)).toBe(expression.test(text));
    }),
    { numRuns: 2_000 },
  );
});

it('ends with patterns and texts that are made to take for ever', () => {
  expect(globFits(pathGlob(`${'**/a/'.repeat(50)}c`), `${'a/'.repeat(2_000)}b`)).toBe(false);
  expect(globFits(shellGlob(`${'*'.repeat(1_000)}Z`), 'a'.repeat(255))).toBe(false);
});
