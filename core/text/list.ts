/** How a list of words is joined. */
export interface JoinOptions {
  /** The word before the last one. Default `and`. */
  readonly last?: 'and' | 'or';
  /** Show at most this many words; the rest are counted ("a, b and 7 more"). Default: all. */
  readonly limit?: number;
}

/** Words as in a sentence: `a`, `a and b`, `a, b and c`; nothing gives an empty string. */
export function joinWords(words: readonly string[], options: JoinOptions = {}): string {
  const { last = 'and', limit = words.length } = options;
  const more = words.length - limit;
  const shown = more > 0 ? [...words.slice(0, limit), `${more} more`] : words;
  if (shown.length < 2) return shown[0] ?? '';
  const joint = more > 0 ? 'and' : last;
  return `${shown.slice(0, -1).join(', ')} ${joint} ${shown.at(-1)}`;
}
