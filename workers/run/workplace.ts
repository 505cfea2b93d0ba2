import { join } from 'node:path';
import { isInScope } from '#core/project-file/scope.ts';
import { taskFilesPlace } from '#core/run/places.ts';
import type { MadeCheckpoint, RunReport } from '#core/task/commands.ts';
import type { ChangeSummary } from '#core/task/result.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Redactor } from '#core/text/redact.ts';
import { type ChangedFile, changedFiles } from '../workspace/changes.ts';
import { type Checkpoint, type CheckpointRequest, checkpoint } from '../workspace/checkpoint.ts';
import type { Person } from '../workspace/commit.ts';
import { holdingSecrets, isMarked } from '../workspace/holding-secrets.ts';
import { taskBranch } from '../workspace/refs.ts';
import { restore } from '../workspace/restore.ts';
import { revert } from '../workspace/revert.ts';
import { slugOf } from '../workspace/slug.ts';
import { syncSource } from '../workspace/sync.ts';
import { type VerificationFolder, verificationFolder } from '../workspace/verification-folder.ts';
import { openWorkFolder, placeOfTask, type WorkFolder } from '../workspace/work-folder.ts';
import type { Run } from './run.ts';
import { setAsideEarlierWork } from './set-aside.ts';

/** The folder that a task works in, with its checkpoints; what happens to it is reported. */
export interface Workplace {
  readonly folder: string;
  /** The commit of the newest checkpoint. */
  head(): string;
  /** Makes sure that the files are there: before a step that works on them, and not for asking whether it may. */
  layOut(): Promise<void>;
  /** Puts the folder back to `head()`. */
  restore(): Promise<void>;
  /** Goes back to an earlier commit, whole or by file, as a checkpoint of its own. */
  revert(to: { readonly name: string; readonly to: string; readonly files?: readonly string[] }): Promise<void>;
  /**
   * Keeps the files as they are now and reports the step done, both at once; when nothing changed, `keep` makes a checkpoint of
   * that name all the same.
   */
  finishStep(stepId: string, as: StepEnd): Promise<void>;
  /** Keeps the files of a step that ends here unfinished, as a checkpoint of its own; none when nothing changed since the last. */
  keepUnfinished(as: Pick<StepEnd, 'name' | 'secrets'>): Promise<void>;
  /** The files of `head()` and nothing else, in a folder of their own. */
  cleanCopy(): Promise<VerificationFolder>;
}

/** How a step is kept. */
export interface StepEnd {
  readonly name: string;
  readonly unchanged: 'keep' | 'skip';
  /** What of its outputs is not there, and why. */
  readonly outputs: Pick<RunReport & { type: 'step-finished' }, 'missing' | 'leftOut'>;
  /** Files that hold one of these are not kept, and that is said. */
  readonly secrets?: Redactor;
}

const startName = 'Start';

/** Files that a summary names; the rest is counted. A diff shows them all. */
const mostFilesNamed = 50;

/** Files outside of the scope that are named; how many there are is said. */
const mostOutsideNamed = 20;

/** What can't be kept is told of one by one up to this number. */
const mostExcludedNamed = 5;

/** The task's folder: at the project's newest state when the task begins, else where it was. Its files are laid out when they are needed. */
export async function openWorkplace(run: Run): Promise<Workplace> {
  const { input, reporter } = run;
  const base = reporter.task.workspace?.base ?? (await begin(run));
  let opened: Promise<WorkFolder> | undefined;
  const open = () => {
    opened ??= openAt(run, base);
    return opened;
  };
  const head = () => reporter.task.workspace?.head ?? base;
  return {
    folder: placeOfTask(input.home, input.task.id).path,
    head,
    async layOut() {
      await open();
    },
    async restore() {
      await restore(await open(), head());
    },
    async revert({ name, to, files }) {
      const folder = await open();
      const request = requestFor(reporter.task, name);
      const made = await revert(folder, { ...request, to, files });
      await reporter.report({
        type: 'checkpoint',
        ...(await describeCheckpoint(run, folder, { name, n: request.n, made })),
      });
    },
    async finishStep(stepId, { name, unchanged, outputs, secrets }) {
      const folder = await open();
      const request = requestFor(reporter.task, name);
      const made = await checkpoint(folder, { ...request, unchanged, secrets });
      const kept =
        made.changed || unchanged === 'keep'
          ? { checkpoint: await describeCheckpoint(run, folder, { name, n: request.n, made }, secrets) }
          : {};
      await reporter.report({ type: 'step-finished', stepId, ...kept, ...outputs });
    },
    async keepUnfinished({ name, secrets }) {
      const folder = await open();
      const request = requestFor(reporter.task, name);
      const made = await checkpoint(folder, { ...request, unchanged: 'skip', secrets });
      if (!made.changed) return;
      const described = await describeCheckpoint(run, folder, { name, n: request.n, made }, secrets);
      await reporter.report({ type: 'checkpoint', ...described });
    },
    cleanCopy: () =>
      verificationFolder(input.project, head(), join(input.home, taskFilesPlace(input.task.number), 'check')),
  };
}

