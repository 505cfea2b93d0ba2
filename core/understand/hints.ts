import { readFiles } from './read-files.ts';

/** What a request says besides what to do. */
export interface Hints {
  /** `name=value` pairs, names in lower case. */
  readonly named: Readonly<Record<string, string>>;
  readonly priority?: number;
  /** Task numbers of "after #12", "depends on #12". */
  readonly after: readonly number[];
  /** The format of "as PDF", in lower case. */
  readonly format?: string;
  /** Paths and patterns of “files: …”, as they were written. */
  readonly files: readonly string[];
  /** The text without those words. */
  readonly rest: string;
}

/** Words that people use for urgency, as priorities from 0 (first) to 100. */
const urgency: readonly (readonly [RegExp, number])[] = [
  [/\b(urgent|urgently|asap|high priority|p0|p1)\b/i, 10],
  [/\b(low priority|no hurry|whenever)\b/i, 80],
];

/** Finds hints. Linear in the text's length. */
export function readHints(text: string): Hints {
  const named: Record<string, string> = {};
  const after: number[] = [];
  let priority: number | undefined;
  let format: string | undefined;
  const { files, rest: request } = readFiles(text);
  let rest = request.replaceAll(
    /\b(?:after|depends on)\s+((?:#\d{1,9}(?:\s*(?:,|and)\s*)?)+)/gi,
    (_, numbers: string) => {
      after.push(...[...numbers.matchAll(/\d+/g)].map(Number));
      return ' ';
    },
  );
  rest = rest.replace(/\bpriority(?:\s*[:=])?\s*(\d{1,3})\b/i, (whole, number: string) => {
    if (Number(number) > 100) return whole;
    priority = Number(number);
    return ' ';
  });
  for (const [words, value] of urgency) {
    if (priority === undefined && words.test(rest)) priority = value;
    rest = rest.replace(words, ' ');
  }
  rest = rest.replace(/\bas\s+(?:an?\s+)?([a-z]{2,5})\b/i, (_, name: string) => {
    format = name.toLowerCase();
    return ' ';
  });
  rest = rest.replaceAll(/(?<![\w/])([a-z][\w-]{0,39})\s?[=]\s?("[^"\n]*"|\S+)/gi, (_, name: string, value: string) => {
    named[name.toLowerCase()] = value.replace(/^"(.*)"$/, '$1');
    return ' ';
  });
  return { named, priority, after, format, files, rest: rest.replaceAll(/\bplease\b/gi, ' ') };
}
