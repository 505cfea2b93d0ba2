import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pingsOf, risksOf, shownBy } from '#tests/slack-server/blocks/texts.ts';
import { isMarkdown, markdownParts, safeMarkdown } from './markdown.ts';

/** What breaks such rules: signs of Markdown and of Slack, in any order. */
const sign = fc.constantFrom(
  ...[
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
    '`',
    '``',
    '```',
    '~~~',
    '\\',
    '\\\\',
    '!',
    '&',
    '&lt;',
    '&#60;',
    '|',
    '*',
    '_',
    '-',
  ],
  ...[
    '---',
    '***',
    '- [x]',
    '- [ ] ',
    '1. [x](',
    '# ',
    '> ',
    '\n',
    '\n\n',
    '    ',
    ' ',
    '[a]: ',
    'https://evil.example',
    '[^1]',
  ],
  ...[
    '<!channel>',
    '<@U012>',
    '<!subteam^S1>',
    '<https://evil.example|safe>',
    '@here',
    '@channel',
    '<a href=x>',
    'word',
  ],
);
const hostile = fc.oneof(
  fc.array(sign, { maxLength: 25 }).map((signs) => signs.join('')),
  fc.string({ maxLength: 200 }),
);

/** As a reader sees it who takes what is behind a backslash for the sign itself; unseen marks and ends of lines aside. */
function plain(text: string): string {
  return text.replaceAll('\u200b', '').replace(/\\([\\`*_{}[\]()#+\-.!])/g, '$1');
}

describe('Markdown of others', () => {
  it('pings nobody, hides no address, draws no line and opens no code, whatever it says', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const prose = markdownParts(text, 300).filter(({ kind }) => kind === 'prose');
        for (const part of prose) {
          const safe = safeMarkdown(part.text);
          expect(risksOf(safe)).toEqual([]);
          expect(pingsOf('', [{ type: 'markdown', text: safe }])).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('says the same', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const part of markdownParts(text, 300))
          if (part.kind === 'prose') expect(shownBy(safeMarkdown(part.text))).toBe(plain(part.text));
      }),
      { numRuns: 1000 },
    );
  });

  it('is cut at its fences and paragraphs into parts that fit, and loses nothing but these', () => {
    const lines = fc
      .array(fc.oneof(sign, fc.string({ maxLength: 40 })), { maxLength: 30 })
      .map((all) => all.join('\n'));
    fc.assert(
      fc.property(lines, fc.integer({ min: 20, max: 200 }), (text, limit) => {
        const parts = markdownParts(text, limit);
        for (const part of parts) expect(part.text.length).toBeLessThanOrEqual(limit);
        const letters = (words: string) => words.replace(/[^a-z]/g, '');
        const isFence = (line: string) => /^\s*(?:(?:[-*+]|\d+[.)])\s+)?(?:`{3}|~{3})/.test(line);
        const all = text.split('\n').map((line) => (isFence(line) ? `(?:${letters(line)})?` : letters(line)));
        expect(letters(parts.map((part) => part.text).join(''))).toMatch(new RegExp(`^${all.join('')}$`));
      }),
    );
  });

  it('keeps headings, lists, tables, boxes, marked words and code', () => {
    const text = [
      '# What I did',
      '',
      '- **one** of `npm test`',
      '  - nested *words*',
      '1. [x] not a list of boxes',
      '- [ ] to do',
      '',
      '| File | Lines |',
      '| --- | ---: |',
      '| a.ts | 3 |',
    ].join('\n');
    expect(safeMarkdown(text)).toBe(text);
    expect(markdownParts(`${text}\n\`\`\`ts\nconst a = b[0](c);\n\`\`\`\nafter`, 2900)).toEqual([
      { kind: 'prose', text },
      { kind: 'code', text: 'const a = b[0](c);' },
      { kind: 'prose', text: 'after' },
    ]);
  });

  it.each([
    ['a link shows where it leads', '[safe](https://evil.example)', '\\[safe\\](https://evil.example)'],
    ['a picture too', '![x](https://evil.example)', '!\\[x\\](https://evil.example)'],
    ['an escaped sign stays one', '\\[a](b) \\\\[c](d)', '\\[a\\](b) \\\\\\[c\\](d)'],
    ['a line that divides is words', 'a\n---\nb', 'a\n\\---\nb'],
    ['a token of Slack’s is words', '<!here> <@U1>', '&lt;!here&gt; &lt;@U1&gt;'],
    ['words that look like an entity stay', '&lt;!here&gt; R&D', '&amp;lt;!here&amp;gt; R&D'],
    ['code that would mean something else is words', '`[a](b)`', '\\`\\[a\\](b)\\`'],
  ])('%s', (_, text, safe) => {
    expect(safeMarkdown(text)).toBe(safe);
  });

  it.each([
    ['# Result', true],
    ['- one\n- two', true],
    ['a | b\n--- | ---\n1 | 2', true],
    ['```\ncode\n```', true],
    ['All **twelve** tests pass', true],
    ['All tests pass. 2 * 3 * 4 = 24, see a_b_c and #12.', false],
  ])('is told from plain words: %s', (text, is) => {
    expect(isMarkdown(text)).toBe(is);
  });
});
