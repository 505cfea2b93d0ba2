import { spellingDistance } from '#core/text/nearest.ts';
import { quoteMarks } from '#core/text/quotes.ts';

const around = {
  before: new RegExp(`^[(${quoteMarks}]+`, 'u'),
  after: new RegExp(`[)${quoteMarks}.,;:!?]+$`, 'u'),
};

/** Longest text that is read for its words; what is beyond is kept with the task but decides nothing. */
const readLimit = 2000;

/** The words of a text without surrounding punctuation. */
export function wordsOf(text: string): readonly string[] {
  return text
    .slice(0, readLimit)
    .split(/\s+/)
    .map((word) => word.replace(around.before, '').replace(around.after, ''))
    .filter((word) => word !== '');
}

export interface FoundPhrase {
  readonly start: number;
  /** Index after the last word. */
  readonly end: number;
  readonly exact: boolean;
}

/** Largest relative spelling distance that still counts as the same word: one slip in five letters. */
const drift = 0.2;

/** Where a phrase stands in some words: as written first, else with its spelling drifted; short words must be as written. */
export function findPhrase(words: readonly string[], phrase: readonly string[]): FoundPhrase | undefined {
  if (phrase.length === 0) return undefined;
  const places = words.map((_, start) => start).filter((start) => start + phrase.length <= words.length);
  const start = places.find((at) => phrase.every((word, index) => same(words[at + index], word)));
  if (start !== undefined) return { start, end: start + phrase.length, exact: true };
  const near = places.find((at) => phrase.every((word, index) => similar(words[at + index] ?? '', word)));
  return near === undefined ? undefined : { start: near, end: near + phrase.length, exact: false };
}

/** Fewest letters of a name that is found in words of their own: shorter ones are words that people say anyway. */
const leastApart = 6;

/** Where a name with separators stands as words of their own: “strawberry api” for `strawberry-api`. */
export function findApart(words: readonly string[], name: string): FoundPhrase | undefined {
  const parts = name.split(/[\s._-]+/).filter((part) => part !== '');
  if (parts.length < 2 || parts.join('').length < leastApart) return undefined;
  const found = findPhrase(words, parts);
  return found === undefined ? undefined : { ...found, exact: false };
}

function same(word: string | undefined, wanted: string): boolean {
  return word?.toLowerCase() === wanted.toLowerCase();
}

function similar(word: string, wanted: string): boolean {
  if (same(word, wanted)) return true;
  if (wanted.length < 4 || Math.abs(word.length - wanted.length) > 2) return false;
  return spellingDistance(word.toLowerCase(), wanted.toLowerCase()) <= drift;
}
