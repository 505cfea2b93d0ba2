import { unquote } from '#core/text/quotes.ts';

/** An earlier output that a request is to work on. */
export interface Use {
  /** The task that made it, by its number. */
  readonly task: number;
  /** Absent: all that the task made. */
  readonly name?: string;
  /** Absent: the newest. */
  readonly version?: number;
}

export interface ReadUses {
  readonly uses: readonly Use[];
  /** The request without the words that give it something; a name that the request is about stays in it. */
  readonly rest: string;
}

/** Longest text that is read for this; what is beyond stays as it is. */
const readLimit = 2000;

const name = String.raw`(?:"[^"\n]{1,200}"|“[^”\n]{1,200}”|„[^“”\n]{1,200}[“”]|«[^»\n]{1,200}»|[^\s"“”„«»,#]{1,200}\.[^\s"“”„«»,#.]{1,12})`;
const names = String.raw`${name}(?:\s{0,3}(?:,|and)\s{1,3}${name}){0,9}`;
const lead = String.raw`\b(?:with|using|use)\s{1,3}`;
const what = String.raw`(?:the\s{1,3}|all\s{1,3}){0,2}`;
const of = String.raw`\s{1,3}(?:of|from)\s{1,3}(?:task\s{1,3})?`;
const task = String.raw`#(\d{1,9})\b`;

const version = String.raw`(?:,?\s{1,3}version\s{1,3}(\d{1,4}))?`;

/** “with report.pdf of #12”, “report.pdf version 2 of #12”. */
const byName = new RegExp(`(${lead})?${what}(?:(?:output|file)s?\\s{1,3})?(${names})${version}${of}${task}`, 'giu');
/** “use output #12 report.pdf”, “with the outputs of #12”. */
const byTask = new RegExp(
  `${lead}${what}(?:output|file|result)s?(?:${of}|\\s{1,3})${task}(?:\\s{1,3}(${names}))?`,
  'giu',
);

/** Finds the earlier outputs that a request names. Linear in the text's length. */
export function readUses(text: string): ReadUses {
  const uses: Use[] = [];
  const found = (number: string, said: readonly string[], which?: string) => {
    const of = { task: Number(number), ...(which === undefined ? {} : { version: Number(which) }) };
    uses.push(...(said.length === 0 ? [of] : said.map((each) => ({ ...of, name: each }))));
  };
  const read = text
    .slice(0, readLimit)
    .replaceAll(byName, (_, led: string | undefined, list: string, which: string | undefined, number: string) => {
      found(number, namesIn(list), which);
      return led === undefined ? namesIn(list).join(' and ') : '';
    })
    .replaceAll(byTask, (_, number: string, list: string | undefined) => {
      found(number, list === undefined ? [] : namesIn(list));
      return '';
    });
  if (uses.length === 0) return { uses, rest: text };
  const tidy = read.replaceAll(/[^\S\n]{2,}/g, ' ').replaceAll(/\s+([.,;:!?])/g, '$1');
  const rest = `${tidy}${text.slice(readLimit)}`.replace(/^[\s.,;:]+/, '').trimEnd();
  return { uses, rest: rest.replace(/[,;:]{1,3}([.!?]?)$/, '$1') };
}

/** Words that `readUses` reads as the same outputs, for a request that takes the place of another one. */
export function useWords(uses: readonly Use[]): string {
  return uses
    .map(({ task: number, name: called, version: which }) => {
      if (called === undefined) return `with the outputs of #${number}`;
      const quoted = called.includes('"') ? `“${called}”` : `"${called}"`;
      return `with ${quoted}${which === undefined ? '' : ` version ${which}`} of #${number}`;
    })
    .join(' ');
}

function namesIn(list: string): readonly string[] {
  return [...list.matchAll(new RegExp(name, 'gu'))].map(([each]) => unquote(each));
}
