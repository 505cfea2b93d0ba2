import { type Change, type ChangedFile, changedFiles, changes } from './changes.ts';
import { checkoutBusy, findCheckout, findObstacles } from './checkout.ts';
import { type Person, writeCommit } from './commit.ts';
import { baseMoved, nameFew, WorkspaceError } from './errors.ts';
import { gitText } from './git.ts';
import { land } from './land.ts';
import { contains, mergeCommits, type Obstacle } from './merge.ts';
import { readRef, updateRefs } from './refs.ts';
import { treeOf } from './snapshot.ts';
import { branchOf, commitOf, type Source } from './source.ts';
import { type Synced, syncSource } from './sync.ts';

export interface DeliveryPreview {
  /**
   * `ready`: can be merged now. `already`: it is in the project. `nothing`: the project has the same changes from elsewhere.
   * `conflict`: files do not fit together. `blocked`: the person's own uncommitted files are in the way, or a merge is under way.
   */
  readonly verdict: 'ready' | 'already' | 'nothing' | 'conflict' | 'blocked';
  readonly branch: string;
  /** The tip of the branch that was looked at; give it to `deliver` so that only what was shown happens. */
  readonly base: string;
  /** Commits that others made on the branch since the work began. */
  readonly movedBy: number;
  /** What the merge changes in the project. */
  readonly files: readonly ChangedFile[];
  readonly obstacles: readonly Obstacle[];
  /** One sentence for people. */
  readonly summary: string;
}

export interface DeliveryRequest {
  readonly number: number;
  /** The work: the task's newest checkpoint. */
  readonly commit: string;
  /** The tip that the person was shown; when the branch has moved since, nothing happens. */
  readonly expectedBase?: string;
  readonly message: string;
  /** Who asked for the work. */
  readonly author: Person;
  readonly trailers?: Readonly<Record<string, string>>;
}

export interface Delivered {
  /** The merge commit that is in the project now. */
  readonly commit: string;
  readonly branch: string;
  readonly files: readonly ChangedFile[];
}

/** Says what merging the work into the project would do. Writes nothing there. */
export async function previewDelivery(
  source: Source,
  { commit }: { readonly commit: string },
): Promise<DeliveryPreview> {
  const synced = await syncSource(source);
  const { directory } = source;
  const { base, branch } = synced;
  const about = { branch, base, movedBy: 0, files: [], obstacles: [] };
  if (branch === 'HEAD') return { ...about, verdict: 'blocked', summary: noBranch(source) };
  if (await contains(directory, base, commitOf(commit))) {
    return { ...about, verdict: 'already', summary: `It is in ${branch} already.` };
  }
  const movedBy = Number(await gitText(['rev-list', '--count', base, `^${commit}`], { gitDirectory: directory }));
  const merge = await mergeCommits(directory, base, commit);
  if (!merge.clean) {
    const names = nameFew(merge.conflicts.map(({ path }) => path));
    const summary = `${branch} has changed in ways that do not fit the work: ${names}.`;
    return { ...about, movedBy, verdict: 'conflict', obstacles: merge.conflicts, summary };
  }
  const [files, blocked] = await Promise.all([
    changedFiles(directory, base, merge.tree),
    findBlocked(source, branch, await changes(directory, base, merge.tree)),
  ]);
  if (files.length === 0) {
    return { ...about, movedBy, verdict: 'nothing', summary: `${branch} has these changes already, from elsewhere.` };
  }
  if (blocked !== undefined) return { ...about, movedBy, files, verdict: 'blocked', ...blocked };
  return { ...about, movedBy, files, verdict: 'ready', summary: `It can be merged into ${branch}.` };
}

/**
 * Merges the work into the project. The merge is computed out of any folder; only a clean one goes on. May be repeated after
 * a crash: what has happened already is found and not done again.
 */
