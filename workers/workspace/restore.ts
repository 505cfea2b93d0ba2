import { git } from './git.ts';
import { mixTrees } from './mix-trees.ts';
import { record } from './record.ts';
import { type Excluded, type Place, scan } from './scan.ts';
import { commitOf } from './source.ts';
import { placeOf, type WorkFolder } from './work-folder.ts';

export interface RestoreOptions {
  /** Only these files; all when not given. */
  readonly files?: readonly string[];
  /** `'all'` removes what `.gitignore` excludes too (installed packages, build output); it stays otherwise. */
  readonly clean?: 'all';
}

export interface Restored {
  /** The tree of the files as they were before. */
  readonly before: string;
  /** What no checkpoint holds, and is therefore left as it is. */
  readonly excluded: readonly Excluded[];
}

/** Brings the work folder back to a commit's content: changed, removed and new files, also those that no checkpoint knew. */
export async function restore(folder: WorkFolder, commit: string, options: RestoreOptions = {}): Promise<Restored> {
  const place = placeOf(folder);
  // With all new files in the index, going to another tree takes them away too.
  const { tree: before, excluded } = await record(place);
  const target =
    options.files === undefined
      ? commitOf(commit)
      : await mixTrees(place.gitDirectory, { onto: before, from: commitOf(commit), files: options.files });
  await goTo(place, target);
  // The other tree may have another `.gitignore`, by which files count that were hidden before.
  if (options.files === undefined && (await differs(place))) {
    await record(place);
    await goTo(place, target);
  }
  if (options.clean === 'all') await git(['clean', '-ffdxq'], place);
  return { before, excluded };
}

async function goTo(place: Place, tree: string): Promise<void> {
  await git(['read-tree', '--reset', '-u', tree], place);
}

async function differs(place: Place): Promise<boolean> {
  const { paths, becameFolders } = await scan(place);
  return paths.length + becameFolders.length > 0;
}
