import type { Redactor } from '#core/text/redact.ts';
import { type ChangedFile, changedFiles } from './changes.ts';
import { type Person, writeCommit } from './commit.ts';
import { record } from './record.ts';
import { checkpointRef, type KeptCommit, readTaskRefs, type TaskRefs, updateRefs } from './refs.ts';
import type { Excluded } from './scan.ts';
import { placeOf, type WorkFolder } from './work-folder.ts';

export interface CheckpointRequest {
  /** 1, 2, 3 …; 0 is the state that the work started from. */
  readonly n: number;
  /** The whole commit message. */
  readonly message: string;
  /** Who asked for the work. */
  readonly author: Person;
  readonly trailers?: Readonly<Record<string, string>>;
  /** What is done when nothing has changed: `keep` gives the commit before this number too, `skip` leaves all as it is. */
  readonly unchanged?: 'keep' | 'skip';
  /** Files that hold one of these are left out. */
  readonly secrets?: Redactor | undefined;
}

export interface Checkpoint {
  /** The commit that holds the files; the one before when nothing changed. */
  readonly commit: string;
  readonly changed: boolean;
  /** What differs from the checkpoint before. */
  readonly files: readonly ChangedFile[];
  /** What is in the folder and not in the checkpoint. */
  readonly excluded: readonly Excluded[];
}

/**
 * Keeps the files of the work folder, as they are now, as checkpoint `n`: a commit on the task's branch that follows checkpoint
 * `n - 1`. Called again for the same `n` with the same files it gives the same commit; with other files (the step ran again
 * after a crash) the newer files count.
 */
export async function checkpoint(folder: WorkFolder, request: CheckpointRequest): Promise<Checkpoint> {
  const { directory } = folder.source;
  const [known, { tree, excluded }] = await Promise.all([
    readTaskRefs(directory, folder.number, folder.branch),
    record(placeOf(folder), request.secrets),
  ]);
  const before = checkpointBefore(known, request.n);
  if (before.tree === tree && request.unchanged === 'skip' && !known.checkpoints.has(request.n)) {
    return { commit: before.commit, changed: false, files: [], excluded };
  }
  const existing = known.checkpoints.get(request.n);
  const [commit, files] = await Promise.all([
    existing?.tree === tree ? existing.commit : commitOn(folder, before, tree, request),
    before.tree === tree ? [] : changedFiles(directory, before.tree, tree),
  ]);
  if (existing?.commit !== commit || known.tip?.commit !== commit) {
    await updateRefs(directory, [
      { ref: checkpointRef(folder.number, request.n), to: commit },
      { ref: `refs/heads/${folder.branch}`, to: commit },
    ]);
  }
  return { commit, changed: before.tree !== tree, files, excluded };
}

async function commitOn(
  folder: WorkFolder,
  before: KeptCommit,
  tree: string,
  { message, author, trailers }: CheckpointRequest,
): Promise<string> {
  if (before.tree === tree) return before.commit;
  return writeCommit(folder.source.directory, { tree, parents: [before.commit], message, author, trailers });
}

function checkpointBefore({ checkpoints }: TaskRefs, n: number): KeptCommit {
  let best = -1;
  for (const each of checkpoints.keys()) if (each < n && each > best) best = each;
  const found = checkpoints.get(best);
  if (found === undefined || !Number.isInteger(n) || n < 1) {
    throw new RangeError(`checkpoint ${n} has none before it; the work folder must be opened first`);
  }
  return found;
}
