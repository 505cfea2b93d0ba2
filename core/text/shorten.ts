/** The mark of left-out text. */
const ELLIPSIS = '…';

/**
 * `text` cut to at most `maxLength` UTF-16 units (what `string.length` and chat platforms count), the ellipsis included. The
 * cut is between two characters as people see them: it never halves an emoji or takes an accent off its letter.
 */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  if (maxLength < 1) return '';
  // The segment around the last unit that fits starts where everything before it is whole.
  const head = text.slice(0, maxLength + LOOK_AHEAD);
  const cut = SEGMENTER.segment(head).containing(maxLength - 1)?.index ?? 0;
  return head.slice(0, cut).trimEnd() + ELLIPSIS;
}

/** More units than any real emoji or letter with its marks has: enough to see whether the one at the cut goes on. */
const LOOK_AHEAD = 64;

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' });
