import { commander, writeCommit } from './commit.ts';
import { git } from './git.ts';

/** A file that keeps something from being done, and why, in words for people. */
export interface Obstacle {
  readonly path: string;
  readonly why: string;
}

export type Merge =
  | { readonly clean: true; readonly tree: string }
  | { readonly clean: false; readonly conflicts: readonly Obstacle[] };

/** Merges two commits, out of any folder: gives the merged tree, or the files that do not fit together. */
export async function mergeCommits(gitDirectory: string, ours: string, theirs: string): Promise<Merge> {
  const { stdout, exitCode } = await git(['merge-tree', '--write-tree', '-z', '--name-only', ours, theirs], {
    gitDirectory,
    answers: [1],
  });
  const [tree = '', ...rest] = stdout.toString('utf8').split('\0');
  if (exitCode === 0) return { clean: true, tree };
  const end = rest.indexOf('');
  const paths = [...new Set(rest.slice(0, end))];
  const reasons = conflictReasons(rest.slice(end + 1));
  return { clean: false, conflicts: paths.map((path) => ({ path, why: reasons.get(path) ?? bothChanged })) };
}

/**
 * Merges two trees that both come from a third. (Git 2.39 finds the base by history only, so the three trees get one for the
 * moment; those commits belong to no branch and are cleared away in time.)
 */
export async function mergeTrees(
  gitDirectory: string,
  { base, ours, theirs }: { readonly base: string; readonly ours: string; readonly theirs: string },
): Promise<Merge> {
  const commit = (tree: string, parents: readonly string[], message: string) =>
    writeCommit(gitDirectory, { tree, parents, message, author: commander });
  const common = await commit(base, [], 'base');
  const [left, right] = await Promise.all([commit(ours, [common], 'ours'), commit(theirs, [common], 'theirs')]);
  return mergeCommits(gitDirectory, left, right);
}

/** Whether `commit` is `tip` or in its history. False, too, when the repository does not know the commit. */
export async function contains(gitDirectory: string, tip: string, commit: string): Promise<boolean> {
  const { exitCode } = await git(['merge-base', '--is-ancestor', '--end-of-options', commit, tip], {
    gitDirectory,
    answers: [1, 128],
  });
  return exitCode === 0;
}

const bothChanged = 'both sides changed it in ways that do not fit together';

/** The messages of merge-tree with -z: `<count> <path>… <kind> <text>`, each part ended by NUL. */
function conflictReasons(parts: readonly string[]): Map<string, string> {
  const reasons = new Map<string, string>();
  for (let at = 0; at < parts.length; ) {
    const count = Number(parts[at]);
    if (parts[at] === '' || !Number.isInteger(count)) break;
    const kind = parts[at + count + 1] ?? '';
    if (kind.startsWith('CONFLICT')) {
      for (const path of parts.slice(at + 1, at + 1 + count)) reasons.set(path, reasonOf(kind));
    }
    at += count + 3;
  }
  return reasons;
}

function reasonOf(kind: string): string {
  if (kind.includes('contents')) return 'both sides changed the same lines';
  if (kind.includes('binary')) return 'both sides changed it, and it is no text that could be merged';
  if (kind.includes('delete')) return 'one side changed it and the other deleted it';
  if (kind.includes('directory')) return 'one side has a file and the other a folder of this name';
  return bothChanged;
}
