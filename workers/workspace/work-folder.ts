import { access, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WorkspaceError } from './errors.ts';
import { git } from './git.ts';
import { layThrowAwayGit } from './lay-out.ts';
import { checkpointRef, readTaskRefs, removeTaskLocks, taskBranch, updateRefs } from './refs.ts';
import { removeFolder } from './remove-folder.ts';
import type { Place } from './scan.ts';
import { commitOf, type Source } from './source.ts';

/** Where a task works: an own copy of the project's files, on an own branch of Commander's repository. */
export interface WorkFolder {
  readonly source: Source;
  readonly number: number;
  /** Absolute path of the files. */
  readonly path: string;
  /** What Commander last recorded of them. It lies outside, where the work cannot reach it. */
  readonly indexFile: string;
  /** `commander/<number>-<slug>` */
  readonly branch: string;
  /** The commit that the work started from. */
  readonly base: string;
  /** The newest checkpoint; `base` before the first. */
  readonly head: string;
}

export interface WorkFolderRequest {
  readonly taskId: string;
  readonly number: number;
  readonly slug: string;
  /** Commander's data directory. */
  readonly home: string;
  /** The commit to start from, from `syncSource`. */
  readonly base: string;
}

/**
 * Opens a task's work folder; may be called again at any time by the run that holds the task. A folder that is complete is
 * used as it is (with the traces of a crash removed), a lost one is made again from the newest checkpoint, and one that was
 * never complete is made anew. `base` counts only the first time.
 */
export async function openWorkFolder(source: Source, request: WorkFolderRequest): Promise<WorkFolder> {
  const { number, slug } = request;
  const branch = taskBranch(number, slug);
  const { path, indexFile } = placeOfTask(request.home, request.taskId);
  await removeTaskLocks(source.directory, number, branch);
  const known = await readTaskRefs(source.directory, number, branch);
  const base = known.checkpoints.get(0)?.commit ?? commitOf(request.base);
  const head = known.tip?.commit ?? base;
  const folder: WorkFolder = { source, number, path, indexFile, branch, base, head };
  // Only the run that holds the task uses this index: a lock that is here now was left by a crash.
  await rm(`${indexFile}.lock`, { force: true });
  const [filesThere, indexThere] = await Promise.all([isThere(path), isThere(indexFile)]);
  if (known.tip !== undefined && filesThere) {
    if (!indexThere) await git(['read-tree', head], placeOf(folder));
    return folder;
  }
  await checkOut(source, { path, indexFile, commit: head, branch });
  if (known.tip === undefined) {
    // Written last: a folder without its branch was never complete, and no step has run in it.
    await updateRefs(source.directory, [
      { ref: checkpointRef(number, 0), to: base },
      { ref: `refs/heads/${branch}`, to: base },
    ]);
  }
  return folder;
}

/** Removes a task's files. Its checkpoints stay in Commander's repository: the folder can be opened again from them. */
export async function removeWorkFolder(home: string, taskId: string): Promise<void> {
  const { path, indexFile } = placeOfTask(home, taskId);
  await Promise.all([removeFolder(path), rm(indexFile, { force: true }), rm(`${indexFile}.lock`, { force: true })]);
}

/** The folder as git is told of it: Commander's repository, the files, the index; never the folder's own `.git`. */
export function placeOf({ source, path, indexFile }: WorkFolder): Place {
  return { gitDirectory: source.directory, workTree: path, indexFile };
}

/** Puts exactly the files of a commit into a new folder; what was there before is removed. */
export async function checkOut(
  { directory }: Source,
  target: { readonly path: string; readonly indexFile: string; readonly commit: string; readonly branch?: string },
): Promise<void> {
  const { path, indexFile, commit, branch } = target;
  await Promise.all([removeFolder(path), rm(indexFile, { force: true })]);
  await mkdir(path, { recursive: true });
  await mkdir(dirname(indexFile), { recursive: true });
  await git(['read-tree', '--reset', '-u', commit], {
    gitDirectory: directory,
    workTree: path,
    indexFile,
    timeoutMs: checkOutTimeoutMs,
  });
  await layThrowAwayGit(path, { directory, head: commit, branch, indexFile });
}

/** Writing a large project takes its time. */
const checkOutTimeoutMs = 10 * 60_000;

/** Where a task's files and their index lie. */
export function placeOfTask(home: string, taskId: string): { path: string; indexFile: string } {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(taskId)) {
    throw new WorkspaceError('unsafe_name', `${JSON.stringify(taskId.slice(0, 60))} is not the id of a task.`);
  }
  const path = join(home, 'work', taskId);
  return { path, indexFile: `${path}.index` };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
