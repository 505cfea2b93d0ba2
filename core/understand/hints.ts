import { unquote } from '#core/text/quotes.ts';
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
  [/\b(not (?:so |very |that )?urgent|low prio(?:rity)?|no hurry|no rush|whenever)\b/i, 80],
  [/\b(urgent|urgently|asap|immediately|right away|high prio(?:rity)?|p0|p1)\b/i, 10],
];

const tasks = String.raw`(?:tasks?\s{1,9})?((?:#\d{1,9}(?:\s{0,9}(?:,|and)\s{0,9})?)+)`;
const done = String.raw`\s{0,9}(?:is|are|has|have)\s{1,9}(?:done|finished|completed|ready)\b`;

/** What a task waits for. "when #12 fails" is none of it. */
const order = [
  new RegExp(String.raw`\b(?:once|when|as soon as)\s{1,9}${tasks}${done}`, 'gi'),
  new RegExp(String.raw`\b(?:after|depend(?:s|ing) on|blocked by|wait(?:s|ing)? for)\s{1,9}${tasks}(?:${done})?`, 'gi'),
];

/** “as a PDF”, “as CSV file”, “in PDF format”. */
const formatWords =
  /\bas\s{1,9}(?:an?\s{1,9})?["'“„«]?([a-z]{2,5})\b["'”“»]?(?:\s{1,9}(?:file|document)\b)?|\bin\s{1,9}([a-z]{2,5})\s{1,9}format\b/i;

/** Finds hints. Linear in the text's length. */
export function readHints(text: string): Hints {
  const named: Record<string, string> = {};
  const after: number[] = [];
  let priority: number | undefined;
  let format: string | undefined;
  const { files, rest: request } = readFiles(text);
  let rest = request;
  for (const words of order) {
    rest = rest.replaceAll(words, (_, numbers: string) => {
      after.push(...[...numbers.matchAll(/\d+/g)].map(Number));
      return ' ';
    });
  }
  rest = rest.replace(/\bprio(?:rity)?(?:\s*[:=])?\s*(\d{1,3})\b/i, (whole, number: string) => {
    if (Number(number) > 100) return whole;
    priority = Number(number);
    return ' ';
  });
  for (const [words, value] of urgency) {
    if (priority === undefined && words.test(rest)) priority = value;
    rest = rest.replace(words, ' ');
  }
  rest = rest.replace(formatWords, (_, as: string | undefined, said = '') => {
    const name = as ?? said;
    format = name.toLowerCase();
    return ' ';
  });
  rest = rest.replaceAll(
    /(?<![\w/])([a-z][\w-]{0,39})\s?[=]\s?("[^"\n]*"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|\S+)/gi,
    (_, name: string, value: string) => {
      named[name.toLowerCase()] = value === '""' ? '' : unquote(value);
      return ' ';
    },
  );
  return { named, priority, after, format, files, rest: rest.replaceAll(/\bplease\b/gi, ' ') };
}
