import { isInScope } from '#core/project-file/scope.ts';
import { joinWords } from '#core/text/list.ts';
import { shorten } from '#core/text/shorten.ts';

export interface ReadFiles {
  /** The paths and patterns that a request is to work on, as they were written; none: it says nothing of it. */
  readonly files: readonly string[];
  /** The request without them. */
  readonly rest: string;
}

/** Paths that one request may name, as many as a runbook may. */
const mostFiles = 50;
/** Characters of a path, as in `commander.yaml`. */
const longestPath = 500;

/**
 * Reads “files: src/auth/*.ts, docs” at any place of a request. Paths stand behind each other with commas, “and” or blanks;
 * quotes and backticks keep one with blanks together. Behind a blank, and behind a comma inside a sentence, only what looks like
 * a path is one. Linear in the text's length.
 */
export function readFiles(text: string): ReadFiles {
  const lead = /(?<![\w./-])files?:[^\S\n]{0,20}(?=\S)/i.exec(text);
  if (lead === null) return { files: [], rest: text };
  const files: string[] = [];
  let at = lead.index + lead[0].length;
  for (let next = readItem(text, at); next !== undefined && files.length <= mostFiles; next = readNext(text, at)) {
    files.push(next.path);
    at = next.end;
  }
  if (files.length === 0) return { files, rest: text };
  return { files, rest: `${text.slice(0, lead.index)} ${text.slice(at)}` };
}

interface Item {
  readonly path: string;
  readonly quoted: boolean;
  /** Where it ends, the punctuation of the sentence behind it not included. */
  readonly end: number;
}

const quoted =
  /(?:"([^"\n]{1,600})"|“([^”\n]{1,600})”|„([^“”\n]{1,600})[“”]|«([^»\n]{1,600})»|'([^'\n]{1,600})'|`([^`\n]{1,600})`)/y;
const bare = /[^\s,"“”„«»`]{1,600}/y;

function readItem(text: string, at: number): Item | undefined {
  quoted.lastIndex = at;
  const kept = quoted.exec(text);
  if (kept !== null) {
    const path = (kept.slice(1).find((each) => each !== undefined) ?? '').trim();
    return path === '' ? undefined : { path, quoted: true, end: at + kept[0].length };
  }
  bare.lastIndex = at;
  const [word] = bare.exec(text) ?? [];
  if (word === undefined) return undefined;
  const path = /^\.{1,2}$/.test(word) ? word : word.replace(/[.;:!)]{1,5}$/, '');
  return path === '' ? undefined : { path, quoted: false, end: at + path.length };
}

const between = /[^\S\n]{0,20}(,?)[^\S\n]{0,20}(and[^\S\n]{1,20})?/iy;

/** The path that follows one, if one does. */
function readNext(text: string, at: number): Item | undefined {
  between.lastIndex = at;
  const [gap = '', comma] = between.exec(text) ?? [];
  const item = gap === '' ? undefined : readItem(text, at + gap.length);
  if (item === undefined) return undefined;
  const ends = /^[.!;)]?(?:[^\S\n]{0,20},|\s{0,20}$|\n)/.test(text.slice(item.end, item.end + 30));
  const listed = comma !== '' && ends;
  return listed || looksLikePath(item) ? item : undefined;
}

function looksLikePath({ path, quoted: isQuoted }: Item): boolean {
  return isQuoted || /[/*]/.test(path) || /^[\w-]+\.[a-z]\w{0,9}$/i.test(path);
}

export type FileScope =
  | { readonly ok: true; readonly scope: readonly string[] }
  /** A sentence for each path that can not be meant. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** The scope that a request names; `declared` is its runbook's own, which it can only make narrower. */
export function scopeOfFiles(files: readonly string[], declared: readonly string[] = []): FileScope {
  if (files.length > mostFiles) return { ok: false, problems: [`A request can name ${mostFiles} paths at most.`] };
  const scope = [...new Set(files.map(tidy))];
  const wrong = scope.flatMap((path) => problemOf(path) ?? []);
  const outside = scope.filter((path) => !isInScope(path, declared));
  const limits = joinWords(
    declared.map((path) => `“${shorten(path, 60)}”`),
    { limit: 5 },
  );
  const problems = [...wrong, ...outside.map((path) => `${shown(path)} is not part of what that works on: ${limits}.`)];
  return problems.length === 0 ? { ok: true, scope } : { ok: false, problems: problems.slice(0, 10) };
}

function tidy(path: string): string {
  return path.replace(/^(?:\.\/+)+(?=.)/, '').replaceAll(/\/{2,}/g, '/');
}

function problemOf(path: string): string | undefined {
  const parts = path.split('/');
  if (path.length > longestPath) return `${shown(path)} has more than ${longestPath} characters.`;
  if (/^[a-z][a-z0-9+.-]*:\//i.test(path) && !/^[a-z]:\//i.test(path))
    return `${shown(path)} is an address, not a path of the project.`;
  if (/^(?:\/|~|[a-z]:[/\\])/i.test(path) || parts.includes('..'))
    return `${shown(path)} is not inside the project. Write paths from its top folder, such as src/auth or src/auth/*.ts.`;
  if (path === '.' || path === '') return 'That is the whole project: leave “files:” away for it.';
  if (/[\\\0-\x1f]/.test(path)) return `${shown(path)} is no path here: write “/” between folders.`;
  if (/[{}]/.test(path))
    return `${shown(path)} has braces, which are no pattern here: write each path by itself, or use *, ** and ?.`;
  if (parts.some((part) => part.toLowerCase() === '.git')) return `${shown(path)} is git’s own, not the project’s.`;
  return undefined;
}

function shown(path: string): string {
  return `“${shorten(path, 80)}”`;
}
