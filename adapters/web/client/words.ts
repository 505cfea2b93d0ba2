/** A piece of what a person wrote. `source` is exactly what stood there: the pieces' sources together are the text. */
export type WordPiece =
  | { readonly kind: 'text'; readonly source: string }
  | { readonly kind: 'bold'; readonly source: string; readonly text: string }
  | { readonly kind: 'code'; readonly source: string; readonly text: string }
  | { readonly kind: 'fence'; readonly source: string; readonly text: string }
  | { readonly kind: 'link'; readonly source: string }
  | { readonly kind: 'mention'; readonly source: string };

/**
 * Fence, inline code, link, bold, mention: the first that fits at the leftmost place. A fence opens and closes a line; `code` and
 * *bold* stay within a line, and bold hugs its words, so that `2 * 3 * 4` is left alone. No nested repetition: linear time.
 */
const patterns = new RegExp(
  [
    '^```[\\w+-]*\\n?(?<fence>[^]*?)\\n?```[ \\t]*$\\n?',
    '`(?<code>[^`\\n]{1,2000})`',
    '(?<link>\\bhttps?:\\/\\/[^\\s<>"\'`]{1,2000})',
    '(?<![\\w*])\\*(?<bold>[^\\s*](?:[^*\\n]{0,2000}[^\\s*])?)\\*(?![\\w*])',
    '(?<![\\w@.])@(?<mention>[\\p{L}\\p{N}][\\p{L}\\p{N}_-]{0,59})',
  ].join('|'),
  'gmu',
);

/** Reads a person's message. Nothing in it is ever markup for the browser: the pieces are drawn as text. */
export function readWords(text: string): readonly WordPiece[] {
  const pieces: WordPiece[] = [];
  let done = 0;
  for (const match of text.matchAll(patterns)) {
    const piece = pieceOf(match);
    if (match.index > done) pieces.push({ kind: 'text', source: text.slice(done, match.index) });
    pieces.push(piece);
    done = match.index + piece.source.length;
  }
  if (done < text.length) pieces.push({ kind: 'text', source: text.slice(done) });
  return pieces;
}

function pieceOf(match: RegExpMatchArray): WordPiece {
  const source = match[0];
  const { fence, code, link, bold } = match.groups ?? {};
  if (fence !== undefined) return { kind: 'fence', source, text: fence };
  if (code !== undefined) return { kind: 'code', source, text: code };
  if (link !== undefined) return linkOf(link);
  if (bold !== undefined) return { kind: 'bold', source, text: bold };
  return { kind: 'mention', source };
}

/** A sentence's end is not the link's: `(see https://example.org/a).` links to `https://example.org/a`. */
function linkOf(found: string): WordPiece {
  let end = found.length;
  while (end > 0 && isTail(found.slice(0, end))) end -= 1;
  const source = found.slice(0, end);
  return URL.canParse(source) ? { kind: 'link', source } : { kind: 'text', source: found };
}

function isTail(link: string): boolean {
  if (/[.,;:!?*_~]$/.test(link)) return true;
  const closing = { ')': '(', ']': '[', '}': '{' }[link.at(-1) ?? ''];
  return closing !== undefined && count(link, closing) < count(link, link.at(-1) ?? '');
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
