import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitText } from './split.ts';

const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.constantFrom(
    '```',
    '```ts',
    '````',
    '`'.repeat(20),
    '`'.repeat(100),
    `${'`'.repeat(20)}a-language-of-many-letters-1234`,
    '`'.repeat(70),
    '# Title',
    'a \\* b \\\\',
    '😀'.repeat(40),
    'word '.repeat(30),
    '    ```',
  ),
);
const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.join('\n'));
const limit = fc.integer({ min: 100, max: 400 });

/** Whether a block of code is open at the end of a text. */
function isOpen(markdown: string): boolean {
  let ticks = 0;
  for (const each of markdown.split('\n')) {
    const [, found, info = ''] = /^ {0,3}(`{3,20})([^`]*)$/.exec(each) ?? [];
    if (found === undefined) continue;
    if (ticks === 0) ticks = found.length;
    else if (found.length >= ticks && info.trim() === '') ticks = 0;
  }
  return ticks > 0;
}

describe('a long text', () => {
  it('is split without losing or adding anything, within the limit', () => {
    fc.assert(
      fc.property(text, limit, (whole, most) => {
        const pieces = splitText(whole, most);
        expect(pieces.map((piece) => piece.text).join('')).toBe(whole);
        for (const { before, text: part, after } of pieces)
          expect((before + part + after).length).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('is never split within a character, and each part closes its blocks of code', () => {
    fc.assert(
      fc.property(text, limit, (whole, most) => {
        const pieces = splitText(whole, most);
        if (whole.isWellFormed()) expect(pieces.every((piece) => piece.text.isWellFormed())).toBe(true);
        for (const { before, text: part, after } of pieces.slice(0, -1))
          expect(isOpen(before + part + after)).toBe(false);
      }),
    );
  });

  it('of just the limit is one part, and of one more it is two', () => {
    expect(splitText('x'.repeat(100), 100)).toEqual([{ before: '', text: 'x'.repeat(100), after: '' }]);
    expect(splitText('x'.repeat(101), 100).map((piece) => piece.text.length)).toEqual([100, 1]);
  });

  it('opens a block again with its language', () => {
    const code = `\`\`\`ts\n${'let a = 1;\n'.repeat(10)}\`\`\``;
    const [first, second] = splitText(code, 80);
    expect(first?.after).toBe('```');
    expect(second?.before).toBe('```ts\n');
  });
});
