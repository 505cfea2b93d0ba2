import type { z } from 'zod';
import { nearest } from '../text/nearest.ts';
import { keysAt } from './keys-at.ts';

/** Keys and list positions (from 0) that lead to a part of a file. */
export type FilePath = readonly (string | number)[];

/** One thing that is wrong in a file that a person wrote. */
export interface FileProblem {
  readonly path: FilePath;
  /** Whether the key itself is wrong, its value, or that it is not there. */
  readonly at: 'key' | 'value' | 'missing';
  /** What is wrong, beginning with its name: "`retry.limit` of step 1 in “release” must be a whole number from 0 to 20". */
  readonly says: string;
  /** What could be written instead, as it would stand in the file. */
  readonly example?: string;
}

/** What a kind of file is made of, and how people call its parts. */
export interface FileWords {
  readonly schema: z.ZodType;
  nameOf(path: FilePath): string;
  /** How the key that a path leads to may be written. */
  exampleOf(path: FilePath): string | undefined;
}

/** More than anybody reads at once; a hostile file could have a problem in every other character. */
export const problemLimit = 200;

/** What a schema found wrong in a file's content, in words. */
export function problemsIn(error: z.ZodError | undefined, content: unknown, words: FileWords): readonly FileProblem[] {
  const issues = error?.issues.slice(0, problemLimit) ?? [];
  return distinct(issues.flatMap((issue) => problemsOf(issue, issue.path, content, words)));
}

/** A value can break two rules of its schema that are one to people. */
export function distinct(problems: readonly FileProblem[]): readonly FileProblem[] {
  return [...new Map(problems.map((problem) => [problem.says, problem])).values()].slice(0, problemLimit);
}

/** The place of a path by its keys alone: "`decide` of item 1 of `policy`". */
export function plainName(path: FilePath): string {
  if (path.length === 0) return 'The file';
  const at = path.findIndex((part) => typeof part === 'number');
  if (at < 0) return `\`${path.join('.')}\``;
  const item = `item ${Number(path[at]) + 1} of \`${path.slice(0, at).join('.')}\``;
  const keys = path.slice(at + 1);
  return keys.length === 0 ? item : `\`${keys.join('.')}\` of ${item}`;
}

function problemsOf(
  issue: z.core.$ZodIssue,
  at: readonly PropertyKey[],
  content: unknown,
  words: FileWords,
): readonly FileProblem[] {
  const path = at.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, problemLimit).map((key) => unknownKey([...path, key], words));
  if (issue.code === 'invalid_key') {
    return issue.issues
      .slice(0, 1)
      .map((inner) => ({ path, at: 'key', says: `${words.nameOf(path)} ${inner.message}` }));
  }
  if (issue.code === 'invalid_union') {
    const [branch, ...others] = issue.errors.filter((errors) => !errors.some(isMisfit));
    if (branch !== undefined && others.length === 0) {
      return branch.flatMap((inner) => problemsOf(inner, [...at, ...inner.path], content, words));
    }
  }
  const example = words.exampleOf(path);
  const how = example === undefined ? {} : { example };
  const missing = valueAt(content, path) === undefined;
  if (missing) return [{ path, at: 'missing', says: `${words.nameOf(path)} is missing`, ...how }];
  return [{ path, at: 'value', says: `${words.nameOf(path)} ${issue.message}`, ...how }];
}

/** Whether a value is of another kind altogether than a branch of a union wants. */
function isMisfit(issue: z.core.$ZodIssue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return issue.errors.every((errors) => errors.some(isMisfit));
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function unknownKey(path: FilePath, { schema, nameOf }: FileWords): FileProblem {
  const known = keysAt(schema, path.slice(0, -1));
  const [near] = nearest(String(path.at(-1)), known, 1);
  const instead = near === undefined ? `the keys here are ${known.join(', ')}` : `did you mean \`${near}\`?`;
  return { path, at: 'key', says: `${nameOf(path)} is not a key that Commander knows: ${instead}` };
}

function valueAt(content: unknown, path: FilePath): unknown {
  let value = content;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[part];
  }
  return value;
}
