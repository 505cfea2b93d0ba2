import type { z } from 'zod';
import { nearest } from '#core/text/nearest.ts';
import { exampleOf } from './examples.ts';
import { type BrokenRule, brokenRules } from './rules.ts';
import { knownKeys, type ProjectFile, projectFile } from './schema.ts';
import { soundParts } from './sound.ts';

type Path = readonly (string | number)[];

/** One thing that is wrong in a project's file. */
export interface FileProblem {
  /** Keys and list positions (from 0) that lead to it. */
  readonly path: Path;
  /** Whether the key itself is wrong, its value, or that it is not there. */
  readonly at: 'key' | 'value' | 'missing';
  /** What is wrong, beginning with its name: "`retry.limit` of step 1 in “release” must be a whole number from 0 to 20". */
  readonly says: string;
  /** What could be written instead, as it would stand in the file. */
  readonly example?: string;
}

export type FileCheck =
  | { readonly ok: true; readonly file: ProjectFile }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

/** More than anybody reads at once; a hostile file could have a problem in every other character. */
const problemLimit = 200;

/** Checks the content of a `commander.yaml` (of any shape) and fills in its defaults; finds all problems at once. */
export function checkProjectFile(content: unknown): FileCheck {
  const parsed = projectFile.safeParse(content);
  const broken = brokenRules(soundParts(content)).map(ruleProblem);
  if (parsed.success && broken.length === 0) return { ok: true, file: parsed.data };
  const issues = parsed.error?.issues.slice(0, problemLimit) ?? [];
  const misshapen = issues.flatMap((issue) => problemsOf(issue, issue.path, content));
  return { ok: false, problems: distinct([...misshapen, ...broken]).slice(0, problemLimit) };
}

/** A value can break two rules of its schema that are one to people. */
function distinct(problems: readonly FileProblem[]): readonly FileProblem[] {
  return [...new Map(problems.map((problem) => [problem.says, problem])).values()];
}

function ruleProblem({ path, says }: BrokenRule): FileProblem {
  return { path, at: 'value', says: `${nameOf(path)} ${says}` };
}

function problemsOf(issue: z.core.$ZodIssue, at: readonly PropertyKey[], content: unknown): readonly FileProblem[] {
  const path = at.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, problemLimit).map((key) => unknownKey([...path, key]));
  if (issue.code === 'invalid_key') {
    return issue.issues.slice(0, 1).map((inner) => ({ path, at: 'key', says: `${nameOf(path)} ${inner.message}` }));
  }
  if (issue.code === 'invalid_union') {
    const [branch, ...others] = issue.errors.filter((errors) => !errors.some(isMisfit));
    if (branch !== undefined && others.length === 0) {
      return branch.flatMap((inner) => problemsOf(inner, [...at, ...inner.path], content));
    }
  }
  const example = exampleOf(path);
  const how = example === undefined ? {} : { example };
  const missing = valueAt(content, path) === undefined;
  if (missing) return [{ path, at: 'missing', says: `${nameOf(path)} is missing`, ...how }];
  return [{ path, at: 'value', says: `${nameOf(path)} ${issue.message}`, ...how }];
}

/** Whether a value is of another kind altogether than a branch of a union wants. */
function isMisfit(issue: z.core.$ZodIssue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return issue.errors.every((errors) => errors.some(isMisfit));
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function unknownKey(path: Path): FileProblem {
  const key = String(path.at(-1));
  const known = knownKeys[kindOf(path.slice(0, -1))];
  const [near] = nearest(key, known, 1);
  const instead = near === undefined ? `the keys here are ${known.join(', ')}` : `did you mean \`${near}\`?`;
  return { path, at: 'key', says: `${nameOf(path)} is not a key that Commander knows: ${instead}` };
}

/** Which kind of mapping a path leads to. */
function kindOf(path: Path): keyof typeof knownKeys {
  const [parent, last] = [path.at(-2), path.at(-1)];
  if (path.length === 0) return 'file';
  if (path.length === 2 && parent === 'runbooks') return 'runbook';
  if (parent === 'inputs') return 'input';
  if (parent === 'steps') return 'step';
  if (parent === 'verify') return 'check';
  if (last === 'on' || parent === 'on') return 'condition';
  return last === 'retry' ? 'retry' : 'limits';
}

/** What people call the place of a path: "`retry.limit` of step 1 in “release”". */
function nameOf(path: Path): string {
  const [top, id, list, item, ...keys] = path;
  if (top === undefined) return 'The file';
  if (top === 'verify' && id !== undefined) return named(`check ${position(id)}`, path.slice(2));
  if (top !== 'runbooks' || id === undefined) return `\`${path.join('.')}\``;
  const runbook = `“${id}”`;
  if (item === undefined) return named(`the runbook ${runbook}`, path.slice(2));
  if (list === 'steps') return `${named(`step ${position(item)}`, keys)} in ${runbook}`;
  if (list === 'verify') return `${named(`check ${position(item)}`, keys)} in ${runbook}`;
  if (list === 'inputs') return `${named(`the input “${item}”`, keys)} in ${runbook}`;
  return named(`the runbook ${runbook}`, path.slice(2));
}

function named(whole: string, keys: Path): string {
  if (keys.length === 0) return whole;
  const last = keys.at(-1);
  const list = typeof last === 'number' ? keys.slice(0, -1) : keys;
  const key = `\`${list.join('.')}\` of ${whole}`;
  return typeof last === 'number' ? `item ${position(last)} of ${key}` : key;
}

function position(index: string | number): string {
  return typeof index === 'number' ? String(index + 1) : index;
}

function valueAt(content: unknown, path: Path): unknown {
  let value = content;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[part];
  }
  return value;
}