/** The commit that the work starts from: the project as it is now. */
async function begin({ input, reporter }: Run): Promise<string> {
  const { base, branch, notes } = await syncSource(input.project, { signal: reporter.signal, notes: 'skip' });
  for (const note of notes) reporter.tell(note);
  const { number, title } = reporter.task;
  await setAsideEarlierWork(input.project.directory, number);
  const own = taskBranch(number, slugOf(title));
  const ofFolder = input.project.kind === 'folder' ? ({ ofFolder: true } as const) : {};
  await reporter.report({ type: 'workspace-ready', branch: own, baseBranch: branch, base, ...ofFolder });
  return base;
}

async function openAt(run: Run, base: string): Promise<WorkFolder> {
  const { input, reporter } = run;
  const { id, number, title } = reporter.task;
  const folder = await openWorkFolder(input.project, {
    taskId: id,
    number,
    slug: slugOf(title),
    home: input.home,
    base,
  });
  await markStart(run, folder);
  return folder;
}

/** The state that the work starts from can be gone back to as well. A crash may have come between the two reports. */
async function markStart({ reporter }: Run, { base }: WorkFolder): Promise<void> {
  const marked = reporter.task.checkpoints.findLast((each) => each.name === startName);
  if (marked?.commit === base) return;
  await reporter.report({ type: 'checkpoint', n: nextNumber(reporter.task), name: startName, commit: base });
}

function requestFor(task: TaskState, name: string): CheckpointRequest {
  const message = `${name}\n\nTask #${task.number}: ${task.title}`;
  return { n: nextNumber(task), message, author: authorOf(task) };
}

/** A checkpoint as it is reported. What could not be kept in it is told. */
async function describeCheckpoint(
  { input, reporter }: Run,
  folder: WorkFolder,
  { n, name, made }: { readonly n: number; readonly name: string; readonly made: Checkpoint },
  secrets?: Redactor,
): Promise<MadeCheckpoint> {
  for (const { path, why } of made.excluded.slice(0, mostExcludedNamed)) reporter.tell(`Not kept: ${why}`, path);
  const { directory } = input.project;
  const range = { from: folder.base, to: made.commit };
  const found = secrets === undefined || secrets.longest === 0 ? [] : await holdingSecrets(directory, range, secrets);
  const marks = new Set([...(reporter.task.workspace?.withheld ?? []), ...found]);
  const files = await changedFiles(directory, range.from, range.to);
  const changes = summaryOf(files, marks, reporter.task.understanding.scope);
  return { n, name, commit: made.commit, changes, ...(found.length === 0 ? {} : { withheld: found }) };
}

/** Numbers go on over the rounds of a task. */
function nextNumber({ checkpoints }: TaskState): number {
  return (checkpoints.at(-1)?.n ?? -1) + 1;
}

/** The one who asked for the work is its author. Chats do not tell addresses, so the name stands for one. */
export function authorOf({ requester }: TaskState): Person {
  return { name: requester.name, email: `${slugOf(requester.name)}@localhost` };
}

function summaryOf(
  files: readonly ChangedFile[],
  withheld: ReadonlySet<string>,
  scope: readonly string[],
): ChangeSummary {
  const open = files.filter((file) => !isMarked(file, withheld));
  const named = open.slice(0, mostFilesNamed);
  return {
    files: named.map(({ path, status, added, removed }) => ({ path, status, added, removed })),
    added: files.reduce((sum, file) => sum + file.added, 0),
    removed: files.reduce((sum, file) => sum + file.removed, 0),
    more: files.length - named.length,
    ...outsideOf(open, scope),
  };
}

/** What was changed outside of what the task was to work on; a file that moved counts with both of its places. */
function outsideOf(files: readonly ChangedFile[], scope: readonly string[]): Pick<ChangeSummary, 'outside'> {
  const paths = files.flatMap(({ path, previousPath }) => (previousPath === undefined ? [path] : [previousPath, path]));
  const outside = paths.filter((path) => !isInScope(path, scope));
  return outside.length === 0 ? {} : { outside: { paths: outside.slice(0, mostOutsideNamed), count: outside.length } };
}
