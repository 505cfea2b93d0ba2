import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut } from '#core/text/cut.ts';
import { codeBlock, escapeText, inlineCode, plainName } from './escape.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '@everyone',
        '@here',
        '<@123>',
        '<@&5>',
        '<#9>',
        '[a](',
        ')',
        '`',
        '```',
        '\\',
        '*',
        '_',
        '||',
        '~~',
        '\n',
        '# ',
        '> ',
        'https://x',
        'a',
        '😀',
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
);

/** What Discord would read as a ping, were pings not switched off. */
const ping = /@(everyone|here)|(?<!\\)<@[!&]?\d+>|(?<!\\)<#\d+>/;

describe('foreign text', () => {
  it('never pings, links or formats', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = escapeText(text);
        expect(shown).not.toMatch(ping);
        expect(shown).not.toMatch(/https?:\/\//i);
        expect(shown.replace(/\\[\\*_~`|[\]<>]/g, '')).not.toMatch(/[*_~`|[\]<>]/);
      }),
    );
  });

  it('never ends a block or a piece of code', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(codeBlock(text).slice(4, -4)).not.toContain('```');
        const code = inlineCode(text);
        const [fence = ''] = /^`+/.exec(code) ?? [];
        expect(
          code
            .slice(fence.length, -fence.length)
            .split(/(?<!`)`+(?!`)/)
            .every((part) => part !== fence),
        ).toBe(true);
        expect([...code.slice(fence.length, -fence.length).matchAll(/`+/g)].some(([ticks]) => ticks === fence)).toBe(
          false,
        );
      }),
    );
  });

  it('is cut to a length, never within a character', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const short = cut(text, limit);
        expect(short.length).toBeLessThanOrEqual(limit);
        const before = short.endsWith('…') ? short.slice(0, -1) : short;
        if (text.isWellFormed()) expect(before.isWellFormed()).toBe(true);
        expect(text.startsWith(before)).toBe(true);
      }),
    );
  });

  it('makes a name of one line that pings nobody', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const name = plainName(text, 100);
        expect(name).not.toMatch(/\n|@everyone|@here/);
        expect(name.length).toBeGreaterThan(0);
        expect(name.length).toBeLessThanOrEqual(100);
      }),
    );
  });
});

it('ends with text that is made to take for ever', () => {
  const lines = '\n'.repeat(500_000);
  const spaces = '\u00a0'.repeat(500_000);
  expect(escapeText(lines)).toBe(lines);
  expect(inlineCode(`a${spaces}b`)).toBe(`\`a${spaces}b\``);
});
