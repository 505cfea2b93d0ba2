/** A word further off than this share of its letters is another word, not a slip: 2 slips in 5 letters are still taken. */
const FARTHEST = 0.4;
/** Names are shorter; the cost of a comparison grows with the square of this. */
const LONGEST = 100;

/**
 * The candidates that `word` was probably meant to be, the best first, at most `max`: for "did you mean". Case, accents and
 * separators (`-`, `_`, `.`, space) don't count, nor do a few slips; a word that a candidate starts with is near too. Equally
 * near candidates keep their order.
 */
export function nearest(word: string, candidates: readonly string[], max = 3): string[] {
  if (fold(word) === '') return [];
  return candidates
    .map((candidate) => ({ candidate, distance: closeness(word, candidate) }))
    .filter(({ distance }) => distance <= FARTHEST)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, max)
    .map(({ candidate }) => candidate);
}

/**
 * How differently two words are spelt, from 0 (the same but for case, accents and separators) to 1 (nothing in common): slips
 * (a letter missing, added, changed, or two neighbours swapped) per letter of the longer word.
 */
export function spellingDistance(a: string, b: string): number {
  const [left, right] = [fold(a), fold(b)];
  if (left === right) return 0;
  return slips([...left], [...right]) / Math.max([...left].length, [...right].length);
}

function closeness(word: string, candidate: string): number {
  const distance = spellingDistance(word, candidate);
  const typed = fold(word);
  // Three letters say enough to mean the beginning of a name; a full match still comes first.
  const begins = typed.length >= 3 && fold(candidate).startsWith(typed);
  return begins && distance > 0 ? Math.min(distance, FARTHEST / 2) : distance;
}

function fold(word: string): string {
  return word
    .slice(0, LONGEST)
    .normalize('NFKD')
    .replace(/[\p{M}\s._-]+/gu, '')
    .toLowerCase()
    .slice(0, LONGEST);
}

/** Damerau-Levenshtein in its restricted form (optimal string alignment): no part of a word is edited twice. */
function slips(a: readonly string[], b: readonly string[]): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + change);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, at(beforeLast, column - 2) + 1);
      }
      current.push(best);
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
