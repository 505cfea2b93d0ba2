import { type ChangedFile, changedFiles } from './changes.ts';
import { git } from './git.ts';
import { commitOf, type Source } from './source.ts';

export interface Diff {
  readonly files: readonly ChangedFile[];
  /** Lines, over all files. */
  readonly added: number;
  readonly removed: number;
  /** Unified diff; cut at the end of a line when it is longer than asked for. */
  readonly patch: string;
  readonly truncated: boolean;
}

/** More than a person reads; a page of it stays quick on a phone. */
const defaultPatchBytes = 1024 * 1024;

/** What changed between two commits of a project. */
export async function diff(
  { directory }: Source,
  from: string,
  to: string,
  options: { readonly maxPatchBytes?: number } = {},
): Promise<Diff> {
  const range = [commitOf(from), commitOf(to)] as const;
  const [files, patch] = await Promise.all([
    changedFiles(directory, ...range),
    git(['diff-tree', '-r', '-p', '-M', '--no-ext-diff', '--no-textconv', '--no-color', ...range], {
      gitDirectory: directory,
      maxOutput: options.maxPatchBytes ?? defaultPatchBytes,
      tooMuch: 'cut',
    }),
  ]);
  return {
    files,
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