export async function deliver(source: Source, request: DeliveryRequest): Promise<Delivered> {
  const { directory } = source;
  const reference = `refs/commander/${request.number}/delivery`;
  const [synced, made] = await Promise.all([syncSource(source), readRef(directory, reference)]);
  const { base, branch } = synced;
  if (branch === 'HEAD') throw new WorkspaceError('not_possible', noBranch(source));
  if (
    made !== undefined &&
    (await contains(directory, base, made)) &&
    (await contains(directory, made, request.commit))
  ) {
    return { commit: made, branch, files: await changedFiles(directory, `${made}^`, made) };
  }
  if (await contains(directory, base, commitOf(request.commit))) return { commit: base, branch, files: [] };
  if (request.expectedBase !== undefined && request.expectedBase !== base) throw baseMoved(branch);
  const commit = await mergedCommit(source, synced, request);
  await updateRefs(directory, [{ ref: reference, to: commit }]);
  await land(source, { branch, from: base, to: commit, reason: `commander: deliver #${request.number}` });
  return { commit, branch, files: await changedFiles(directory, base, commit) };
}

/** Whether the project has the work: to find out, after a crash, if a delivery happened. */
export async function deliveredAlready(source: Source, commit: string): Promise<boolean> {
  const { base } = await syncSource(source);
  return contains(source.directory, base, commitOf(commit));
}

/** Delivers the work as a branch of its own, for people to look at and merge. Gives the commit that is its tip. */
export async function deliverBranch(
  source: Source,
  request: { readonly number: number; readonly commit: string; readonly branch: string },
): Promise<Delivered> {
  const { directory } = source;
  const branch = branchOf(request.branch);
  const commit = commitOf(request.commit);
  if (source.kind === 'folder') {
    throw new WorkspaceError('not_possible', `${source.location} is a plain folder; it has no branches.`);
  }
  const there = await branchTip(source, branch);
  if (there !== commit) {
    if (there !== undefined && !(await contains(directory, commit, there))) {
      throw new WorkspaceError(
        'conflict',
        `${source.location} has a branch ${branch} with other commits. Rename or delete it there, then try again.`,
      );
    }
    await land(source, { branch, from: there, to: commit, reason: `commander: deliver #${request.number}` });
  }
  return { commit, branch, files: await changedFiles(directory, `refs/commander/${request.number}/0`, commit) };
}

function noBranch({ location }: Source): string {
  return `${location} is at no branch (detached HEAD), so there is nothing to merge into. Check out a branch there, then run the task again.`;
}

async function branchTip(source: Source, branch: string): Promise<string | undefined> {
  try {
    return (await syncSource({ ...source, defaultBranch: branch })).base;
  } catch (error) {
    if (error instanceof WorkspaceError && error.code === 'branch_gone') return undefined;
    throw error;
  }
}

async function mergedCommit(source: Source, { base, branch }: Synced, request: DeliveryRequest): Promise<string> {
  const { directory } = source;
  const merge = await mergeCommits(directory, base, request.commit);
  if (!merge.clean) {
    const files = merge.conflicts.map(({ path }) => path);
    throw new WorkspaceError(
      'conflict',
      `${branch} has changed in ways that do not fit the work: ${nameFew(files)}. Nothing was changed. Run it again to do it anew from ${branch} as it is now, or make ${branch} fit and deliver again.`,
      { files },
    );
  }
  if (merge.tree === (await treeOf(directory, base))) {
    throw new WorkspaceError('nothing_to_do', `${branch} has these changes already, from elsewhere.`);
  }
  const { message, author, trailers } = request;
  return writeCommit(directory, { tree: merge.tree, parents: [base, request.commit], message, author, trailers });
}

/** What keeps a change from the place where the person works; `undefined` when nothing does. */
export async function findBlocked(
  source: Source,
  branch: string,
  wanted: readonly Change[],
): Promise<{ readonly obstacles: readonly Obstacle[]; readonly summary: string } | undefined> {
  if (source.kind !== 'repository' || branch === 'HEAD') return undefined;
  const checkout = await findCheckout(source.location, branch);
  if (checkout === undefined) return undefined;
  const busy = await checkoutBusy(checkout);
  if (busy !== undefined) return { obstacles: [], summary: busy };
  const { obstacles } = await findObstacles(checkout, wanted);
  if (obstacles.length === 0) return undefined;
  const names = nameFew(obstacles.map(({ path }) => path));
  return { obstacles, summary: `Uncommitted files in ${checkout.workTree} are in the way: ${names}.` };
}
