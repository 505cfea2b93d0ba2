import { type ChangedFile, changedFiles, changes } from './changes.ts';
import { type Person, writeCommit } from './commit.ts';
import { findBlocked } from './deliver.ts';
import { baseMoved, nameFew, WorkspaceError } from './errors.ts';
import { gitText } from './git.ts';
import { land } from './land.ts';
import { contains, mergeTrees, type Obstacle } from './merge.ts';
import { mixTrees } from './mix-trees.ts';
import { readRef, updateRefs } from './refs.ts';
import { effectOf, type RevertPreview, withOtherNames } from './revert.ts';
import { treeOf } from './snapshot.ts';
import { commitOf, type Source } from './source.ts';
import { type Synced, syncSource } from './sync.ts';

/** Delivered work that shall be taken back: the way from `from` (what was delivered) to `to` (a checkpoint before). */
export interface DeliveredRange {
  readonly from: string;
  readonly to: string;
  /** Only these files; all that differ when not given. */
  readonly files?: readonly string[];
}

export interface DeliveredRevertRequest extends DeliveredRange {
  readonly number: number;
  /** Names this revert, so that a repeated call finds what the first one did: letters, digits, dashes. */
  readonly key: string;
  /** The tip that the person was shown (`base` of the preview). */
  readonly expectedBase?: string;
  readonly message: string;
  readonly author: Person;
  readonly trailers?: Readonly<Record<string, string>>;
}

/**
 * Says what taking back delivered work would do. The change is reversed on top of what the project is now, so later commits of
 * others stay; files where that does not work are named with the reason. Nothing is written to the project.
 */
export async function previewDeliveredRevert(
  source: Source,
  range: DeliveredRange,
): Promise<RevertPreview & { readonly base?: string }> {
  const about = { delivered: true, undone: [], files: [], notes: [] };
  let synced: Synced;
  try {
    synced = await syncSource(source);
  } catch (error) {
    if (!(error instanceof WorkspaceError) || error.code === 'git_missing') throw error;
    return { ...about, verdict: 'not', cannot: [{ what: 'The project', why: error.message }] };
  }
  const { base, branch } = synced;
  if (branch === 'HEAD') {
    const why = 'it is at no branch (detached HEAD), so there is nothing to commit to';
    return { ...about, base, verdict: 'not', cannot: [{ what: 'The project', why }] };
  }
  const undo = await computeUndo(source, synced, range);
  const [files, movedBy] = await Promise.all([
    changedFiles(source.directory, base, undo.tree),
    gitText(['rev-list', '--count', base, `^${commitOf(range.from)}`], { gitDirectory: source.directory }),
  ]);
  const cannot = undo.cannot.map(({ path, why }) => ({ what: path, why }));
  const nothing = [{ what: 'The files', why: 'the project does not have this change (any more)' }];
  return {
    delivered: true,
    verdict: files.length === 0 ? 'not' : cannot.length === 0 ? 'eligible' : 'partly',
    undone: files.map(effectOf),
    cannot: files.length === 0 && cannot.length === 0 ? nothing : cannot,
    files,
    notes: notesOf(branch, Number(movedBy)),
    base,
  };
}

/**
 * Takes back delivered work by a new commit on the project's branch. Files that cannot be taken back are left out, as the
 * preview said; fails when nothing can. May be repeated with the same `key` after a crash.
 */
export async function revertDelivered(
  source: Source,
  request: DeliveredRevertRequest,
): Promise<{ readonly commit: string; readonly files: readonly ChangedFile[] }> {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(request.key)) throw new WorkspaceError('unsafe_name', 'That is no key of a revert.');
  const { directory } = source;
  const reference = `refs/commander/${request.number}/revert-${request.key}`;
  const [synced, made] = await Promise.all([syncSource(source), readRef(directory, reference)]);
  const { base, branch } = synced;
  if (made !== undefined && (await contains(directory, base, made))) {
    return { commit: made, files: await changedFiles(directory, `${made}^`, made) };
  }
  if (branch === 'HEAD') {
    throw new WorkspaceError(
      'not_possible',
      `${source.location} is at no branch (detached HEAD); nothing was changed.`,
    );
  }
  if (request.expectedBase !== undefined && request.expectedBase !== base) throw baseMoved(branch);
  const { tree, cannot } = await computeUndo(source, synced, request);
  if (tree === (await treeOf(directory, base))) throw nothingLeft(cannot);
  const { message, author, trailers } = request;
  const commit = await writeCommit(directory, { tree, parents: [base], message, author, trailers });
  await updateRefs(directory, [{ ref: reference, to: commit }]);
  await land(source, { branch, from: base, to: commit, reason: `commander: revert #${request.number}` });
  return { commit, files: await changedFiles(directory, base, commit) };
}

interface Undo {
  /** What the project would be; its present tree when nothing can be undone. */
  readonly tree: string;
  readonly cannot: readonly Obstacle[];
}

/** Reverses the change file by file: what stands in the way of one file does not keep the others from being taken back. */
async function computeUndo(source: Source, { base, branch }: Synced, range: DeliveredRange): Promise<Undo> {
  const { directory } = source;
  const [from, to] = [commitOf(range.from), commitOf(range.to)];
  const [renames, all, fromTree, nowTree] = await Promise.all([
    changedFiles(directory, from, to),
    changes(directory, from, to),
    treeOf(directory, from),
    treeOf(directory, base),
  ]);
  const chosen = new Set(range.files === undefined ? [] : withOtherNames(renames, range.files));
  let files = all.map(({ path }) => path).filter((path) => range.files === undefined || chosen.has(path));
  const cannot: Obstacle[] = [];
  while (files.length > 0) {
    const theirs = await mixTrees(directory, { onto: fromTree, from: to, files });
    const merge = await mergeTrees(directory, { base: fromTree, ours: nowTree, theirs });
    const blocked = merge.clean
      ? await findBlocked(source, branch, await changes(directory, nowTree, merge.tree))
      : undefined;
    if (blocked?.obstacles.length === 0)
      return { tree: nowTree, cannot: [{ path: 'The checkout', why: blocked.summary }] };
    const found = merge.clean
      ? (blocked?.obstacles ?? [])
      : merge.conflicts.map(({ path }) => ({ path, why: 'it was changed again after the delivery' }));
    if (merge.clean && found.length === 0) return { tree: merge.tree, cannot };
    const stuck = new Set(
      withOtherNames(
        renames,
        found.map(({ path }) => path),
      ),
    );
    const left = files.filter((path) => !stuck.has(path));
    cannot.push(...found);
    // What stands in the way may lie elsewhere (a file renamed since): then none of the rest can be told apart from it.
    if (left.length === files.length) break;
    files = left;
  }
  return { tree: nowTree, cannot };
}

function notesOf(branch: string, commitsSince: number): string[] {
  // The delivery itself is one commit, the merge.
  return commitsSince <= 1 ? [] : [`${branch} has moved on since the delivery; what others did stays.`];
}

function nothingLeft(cannot: readonly Obstacle[]): WorkspaceError {
  const files = cannot.map(({ path }) => path);
  return files.length === 0
    ? new WorkspaceError(
        'nothing_to_do',
        'The project does not have this change (any more); there is nothing to take back.',
      )
    : new WorkspaceError('conflict', `Nothing can be taken back: ${nameFew(files)} cannot. Nothing was changed.`, {
        files,
      });
}
