import { randomUUID } from 'node:crypto';
import { chmod, copyFile, lstat, mkdir, readdir, readlink, rename, rm, rmdir, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { type Change, changes } from './changes.ts';
import { nameFew, notWritable, WorkspaceError } from './errors.ts';
import { isState, stateOf } from './file-state.ts';
import { git } from './git.ts';
import type { Landing } from './land.ts';
import { checkThere } from './local-repository.ts';
import { withIndex } from './mix-trees.ts';
import { readRef, updateRefs } from './refs.ts';
import { removeFolder } from './remove-folder.ts';
import { folderRef } from './snapshot.ts';
import type { Source } from './source.ts';

/**
 * Writes a commit's changes into a plain folder. Every file that would be touched must be as the last snapshot has it (or
 * already as it shall become, after a crash); otherwise nothing is written. All new contents are first laid beside their
 * places under temporary names, then put there by renames, which either happen or do not.
 */
export async function landFolder(source: Source, landing: Landing & { readonly from: string }): Promise<void> {
  const { directory, location } = source;
  const { from, to } = landing;
  await checkThere(location);
  if ((await readRef(directory, folderRef)) !== from) {
    throw new WorkspaceError(
      'base_moved',
      `Files in ${location} have changed meanwhile. Look at the change again, then decide.`,
    );
  }
  const open = await stillToDo(location, await changes(directory, from, to));
  await withStaging(source, to, open, async (staging) => {
    const drafts = new Map<Change, string>();
    try {
      for (const change of open) {
        if (change.after !== undefined) drafts.set(change, await layBeside(staging, location, change));
      }
      for (const change of open) if (change.after === undefined) await takeAway(location, change.path);
      for (const [change, draft] of drafts) await rename(draft, join(location, change.path));
    } catch (error) {
      throw notWritable(location, error);
    } finally {
      await Promise.all([...drafts.values()].map((draft) => rm(draft, { force: true })));
    }
  });
  await updateRefs(directory, [{ ref: folderRef, to, from }]);
}

/** The changes that the folder does not have yet. Throws, naming the files, when something unknown is in the way of one. */
async function stillToDo(folder: string, wanted: readonly Change[]): Promise<Change[]> {
  const leaving = new Set(wanted.filter(({ after }) => after === undefined).map(({ path }) => path));
  const open: Change[] = [];
  const inTheWay: string[] = [];
  for (const change of wanted) {
    const found = await stateOf(folder, change.path);
    if (isState(found, change.after)) continue;
    const known = found === 'folder' ? await holdsOnly(folder, change.path, leaving) : isState(found, change.before);
    if (known && (await parentsKnown(folder, change.path, leaving))) open.push(change);
    else inTheWay.push(change.path);
  }
  if (inTheWay.length === 0) return open;
  throw new WorkspaceError(
    'would_overwrite',
    `These files in ${folder} have changed meanwhile, or others stand in their place: ${nameFew(inTheWay)}. Nothing was changed.`,
    { files: inTheWay },
  );
}

/** Whether a folder that shall become a file has only files that the same change takes away. */
async function holdsOnly(folder: string, path: string, leaving: ReadonlySet<string>): Promise<boolean> {
  const entries = await readdir(join(folder, path), { withFileTypes: true, recursive: true });
  return entries.every(
    (entry) => entry.isDirectory() || leaving.has(relative(folder, join(entry.parentPath, entry.name))),
  );
}

/** Whether everything on the way to a path is a folder, missing, or a file that the same change takes away. */
async function parentsKnown(folder: string, path: string, leaving: ReadonlySet<string>): Promise<boolean> {
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    const found = await lstat(join(folder, parent)).catch(() => undefined);
    if (found !== undefined && !found.isDirectory() && !leaving.has(parent)) return false;
  }
  return true;
}

/** Has git write the new contents into a folder of our own, for as long as `work` needs them. */
async function withStaging(
  { directory }: Source,
  commit: string,
  wanted: readonly Change[],
  work: (staging: string) => Promise<void>,
): Promise<void> {
  const staging = `${directory}.${randomUUID()}.staging`;
  const paths = wanted.filter(({ after }) => after !== undefined).map(({ path }) => path);
  try {
    await mkdir(staging, { recursive: true });
    if (paths.length > 0) {
      await withIndex(directory, async (indexFile) => {
        const place = { gitDirectory: directory, workTree: staging, indexFile };
        await git(['read-tree', commit], place);
        await git(['checkout-index', '-z', '--stdin'], { ...place, input: `${paths.join('\0')}\0` });
      });
    }
    await work(staging);
  } finally {
    await removeFolder(staging);
  }
}

/** Copies a new content next to where it belongs; gives the temporary path. The folders on the way are made, never followed as links. */
async function layBeside(staging: string, folder: string, { path, after }: Change): Promise<string> {
  const place = join(folder, path);
  await makeParents(folder, path);
  const draft = join(dirname(place), `.${basename(place).slice(0, 40)}.${randomUUID()}.commander`);
  const content = join(staging, path);
  if (after?.mode === '120000') {
    await symlink(await readlink(content), draft);
    return draft;
  }
  await copyFile(content, draft);
  const before = await stat(place).catch(() => undefined);
  const mode = before?.isFile() ? before.mode & 0o7777 : (await stat(content)).mode & 0o7777;
  await chmod(draft, after?.mode === '100755' ? mode | 0o111 : mode & ~0o111);
  return draft;
}

async function makeParents(folder: string, path: string): Promise<void> {
  const parent = dirname(path);
  if (parent === '.') return;
  await makeParents(folder, parent);
  const place = join(folder, parent);
  const found = await lstat(place).catch(() => undefined);
  if (found?.isDirectory()) return;
  if (found !== undefined) await takeAway(folder, parent);
  await mkdir(place);
}

/** Removes a file, and the folders that it leaves empty. */
async function takeAway(folder: string, path: string): Promise<void> {
  // A file that became a folder has gone already.
  if ((await lstat(join(folder, path)).catch(() => undefined))?.isDirectory()) return;
  await rm(join(folder, path), { force: true });
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    const left = await rmdir(join(folder, parent)).catch((error: NodeJS.ErrnoException) => error.code ?? 'unknown');
    if (left !== undefined && left !== 'ENOENT') return;
  }
}
