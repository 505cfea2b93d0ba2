import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { WorkspaceError } from './errors.ts';
import { git, gitText } from './git.ts';

/** A reference and the commit it shall name; with `from`, only when it names that commit now (`'none'`: when it does not exist). */
export interface RefUpdate {
  readonly ref: string;
  readonly to: string;
  readonly from?: string;
}

const none = '0'.repeat(40);

/**
 * Moves references of our own repository, all or none. Git holds the lock of a reference for milliseconds and waits for it up
 * to five seconds (`core.filesRefLockTimeout`): a lock that is still there, and is as old, was left by a killed process.
 */
export async function updateRefs(gitDirectory: string, updates: readonly RefUpdate[]): Promise<void> {
  const input = updates
    .map(({ ref, to, from }) => `update ${ref}\0${to}\0${from === 'none' ? none : (from ?? '')}\0`)
    .join('');
  const attempt = () => git(['update-ref', '-z', '--stdin'], { gitDirectory, input });
  await attempt().catch(async (error: unknown) => {
    if (!(await removeLeftLock(gitDirectory, error))) throw error;
    await attempt();
  });
}

const staleLockMs = 5000;

async function removeLeftLock(gitDirectory: string, error: unknown): Promise<boolean> {
  const lock = error instanceof WorkspaceError && error.code === 'source_busy' ? error.files[0] : undefined;
  if (lock === undefined || relative(gitDirectory, lock).startsWith('..')) return false;
  const found = await stat(lock).catch(() => undefined);
  if (found !== undefined && Date.now() - found.mtimeMs < staleLockMs) return false;
  await rm(lock, { force: true });
  return true;
}

/** Removes the locks that a crash left on a task's references. Only for the run that holds the task: nobody else moves them. */
export async function removeTaskLocks(gitDirectory: string, number: number, branch: string): Promise<void> {
  const folder = join(gitDirectory, 'refs/commander', String(number));
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const locks = names.filter((name) => name.endsWith('.lock')).map((name) => join(folder, name));
  await Promise.all(
    [...locks, join(gitDirectory, 'refs/heads', `${branch}.lock`)].map((lock) => rm(lock, { force: true })),
  );
}

/** The commit that a reference names; `undefined` when there is none. */
export async function readRef(gitDirectory: string, ref: string): Promise<string | undefined> {
  const commit = await gitText(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], {
    gitDirectory,
    answers: [1],
  });
  return commit === '' ? undefined : commit;
}

/** The branch of a task, in our repository and in the person's. */
export function taskBranch(number: number, slug: string): string {
  return `commander/${number}-${slug}`;
}

/** The reference that keeps checkpoint `n` of a task; 0 is the state that the work started from. */
export function checkpointRef(number: number, n: number): string {
  return `refs/commander/${number}/${n}`;
}

export interface KeptCommit {
  readonly commit: string;
  readonly tree: string;
}

export interface TaskRefs {
  /** Where the task's branch is; `undefined` before its work folder was first complete. */
  readonly tip?: KeptCommit;
  readonly checkpoints: ReadonlyMap<number, KeptCommit>;
}

/** Whether our repository may keep something of a task, told by its files alone (gitrepository-layout): for most tasks that begin, not. */
export async function mayHaveTaskRefs(gitDirectory: string, number: number): Promise<boolean> {
  const [loose, packed] = await Promise.all([
    stat(join(gitDirectory, `refs/commander/${number}`)).catch(ifMissing),
    readFile(join(gitDirectory, 'packed-refs'), 'utf8').catch(ifMissing),
  ]);
  return loose !== undefined || (packed?.includes(` refs/commander/${number}/`) ?? false);
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}

/** All that our repository keeps of a task, in one look. */
export async function readTaskRefs(gitDirectory: string, number: number, branch: string): Promise<TaskRefs> {
  if (!(await mayHaveTaskRefs(gitDirectory, number))) return { checkpoints: new Map() };
  const lines = await gitText(
    [
      'for-each-ref',
      '--format=%(refname) %(objectname) %(tree)',
      '--',
      `refs/commander/${number}/`,
      `refs/heads/${branch}`,
    ],
    { gitDirectory },
  );
  let tip: KeptCommit | undefined;
  const checkpoints = new Map<number, KeptCommit>();
  for (const line of lines.split('\n')) {
    const [ref = '', commit = '', tree = ''] = line.split(' ');
    if (ref === `refs/heads/${branch}`) tip = { commit, tree };
    const n = /^refs\/commander\/\d+\/(\d+)$/.exec(ref)?.[1];
    if (n !== undefined) checkpoints.set(Number(n), { commit, tree });
  }
  return { tip, checkpoints };
}
