import type { TaskState } from '#core/task/state.ts';
import { plainText } from '#core/text/sanitise.ts';
import { taskById } from '#db/tasks/queries.ts';
import { type Eyes, isSeen } from '#db/tasks/visible.ts';
import type { Application } from './application.ts';
import type { MadeFile } from './diff-file.ts';
import { logsOf, readLog, type TaskLog } from './task-logs.ts';

/** Bytes of output in one file; what is older is left out, and the file says where it is. A Discord server without boosts takes 10 MiB. */
const longest = 8 * 1024 * 1024;

/** What the steps and checks of a task's newest round put out so far, as one file. */
export interface LogFile extends MadeFile {
  /** Bytes of output that had no room. */
  readonly left: number;
}

/** The output of a task's newest round, named by how much there is of it; `undefined` before anything has run. */
export async function logFile({ home }: Pick<Application, 'home'>, task: TaskState): Promise<LogFile | undefined> {
  const logs = logsOf(task);
  if (logs.length === 0) return undefined;
  const { text, read, left } = await newestOf(home, logs, longest);
  const id = `log.${task.id}.${task.round}.${read + left}`;
  return { id, name: `log-of-${task.number}.txt`, mediaType: 'text/plain', text, size: Buffer.byteLength(text), left };
}

/** The newest `limit` bytes of logs, oldest first, each under its title. */
export async function newestOf(home: string, logs: readonly TaskLog[], limit: number) {
  const parts: string[] = [];
  let read = 0;
  let left = 0;
  for (const log of logs.toReversed()) {
    const found = await readLog(home, log, limit - read);
    parts.unshift(`=== ${plainText(log.title, { singleLine: true })} ===\n${found.text.trimEnd()}\n`);
    read += Math.min(found.read, limit - read);
    left += found.before;
  }
  return { text: parts.join('\n'), read, left };
}

/** The log that an id of `logFile` names, as far as it is now, of a task that these eyes may see and that is still at that round. */
export async function openLog(
  application: Pick<Application, 'db' | 'home'>,
  id: string,
  eyes: Eyes,
): Promise<LogFile | undefined> {
  const [, taskId, round] = /^log\.([0-9a-f-]{36})\.(\d{1,9})\.\d{1,15}$/.exec(id) ?? [];
  if (taskId === undefined) return undefined;
  if (eyes !== 'commander' && !(await isSeen(application.db, taskId, eyes))) return undefined;
  const task = await taskById(application.db, taskId);
  return task?.round === Number(round) ? logFile(application, task) : undefined;
}
