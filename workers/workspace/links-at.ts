import { gitParts } from './git.ts';
import { commitOf, type Source } from './source.ts';

/** More would not go on a command line of git's. */
const mostPaths = 1000;

/** Which of these paths, or of the folders on the way to them, are symbolic links in a commit. */
export async function linksAt(
  { directory }: Source,
  commit: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const asked = [...new Set(paths.flatMap(waysTo))].slice(0, mostPaths);
  if (asked.length === 0) return [];
  const entries = await gitParts(['ls-tree', '-z', '--full-tree', commitOf(commit), '--', ...asked], {
    gitDirectory: directory,
  });
  return entries.flatMap((entry) => (entry.startsWith('120000 ') ? [entry.slice(entry.indexOf('\t') + 1)] : []));
}

/** `a`, `a/b` and `a/b/c` for `a/b/c`. */
function waysTo(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
