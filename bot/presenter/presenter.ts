import { type PresentableReply, unpresentedReplies, unpresentedTasks } from '#db/posts/posts.ts';
import { frontOfQueue } from '#db/runs/place-in-queue.ts';
import type { Application } from '../application.ts';
import type { Loop } from '../intake/intake-loop.ts';
import { createOutbox } from './outbox.ts';
import { presentReply, presentTask } from './present.ts';

/** How often the tables are looked at without a wake-up, in milliseconds. */
const tickMs = 1000;

/** Tasks whose cards are computed at once: short work on the database. What is sent has no such limit. */
const computedAtOnce = 8;

/** Rows per look, besides those that are on their way. */
const batch = 100;

/** Places in the queue move without an event of the task; those in front are shown anew at most this often (ms). */
const queueMs = 1000;

export interface PresenterOptions {
  /** The wait after a first failure, in milliseconds; it doubles with each. */
  readonly retryMs?: number;
  /** For so long what a process that is gone has sent may yet land, in milliseconds. */
  readonly lateMs?: number;
}

/**
 * Keeps every thread a true view of its task. Nothing is ever sent by anyone else. It works from what is stored, so a crash, a
 * lost notification or a platform that is away costs only time: the next pass shows the newest state. A platform may take as
 * long as its limits ask for: each post waits for itself alone.
 */
export function startPresenter(application: Application, options: PresenterOptions = {}): Loop {
  const { db, log, answersFirst } = application;
  const outbox = createOutbox({ db, log, answersFirst, ...options });
  const due = new Set<string>();
  const computing = new Map<string, Promise<void>>();
  /** How far each task's thread will be shown when all that is on its way has arrived. */
  const sending = new Map<string, number>();
  const replying = new Set<string>();
  const arriving = new Set<Promise<void>>();
  let stopped = false;
  let queueTimer: NodeJS.Timeout | undefined;
  let placesSaid: ReadonlyMap<string, string> = new Map();

  function wakeUp(payload: string): void {
    if (stopped) return;
    if (payload === '') void look();
    else if (payload.startsWith('inbox:')) void lookAtReply(payload.slice('inbox:'.length));
    else want(payload);
  }

  /** Newest wins: a task that changes while its cards are computed is computed once more afterwards. */
  function want(taskId: string): void {
    due.add(taskId);
    pump();
  }

  function pump(): void {
    for (const taskId of due) {
      if (stopped || computing.size >= computedAtOnce) return;
      if (computing.has(taskId)) continue;
      due.delete(taskId);
      const work = compute(taskId)
        .catch((error: unknown) => log.warn({ error, taskId }, 'a thread could not be computed; it is tried again'))
        .finally(() => {
          computing.delete(taskId);
          pump();
        });
      computing.set(taskId, work);
    }
  }

  async function compute(taskId: string): Promise<void> {
    await answersFirst.turn();
    const presentation = await presentTask(application, outbox, taskId);
    if (presentation === undefined) return;
    const { seq, shown } = presentation;
    sending.set(taskId, seq);
    const arrived = shown
      .catch((error: unknown) => notShown(error, taskId))
      .finally(() => {
        if (sending.get(taskId) === seq) sending.delete(taskId);
        arriving.delete(arrived);
      });
    arriving.add(arrived);
  }

  function reply(each: PresentableReply): void {
    if (stopped || replying.has(each.inboxId)) return;
    replying.add(each.inboxId);
    const arrived = presentReply(application, outbox, each)
      .catch((error: unknown) => notShown(error, each.inboxId))
      .finally(() => {
        replying.delete(each.inboxId);
        arriving.delete(arrived);
      });
    arriving.add(arrived);
  }

  /** The next start, or the next look, shows what was not. */
  function notShown(error: unknown, what: string): void {
    if (!stopped) log.warn({ error, what }, 'what a thread shows could not be settled; it is tried again');
  }

  async function lookAtReply(inboxId: string): Promise<void> {
    try {
      await answersFirst.turn();
      const platforms = [...application.adapters.keys()];
      for (const each of await unpresentedReplies(db, { platforms, limit: 1, inboxId })) reply(each);
    } catch (error) {
      log.warn({ error }, 'an answer can not be read; trying again');
    }
  }

  async function look(): Promise<void> {
    const platforms = [...application.adapters.keys()];
    try {
      for (const each of await unpresentedReplies(db, { platforms, limit: batch + replying.size })) reply(each);
      for (const { taskId, seq } of await unpresentedTasks(db, { platforms, limit: batch + sending.size })) {
        if (sending.get(taskId) !== seq) want(taskId);
      }
    } catch (error) {
      log.warn({ error }, 'threads can not be compared; trying again');
    }
  }

  /** Only those whose cards say something else now. */
  async function showMoved(): Promise<void> {
    const places = await frontOfQueue(db, application.limits);
    const words = new Map([...places].map(([taskId, place]) => [taskId, JSON.stringify(place)]));
    for (const [taskId, said] of words) if (placesSaid.get(taskId) !== said) want(taskId);
    placesSaid = words;
  }

  function queueMoved(): void {
    queueTimer ??= setTimeout(() => {
      queueTimer = undefined;
      showMoved().catch((error: unknown) => log.warn({ error }, 'the queue can not be read; trying again'));
    }, queueMs);
  }

  const ends = [db.listener.on('commander_task', wakeUp), db.listener.on('commander_ready', queueMoved)];
  const timer = setInterval(() => void look(), tickMs);
  void look();
  return {
    wake: () => void look(),
    async stop() {
      stopped = true;
      clearInterval(timer);
      clearTimeout(queueTimer);
      for (const end of ends) end();
      await Promise.all(computing.values());
      await outbox.stop();
      await Promise.all(arriving);
    },
  };
}
