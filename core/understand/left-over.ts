import { isFiller } from './agent-request.ts';

/** Words between two requests of one sentence. */
const between = new Set(['and', 'then', 'afterwards', 'plus']);

/** The parts of a sentence that stand between "and", "then" and the like, as far as they say something. */
export function partsOf(words: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (between.has(word.toLowerCase())) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts.filter((part) => firstMeaning(part) < part.length);
}

/** What comes after them is why something is wanted, which the request keeps, and nothing that is to be done. */
const reasons = new Set(['because', 'since']);

/** What a request says that nothing was made of, in its own words; `undefined` where it says nothing. */
export function leftOver(left: readonly string[]): string | undefined {
  const reason = left.findIndex((word) => reasons.has(word.toLowerCase()));
  const said = left.slice(0, reason < 0 ? left.length : reason);
  const words = said.slice(firstMeaning(said));
  const last = words.findLastIndex((word) => !isFiller(word));
  return last < 0 ? undefined : words.slice(0, last + 1).join(' ');
}

function firstMeaning(words: readonly string[]): number {
  const first = words.findIndex((word) => !isFiller(word) && !between.has(word.toLowerCase()));
  return first < 0 ? words.length : first;
}
