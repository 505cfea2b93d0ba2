import { type ChangedFile, changedFiles } from './changes.ts';
import { type GitAnswer, git } from './git.ts';
import { isMarked } from './holding-secrets.ts';
import { commitOf, type Source } from './source.ts';

export interface Diff {
  readonly files: readonly ChangedFile[];
  /** Lines, over all files. */
  readonly added: number;
  readonly removed: number;
  /** Unified diff; cut at the end of a line when it is longer than asked for. */
  readonly patch: string;
  readonly truncated: boolean;
  /** Files that are left out. */
  readonly withheld: number;
}

export interface DiffOptions {
  readonly maxPatchBytes?: number;
  /** Marks of files that are left out (`holdingSecrets`). */
  readonly withhold?: readonly string[];
}

/** More than a person reads; a page of it stays quick on a phone. */
const defaultPatchBytes = 1024 * 1024;

/** What changed between two commits of a project. */
export async function diff(
  { directory }: Source,
  from: string,
  to: string,
  { maxPatchBytes = defaultPatchBytes, withhold = [] }: DiffOptions = {},
): Promise<Diff> {
  const range = [commitOf(from), commitOf(to)] as const;
  const patchWithout = (paths: readonly string[]) =>
    git(['diff-tree', '-r', '-p', '-M', '--no-ext-diff', '--no-textconv', '--no-color', ...range, ...without(paths)], {
      gitDirectory: directory,
      maxOutput: maxPatchBytes,
      tooMuch: 'cut',
      ...(paths.length === 0 ? {} : { environment: { GIT_LITERAL_PATHSPECS: '0' } }),
    });
  if (withhold.length === 0) {
    const [files, patch] = await Promise.all([changedFiles(directory, ...range), patchWithout([])]);
    return described(files, patch, 0);
  }
  const marks = new Set(withhold);
  const all = await changedFiles(directory, ...range);
  const files = all.filter((file) => !isMarked(file, marks));
  const left = all.filter((file) => isMarked(file, marks));
  const paths = left.flatMap(({ path, previousPath }) => (previousPath === undefined ? [path] : [previousPath, path]));
  return described(files, await patchWithout(paths), left.length);
}

function without(paths: readonly string[]): readonly string[] {
  return paths.length === 0 ? [] : ['--', '.', ...paths.map((path) => `:(exclude,literal)${path}`)];
}

function described(files: readonly ChangedFile[], patch: GitAnswer, withheld: number): Diff {
  return {
    files,
    withheld,
    added: files.reduce((sum, file) => sum + file.added, 0),
    removed: files.reduce((sum, file) => sum + file.removed, 0),
    patch: textOf(patch),
    truncated: patch.cut,
  };
}

function textOf({ stdout, cut }: { stdout: Buffer; cut: boolean }): string {
  const end = cut ? stdout.lastIndexOf('\n') + 1 : stdout.length;
  return stdout.subarray(0, end).toString('utf8');
}
