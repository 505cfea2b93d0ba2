import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { git, gitParts, gitText } from './git.ts';

/**
 * The tree `onto` with the chosen files as they are in `from` (a file that is not there is taken away). Gives the id of the
 * new tree. Nothing outside the repository's objects is touched.
 */
export async function mixTrees(
  gitDirectory: string,
  { onto, from, files }: { readonly onto: string; readonly from: string; readonly files: readonly string[] },
): Promise<string> {
  const chosen = new Map(files.map((path) => [path, `0 ${'0'.repeat(40)}\t${path}`]));
  for (const entry of await gitParts(['ls-tree', '-r', '-z', '--full-tree', from], { gitDirectory })) {
    const path = entry.slice(entry.indexOf('\t') + 1);
    if (chosen.has(path)) chosen.set(path, entry);
  }
  return withIndex(gitDirectory, async (indexFile) => {
    await git(['read-tree', onto], { gitDirectory, indexFile });
    // Removals first: a folder may stand where a chosen file belongs, or the other way round.
    const lines = [...chosen.values()].sort((a, b) => Number(b.startsWith('0 ')) - Number(a.startsWith('0 ')));
    await git(['update-index', '-z', '--replace', '--index-info'], {
      gitDirectory,
      indexFile,
      input: lines.map((line) => `${line}\0`).join(''),
    });
    return gitText(['write-tree'], { gitDirectory, indexFile });
  });
}

/** Works with an index that lives only as long as `work`. */
export async function withIndex<Result>(
  gitDirectory: string,
  work: (indexFile: string) => Promise<Result>,
): Promise<Result> {
  const indexFile = `${gitDirectory}.${randomUUID()}.index`;
  try {
    return await work(indexFile);
  } finally {
    await rm(indexFile, { force: true });
  }
}
