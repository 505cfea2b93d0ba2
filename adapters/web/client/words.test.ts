import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWords } from './words.ts';

const kinds = (text: string) => readWords(text).map(({ kind, source }) => `${kind}:${source}`);

describe('readWords', () => {
  it('finds the few marks that people use', () => {
    expect(kinds('@commander run *all* of `npm test`')).toEqual([
      'mention:@commander',
      'text: run ',
      'bold:*all*',
      'text: of ',
      'code:`npm test`',
    ]);
  });

  it('takes a fence as it is, with marks inside left alone', () => {
    const [before, fence, after] = readWords('look:\n```ts\nconst a = *b* + `c`;\n```\nbad');
    expect(before).toEqual({ kind: 'text', source: 'look:\n' });
    expect(fence).toMatchObject({ kind: 'fence', text: 'const a = *b* + `c`;' });
    expect(after).toEqual({ kind: 'text', source: 'bad' });
  });

  it.each([
    ['(see https://example.org/a).', 'https://example.org/a'],
    ['https://en.wikipedia.org/wiki/Foo_(bar)', 'https://en.wikipedia.org/wiki/Foo_(bar)'],
    ['https://example.org/a?b=1&c=2#d, please', 'https://example.org/a?b=1&c=2#d'],
  ])('links within %s', (text, link) => {
    expect(readWords(text)).toContainEqual({ kind: 'link', source: link });
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://example.org', 'https://', '//example.org', 'vbscript:x'])(
    'does not link %s',
    (text) => {
      expect(readWords(text).some(({ kind }) => kind === 'link')).toBe(false);
    },
  );

  it.each(['2 * 3 * 4', 'a*b*c', '* item', '** no **', 'mail@example.org', 'a `b', '```'])(
    'leaves %s as it is',
    (text) => {
      expect(kinds(text)).toEqual([`text:${text}`]);
    },
  );

  it('loses nothing and invents nothing, whatever is written', () => {
    const mark = fc.constantFrom('*', '`', '```', '\n', '@', 'https://', '(', ')', ' ', 'a', '.', '<b>');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(mark).map((parts) => parts.join('')),
        ),
        (text) => {
          expect(
            readWords(text)
              .map(({ source }) => source)
              .join(''),
          ).toBe(text);
        },
      ),
    );
  });

  it('links only http and https', () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.constantFrom('', ' ', '(', 'javascript:'), (url, before) => {
        for (const piece of readWords(before + url)) {
          if (piece.kind === 'link') expect(new URL(piece.source).protocol).toMatch(/^https?:$/);
        }
      }),
    );
  });
});
