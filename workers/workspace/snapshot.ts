import { randomUUID } from 'node:crypto';
import { copyFile, rename, rm } from 'node:fs/promises';
import { commander, writeCommit } from './commit.ts';
import { nameFew } from './errors.ts';
import { gitText } from './git.ts';
import { readTip } from './read-tip.ts';
import { record } from './record.ts';
import { readRef, updateRefs } from './refs.ts';
import type { Excluded } from './scan.ts';
import { folderBranch, type Source } from './source.ts';
import type { Synced } from './sync.ts';

/** The branch of our repository that follows a plain folder. */
export const folderRef = `refs/heads/${folderBranch}`;
const attempts = 5;

/** The trees of the commits that were seen last, by repository: most folders have not changed since. */
const seen = new Map<string, { readonly tip: string; readonly tree: string }>();

/** Keeps a plain folder's files, as they are now, as a commit of our repository. Only reads the folder. */
export async function snapshot(source: Source): Promise<Synced> {
  const { tree, excluded } = await recordFolder(source);
  for (let attempt = 1; ; attempt += 1) {
    const tip = (await readTip(source.directory, folderBranch)) ?? (await readRef(source.directory, folderRef));
    if (tip !== undefined && (await treeOfTip(source.directory, tip)) === tree) return synced(tip, excluded);
    const commit = await writeCommit(source.directory, {
      tree,
      parents: tip === undefined ? [] : [tip],
      message: 'State of the folder',
      author: commander,
    });
    try {
      await updateRefs(source.directory, [{ ref: folderRef, to: commit, from: tip ?? 'none' }]);
      return synced(commit, excluded);
    } catch (error) {
      // Another process kept a state in between: ours follows that one.
      if (attempt === attempts || (await readRef(source.directory, folderRef)) === tip) throw error;
    }
  }
}

async function treeOfTip(gitDirectory: string, tip: string): Promise<string> {
  const known = seen.get(gitDirectory);
  if (known?.tip === tip) return known.tree;
  const tree = await treeOf(gitDirectory, tip);
  seen.set(gitDirectory, { tip, tree });
  return tree;
}

/** The tree that a commit holds. */
export async function treeOf(gitDirectory: string, commit: string): Promise<string> {
  return gitText(['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`], { gitDirectory });
}

/** Each snapshot works on a copy of the last index, so that only changed files are read, and none waits for another. */
async function recordFolder({ directory, location }: Source): Promise<{ tree: string; excluded: readonly Excluded[] }> {
  const kept = `${directory}.folder-index`;
  const indexFile = `${kept}.${randomUUID()}`;
  try {
    await copyFile(kept, indexFile).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    const recorded = await record({ gitDirectory: directory, workTree: location, indexFile });
    await rename(indexFile, kept).catch((error: NodeJS.ErrnoException) => {
      // An empty folder makes no index.
      if (error.code !== 'ENOENT') throw error;
    });
    return recorded;
  } finally {
    await rm(indexFile, { force: true });
  }
}

function synced(base: string, excluded: readonly Excluded[]): Synced {
  const notes = excluded.map(({ path, why }) => `${path} is left out: ${why}.`);
  const shown =
    notes.length > 5
      ? [...notes.slice(0, 4), `Left out as well: ${nameFew(excluded.slice(4).map(({ path }) => path))}.`]
      : notes;
  return { base, branch: folderBranch, notes: shown };
}
