import { stat } from 'node:fs/promises';
import { type Change, changes } from './changes.ts';
import { commander } from './commit.ts';
import { nameFew, WorkspaceError } from './errors.ts';
import { isState, stateOf } from './file-state.ts';
import { git, gitParts, gitText } from './git.ts';
import { dirtyFiles, gitDirectoryOf, looksBare, operationUnderWay } from './local-repository.ts';
import type { Obstacle } from './merge.ts';
import type { Source } from './source.ts';

/** A person's folder where a branch is checked out. */
export interface Checkout {
  readonly workTree: string;
  readonly gitDirectory: string;
}

/** Where a branch of a person's repository is checked out: in its own folder or in a linked worktree; `undefined` if nowhere. */
export async function findCheckout(location: string, branch: string): Promise<Checkout | undefined> {
  const gitDirectory = await gitDirectoryOf(location);
  const reference = `refs/heads/${branch}`;
  if (!(await looksBare(location))) {
    const head = await gitText(['symbolic-ref', '--quiet', 'HEAD'], { gitDirectory, answers: [1] });
    if (head === reference) return { workTree: location, gitDirectory };
  }
  let path = '';
  for (const line of await gitParts(['worktree', 'list', '--porcelain', '-z'], { gitDirectory })) {
    if (line.startsWith('worktree ')) path = line.slice('worktree '.length);
    if (line !== `branch ${reference}` || path === location) continue;
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory() && !(await looksBare(path)))
      return { workTree: path, gitDirectory: await gitDirectoryOf(path) };
  }
  return undefined;
}

/** Why a checkout cannot be touched at all right now, as a sentence. */
export async function checkoutBusy({ gitDirectory, workTree }: Checkout): Promise<string | undefined> {
  const operation = await operationUnderWay(gitDirectory);
  return operation === undefined
    ? undefined
    : `${workTree} is in the middle of ${operation}. Finish or abort it there, then try again.`;
}

export interface Obstacles {
  readonly obstacles: readonly Obstacle[];
  /** Files that are already as they shall become: a crash ended the same change half-way, or the person made it, too. */
  readonly done: readonly Change[];
}

/** The person's own uncommitted files among those that a change would touch. Only reads. */
export async function findObstacles(checkout: Checkout, wanted: readonly Change[]): Promise<Obstacles> {
  const dirty = new Set(await dirtyFiles(checkout.gitDirectory, checkout.workTree));
  const obstacles: Obstacle[] = [];
  const done: Change[] = [];
  for (const change of wanted) {
    const isNew = change.before === undefined;
    if (!isNew && !dirty.has(change.path)) continue;
    const found = await stateOf(checkout.workTree, change.path);
    if (isState(found, change.after)) done.push(change);
    else if (!isNew || dirty.has(change.path)) {
      obstacles.push({ path: change.path, why: 'it has uncommitted changes in the checkout' });
    } else if (typeof found !== 'string' || found === 'special file') {
      obstacles.push({ path: change.path, why: 'a file of this name is there that was never committed' });
    }
  }
  return { obstacles, done };
}

export interface CheckoutUpdate {
  readonly branch: string;
  readonly from: string;
  readonly to: string;
  /** For the reflog. */
  readonly reason: string;
}

/**
 * Moves a person's checkout and its branch from one commit to the next (which must be known there), like a fast-forward merge,
 * but all or nothing: when an uncommitted change of the person would be overwritten nothing is touched. Called again after a
 * crash it completes what it began. This is git at work in a repository whose configuration is the person's own: it runs with
 * the same hardening as everywhere (no hooks, no monitor), by plumbing commands that no alias or merge option bends; filters
 * that the person set up (Git LFS) count.
 */
export async function updateCheckout(source: Source, checkout: Checkout, update: CheckoutUpdate): Promise<void> {
  const { branch, from, to } = update;
  const busy = await checkoutBusy(checkout);
  if (busy !== undefined) throw new WorkspaceError('source_busy', busy);
  const { obstacles, done } = await findObstacles(checkout, await changes(source.directory, from, to));
  if (obstacles.length > 0) throw wouldOverwrite(checkout, obstacles);
  if (done.length > 0) await takeAsDone(checkout, done);
  await git(['update-index', '--refresh'], { ...checkout, answers: [1] });
  await git(['read-tree', '-m', '-u', from, to], checkout).catch((error: unknown) => refused(checkout, error));
  await git(['update-ref', '-m', update.reason, `refs/heads/${branch}`, to, from], {
    gitDirectory: checkout.gitDirectory,
    environment: { GIT_COMMITTER_NAME: commander.name, GIT_COMMITTER_EMAIL: commander.email },
  }).catch(async (error: unknown) => {
    await git(['read-tree', '-m', '-u', to, from], checkout);
    throw error;
  });
}

/** What stands in the way, as an error. */
function wouldOverwrite({ workTree }: { readonly workTree: string }, obstacles: readonly Obstacle[]): WorkspaceError {
  const files = obstacles.map(({ path }) => path);
  return new WorkspaceError(
    'would_overwrite',
    `Uncommitted files in ${workTree} would be overwritten: ${nameFew(files)}. Commit them, put them aside or remove them, then try again. Nothing was changed.`,
    { files },
  );
}

/** Tells the person's index that these files are in their new state, so that git does not take them for uncommitted changes. */
async function takeAsDone(checkout: Checkout, done: readonly Change[]): Promise<void> {
  const lines = done.map(({ path, after }) => `${after?.mode ?? '0'} ${after?.id ?? '0'.repeat(40)}\t${path}\0`);
  await git(['update-index', '-z', '--replace', '--index-info'], { ...checkout, input: lines.join('') });
}

function refused({ workTree }: Checkout, error: unknown): never {
  if (!(error instanceof WorkspaceError) || error.code !== 'git_failed') throw error;
  throw new WorkspaceError(
    'would_overwrite',
    `Files in ${workTree} are in the way. Commit them, put them aside or remove them, then try again. Nothing was changed. Git says: ${error.message}`,
    { cause: error },
  );
}
