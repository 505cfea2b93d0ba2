import { queuedTasks, unpresentedReplies, unpresentedTasks } from '#db/posts/posts.ts';
import type { Application } from '../application.ts';
import type { Loop } from '../intake/intake-loop.ts';
import { presentReply, presentTask } from './present.ts';

/** How often the tables are looked at without a wake-up, in milliseconds. */
const tickMs = 1000;

/** Threads that are brought up to date at once. */
const parallel = 8;

/** Rows per look. */
const batch = 100;

/** Places in the queue move without an event of the task; those in front are shown anew at most this often (ms). */
const queueMs = 1000;

/**
 * Keeps every thread a true view of its task. Nothing is ever sent by anyone else. It works from what is stored, so a crash, a
 * lost notification or a platform that is away costs only time: the next pass shows the newest state.
 */
export function startPresenter(application: Application): Loop {
  const { db, log } = application;
  const due = new Set<string>();
  const busy = new Map<string, Promise<void>>();
  let stopped = false;
  let queueTimer: NodeJS.Timeout | undefined;

  function wakeTask(payload: string): void {
    if (stopped) return;
    if (payload === '' || payload.startsWith('inbox:')) void look();
    else want(payload);
  }

  /** Newest wins: a task that changes while it is being shown is shown once more afterwards. */
  function want(taskId: string): void {
    due.add(taskId);
    pump();
  }

  function pump(): void {
    for (const taskId of due) {
      if (stopped || busy.size >= parallel) return;
      if (busy.has(taskId)) continue;
      due.delete(taskId);
      run(taskId, () => presentTask(application, taskId));
    }
  }

  function run(key: string, work: () => Promise<void>): void {
    const working = work()
      .catch((error: unknown) => log.warn({ error, key }, 'a thread could not be shown; it is tried again'))
      .finally(() => {
        busy.delete(key);
        pump();
      });
    busy.set(key, working);
  }

  async function look(): Promise<void> {
    try {
      for (const reply of await unpresentedReplies(db, batch)) {
        if (!stopped && !busy.has(reply.inboxId)) run(reply.inboxId, () => presentReply(application, reply));
      }
      for (const taskId of await unpresentedTasks(db, batch)) want(taskId);
    } catch (error) {
      log.warn({ error }, 'threads can not be compared; trying again');
    }
  }

  function queueMoved(): void {
    queueTimer ??= setTimeout(() => {
      queueTimer = undefined;
      queuedTasks(db, batch).then(
        (ids) => ids.forEach(want),
        (error: unknown) => log.warn({ error }, 'the queue can not be read; trying again'),
      );
    }, queueMs);
  }

  const ends = [db.listener.on('commander_task', wakeTask), db.listener.on('commander_ready', queueMoved)];
  const timer = setInterval(() => void look(), tickMs);
  void look();
  return {
    wake: () => void look(),
    async stop() {
      stopped = true;
      clearInterval(timer);
      clearTimeout(queueTimer);
      for (const end of ends) end();
      await Promise.all(busy.values());
    },
  };
}
