import type { Redactor } from '#core/text/redact.ts';
import { git, gitParts, gitText } from './git.ts';
import { type Excluded, type Place, scan } from './scan.ts';

export interface Recorded {
  /** The id of the tree that holds the folder's files as they are now. */
  readonly tree: string;
  readonly excluded: readonly Excluded[];
}

/** Reading much new content takes its time; this only ends what hangs (a file on a dead network drive). */
const recordTimeoutMs = 10 * 60_000;

/** Takes a folder's files, as they are, into the repository's objects and the given index; none that hold one of `secrets`. */
export async function record(place: Place, secrets?: Redactor): Promise<Recorded> {
  const { paths, becameFolders, excluded } = await scan(place, secrets);
  if (becameFolders.length > 0) await forget(place, becameFolders);
  if (paths.length > 0) {
    await git(['update-index', '-z', '--add', '--remove', '--replace', '--stdin'], {
      ...place,
      input: `${paths.join('\0')}\0`,
      timeoutMs: recordTimeoutMs,
    });
  }
  return { tree: await gitText(['write-tree'], place), excluded };
}

/** Takes files out of the index where folders stand now. A submodule is a folder by nature and stays. */
async function forget(place: Place, folders: readonly string[]): Promise<void> {
  const entries = await gitParts(['ls-files', '-z', '-s', '--', ...folders], place);
  const submodules = new Set(
    entries.filter((entry) => entry.startsWith('160000 ')).map((entry) => entry.slice(entry.indexOf('\t') + 1)),
  );
  const gone = folders.filter((path) => !submodules.has(path));
  if (gone.length === 0) return;
  await git(['update-index', '-z', '--index-info'], {
    ...place,
    input: gone.map((path) => `0 ${'0'.repeat(40)}\t${path}\0`).join(''),
  });
}
