import type { TaskState } from '#core/task/state.ts';
import { plural } from '#core/text/plural.ts';
import { listProjects } from '#db/projects/projects.ts';
import { taskById } from '#db/tasks/queries.ts';
import { type Eyes, isSeen } from '#db/tasks/visible.ts';
import { diff } from '#workers/workspace/diff.ts';
import type { Application } from './application.ts';
import { sourceOf } from './project-file/load.ts';

/** A file about a task that is not stored: it is made anew whenever it is asked for, by its id. */
export interface MadeFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly text: string;
  /** Bytes. */
  readonly size: number;
}

/** Bytes of a diff as a file; a longer one is cut, and says so. */
const longest = 10 * 1024 * 1024;

/** What a task changed so far, named by the commits that it lies between; `undefined` when it has no work folder, or its project is gone. */
export async function diffFile(
  { db, home }: Pick<Application, 'db' | 'home'>,
  task: TaskState,
  between = task.workspace && { from: task.workspace.base, to: task.workspace.head },
): Promise<MadeFile | undefined> {
  const project = (await listProjects(db)).find(({ projectId }) => projectId === task.project.id);
  if (between === undefined || project === undefined) return undefined;
  const { patch, truncated, withheld } = await diff(sourceOf(home, project), between.from, between.to, {
    maxPatchBytes: longest,
    withhold: task.workspace?.withheld,
  });
  const cut = truncated ? '\n… the rest is cut: the diff is longer than a file of this kind may be.\n' : '';
  const text = `${patch}${cut}${withheld === 0 ? '' : `\n${withheldWords(withheld)}\n`}`;
  const id = `diff.${task.id}.${between.from}.${between.to}`;
  return { id, name: `changes-of-${task.number}.diff`, mediaType: 'text/x-diff', text, size: Buffer.byteLength(text) };
}

/** What is said of files that a diff leaves out. */
export function withheldWords(files: number): string {
  return `${plural(files, 'changed file')} left out: a secret that an agent was given stands there, or stood there before.`;
}

/** The diff that an id of `diffFile` names, of a task that these eyes may see; `undefined` for any other text. Only commits that the task knows are shown. */
export async function openDiff(
  application: Pick<Application, 'db' | 'home'>,
  id: string,
  eyes: Eyes,
): Promise<MadeFile | undefined> {
  const [, taskId, from, to] = /^diff\.([0-9a-f-]{36})\.([0-9a-f]{40,64})\.([0-9a-f]{40,64})$/.exec(id) ?? [];
  if (taskId === undefined || from === undefined || to === undefined) return undefined;
  if (eyes !== 'commander' && !(await isSeen(application.db, taskId, eyes))) return undefined;
  const task = await taskById(application.db, taskId);
  const known = task?.checkpoints.some(({ commit }) => commit === to) ?? false;
  return task?.workspace?.base === from && known ? diffFile(application, task, { from, to }) : undefined;
}
