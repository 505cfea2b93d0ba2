import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText, revealText } from './sanitise.ts';

/** What no cleaned text may hold: controls but newline and tab, direction marks, tags, lone surrogates, noncharacters. */
const DANGEROUS =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\u{e0000}-\u{e0fff}]|\p{Surrogate}/u;

const HOSTILE: readonly (readonly [name: string, input: string, shown: string])[] = [
  ['colour (SGR)', '\x1b[1;31mred\x1b[0m', 'red'],
  ['cursor movement', 'a\x1b[2A\x1b[10Cb', 'ab'],
  ['erase display', 'safe\x1b[2J\x1b[H!', 'safe!'],
  ['private mode', '\x1b[?1049hx\x1b[?25l', 'x'],
  ['intermediate bytes', '\x1b[1 qx\x1b[!p', 'x'],
  ['CSI as C1', '\x9b31mred', 'red'],
  ['broken-off CSI', 'x\x1b[31', 'x'],
  ['window title (OSC 0)', '\x1b]0;owned\x07x', 'x'],
  ['hyperlink (OSC 8)', '\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\', 'click'],
  ['clipboard (OSC 52)', '\x1b]52;c;cm0gLXJm\x07x', 'x'],
  ['OSC as C1', '\x9d0;owned\x9cx', 'x'],
  ['OSC without end hides its line only', '\x1b]0;owned\nnext', '\nnext'],
  ['DCS', '\x1bP$q"p\x1b\\x', 'x'],
  ['DCS as C1', '\x90payload\x9cx', 'x'],
  ['APC', '\x1b_Gpayload\x1b\\x', 'x'],
  ['PM', '\x1b^private\x1b\\x', 'x'],
  ['SOS', '\x1bXstring\x1b\\x', 'x'],
  ['charset switch', '\x1b(0lqk\x1b(B', 'lqk'],
  ['terminal reset', '\x1bcx', 'x'],
  ['lone escape', 'a\x1b', 'a'],
  ['escape split by an escape', '\x1b\x1b[m[31mx', '[31mx'],
  ['CR overwrite', 'rm -rf /\recho hi', 'echo hi'],
  ['progress bar', ' 10%\r 50%\r100%\n', '100%\n'],
  ['CR LF', 'a\r\nb\r\r\n', 'a\nb\n'],
  ['CR before invisible text', 'shown\r\u200b', 'shown'],
  ['BS overwrite', 'abc\b\bX', 'aXc'],
  ['BS before the start', '\b\b\bx', 'x'],
  ['NUL', 'a\0b', 'ab'],
  ['bell', 'a\x07b', 'ab'],
  ['DEL', 'a\x7fb', 'ab'],
  ['other line ends', 'a\u2028b\u2029c\u0085d\ve\ff', 'a\nb\nc\nd\ne\nf'],
  ['direction override', 'user\u202egnp.exe', 'usergnp.exe'],
  ['direction isolates', '\u2066a\u2069\u2067b\u2068', 'ab'],
  ['direction marks', 'a\u200e\u200f\u061cb', 'ab'],
  ['zero width', 'pass\u200bword\u2060\ufeff', 'password'],
  ['joiners between Latin letters', 'ad\u200dmin\u200c', 'admin'],
  ['soft hyphen, grapheme joiner, fillers', 'a\u00ad\u034f\u115f\u1160\u3164\uffa0\u180eb', 'ab'],
  ['tags', 'hi\u{e0001}\u{e0068}\u{e0069}\u{e007f}', 'hi'],
  ['variation selectors as a hidden message', 'a\ufe00\ufe01\u{e0100}\u{e01ef}b', 'ab'],
  ['annotation', '\ufff9a\ufffab\ufffb\ufffc', 'ab'],
  ['noncharacters', 'a\uffff\ufdd0\u{10ffff}b', 'ab'],
  ['lone surrogates', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
  ['stacked marks', `a${'\u0300'.repeat(50)}b`, `a${'\u0300'.repeat(8)}b`],
];

const KEPT: readonly (readonly [name: string, text: string])[] = [
  ['newline and tab', 'a\tb\nc\n'],
  ['accents and other scripts', 'Größe, été, 日本語, עברית, العربية, हिन्दी'],
  ['emoji of several parts', '👨‍👩‍👧 ❤️ 🏳️‍🌈 👩🏽‍💻 5️⃣'],
  ['joiners that spelling needs', 'می‌خواهم क्‍ष'],
  ['markup, which is the adapter’s to escape', '<b>*x*</b> @everyone <!channel> `code`'],
];

describe('plainText', () => {
  it.each(HOSTILE)('makes %s harmless', (_, input, shown) => {
    expect(plainText(input)).toBe(shown);
  });

  it.each(KEPT)('keeps %s', (_, text) => {
    expect(plainText(text)).toBe(text);
  });

  it('puts all on one line when asked', () => {
    expect(plainText('  a\r\n\tb\u2028\n c ', { singleLine: true })).toBe('a b c');
  });

  it('cuts to the length asked for', () => {
    expect(plainText('\x1b[1mabcdef', { maxLength: 4 })).toBe('abc…');
  });

  it('is harmless for any text, and settled after one pass', () => {
    const pieces = fc.oneof(
      fc.constantFrom(...HOSTILE.map(([, input]) => input)),
      fc.string({ unit: 'binary' }),
      loneUnits(),
    );
    fc.assert(
      fc.property(
        fc.array(pieces).map((parts) => parts.join('')),
        (text) => {
          const shown = plainText(text);
          expect(shown).not.toMatch(DANGEROUS);
          expect(shown.isWellFormed()).toBe(true);
          expect(plainText(shown)).toBe(shown);
          expect(plainText(text, { singleLine: true })).not.toMatch(/[\n\t]/);
        },
      ),
    );
  });

  it('takes time in proportion to the text: a megabyte of half sequences is done', () => {
    const half = ['\x1b]', '\x1b[', '\x9d', 'a\r', 'a\b', '\u200d', '\u0300', '👩\u200d'];
    for (const piece of half)
      expect(plainText(piece.repeat(1_000_000 / piece.length)).length).toBeLessThanOrEqual(1_000_000);
  });
});

describe('revealText', () => {
  it('writes out what would be hidden or overwritten', () => {
    expect(revealText('rm -rf /\recho hi\x1b[2K \u202eexe\u200b\0')).toBe(
      'rm -rf /\\recho hi\\x1b[2K \\u{202e}exe\\u{200b}\\x00',
    );
  });

  it('leaves ordinary text as it is', () => {
    expect(revealText('npm test\n\t-- "größer"')).toBe('npm test\n\t-- "größer"');
  });

  it('leaves nothing dangerous in any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), loneUnits()), (text) => {
        expect(revealText(text)).not.toMatch(DANGEROUS);
      }),
    );
  });
});

/** Any UTF-16 units, halves of surrogate pairs included. */
function loneUnits(): fc.Arbitrary<string> {
  return fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
}

it('ends with text that is made to take for ever', () => {
  expect(plainText('\r'.repeat(500_000))).toBe('');
  expect(plainText(`${'\r'.repeat(500_000)}\nx`)).toBe('\nx');
});
