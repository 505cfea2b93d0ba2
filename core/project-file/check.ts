import {
  distinct,
  type FilePath,
  type FileProblem,
  type FileWords,
  plainName,
  problemsIn,
} from '../file-problems/problems.ts';
import { exampleOf } from './examples.ts';
import { type BrokenRule, brokenRules } from './rules.ts';
import { type ProjectFile, projectFile } from './schema.ts';
import { soundParts } from './sound.ts';

export type FileCheck =
  | { readonly ok: true; readonly file: ProjectFile }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

const words: FileWords = { schema: projectFile, nameOf, exampleOf };

/** Checks the content of a `commander.yaml` (of any shape) and fills in its defaults; finds all problems at once. */
export function checkProjectFile(content: unknown): FileCheck {
  const parsed = projectFile.safeParse(content);
  const broken = brokenRules(soundParts(content)).map(ruleProblem);
  if (parsed.success && broken.length === 0) return { ok: true, file: parsed.data };
  return { ok: false, problems: distinct([...problemsIn(parsed.error, content, words), ...broken]) };
}

function ruleProblem({ path, says }: BrokenRule): FileProblem {
  return { path, at: 'value', says: `${nameOf(path)} ${says}` };
}

/** What people call the place of a path: "`retry.limit` of step 1 in “release”". */
function nameOf(path: FilePath): string {
  const [top, id, list, item, ...keys] = path;
  if (top === 'verify' && id !== undefined) return named(`check ${position(id)}`, path.slice(2));
  if (top !== 'runbooks' || id === undefined) return plainName(path);
  const runbook = `“${id}”`;
  if (item === undefined) return named(`the runbook ${runbook}`, path.slice(2));
  if (list === 'steps') return `${named(`step ${position(item)}`, keys)} in ${runbook}`;
  if (list === 'verify') return `${named(`check ${position(item)}`, keys)} in ${runbook}`;
  if (list === 'inputs') return `${named(`the input “${item}”`, keys)} in ${runbook}`;
  return named(`the runbook ${runbook}`, path.slice(2));
}

function named(whole: string, keys: FilePath): string {
  if (keys.length === 0) return whole;
  const last = keys.at(-1);
  const list = typeof last === 'number' ? keys.slice(0, -1) : keys;
  const key = `\`${list.join('.')}\` of ${whole}`;
  return typeof last === 'number' ? `item ${position(last)} of ${key}` : key;
}

function position(index: string | number): string {
  return typeof index === 'number' ? String(index + 1) : index;
}
