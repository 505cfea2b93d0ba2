import { access, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { WorkspaceError } from './errors.ts';
import { git, splitParts } from './git.ts';

/**
 * The git directory of a repository of this machine, found without git (which would look in the folders above, too): `.git`
 * inside, where a `.git` file of a linked worktree or submodule points, or the folder itself when it is a bare repository.
 */
export async function gitDirectoryOf(location: string): Promise<string> {
  const inside = join(location, '.git');
  const found = await stat(inside).catch(() => undefined);
  if (found?.isDirectory()) return inside;
  if (found?.isFile()) {
    const target = /^gitdir: (.+)$/m.exec(await readFile(inside, 'utf8'))?.[1];
    if (target !== undefined) return resolve(location, target);
  }
  if (await looksBare(location)) return location;
  throw new WorkspaceError('source_gone', `There is no git repository at ${location} any more.`);
}

/** Whether a folder is itself a git directory. */
export async function looksBare(location: string): Promise<boolean> {
  if (basename(location) === '.git') return false;
  const parts = await Promise.all(['HEAD', 'objects', 'refs'].map((each) => exists(join(location, each))));
  return parts.every(Boolean);
}

/** Says that a project's folder is gone, or cannot be read, in words for people. */
export async function checkThere(location: string): Promise<void> {
  const found = await stat(location).catch((error: NodeJS.ErrnoException) => error);
  if (!(found instanceof Error)) {
    if (found.isDirectory()) return;
    throw new WorkspaceError('source_gone', `${location} is no folder any more.`);
  }
  if (found.code === 'EACCES') {
    throw new WorkspaceError('source_unreadable', `Commander is not allowed to read ${location}.`, { cause: found });
  }
  throw new WorkspaceError(
    'source_gone',
    `The folder ${location} is gone. Put it back, or add the project again from where it is now.`,
    { cause: found },
  );
}

/** What git is in the middle of, in a repository with files; `undefined` when in nothing. */
export async function operationUnderWay(gitDirectory: string): Promise<string | undefined> {
  const signs = [
    ['MERGE_HEAD', 'a merge'],
    ['rebase-merge', 'a rebase'],
    ['rebase-apply', 'a rebase'],
    ['CHERRY_PICK_HEAD', 'a cherry-pick'],
    ['REVERT_HEAD', 'a revert'],
  ] as const;
  const found = await Promise.all(signs.map(([file]) => exists(join(gitDirectory, file))));
  return signs[found.indexOf(true)]?.[1];
}

/** The paths of tracked files with uncommitted changes, staged or not. The person's index is only read. */
export async function dirtyFiles(gitDirectory: string, workTree: string): Promise<string[]> {
  const { stdout } = await git(
    ['status', '--porcelain=v1', '-z', '--untracked-files=no', '--no-renames', '--ignore-submodules=all'],
    { gitDirectory, workTree },
  );
  return splitParts(stdout).map((line) => line.slice(3));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The folder that holds a repository, for a path that ends in its `.git`. */
export function withoutGitSuffix(path: string): string {
  return basename(path) === '.git' ? dirname(path) : path;
}
