import type { RunInput, StopReason, Talk } from '#core/run/run.ts';
import type { Database } from '#db/database.ts';
import type { Log } from '#db/log.ts';
import type { RunJob } from '#db/runs/claim.ts';
import { commandTask } from '#db/tasks/change-task.ts';
import { askOtherTasks } from '#db/tasks/other-tasks.ts';
import { batchActions } from './journal/batched-journal.ts';
import { taskJournal } from './journal/task-journal.ts';
import { pause } from './pause.ts';
import type { RunPool, StartedRun } from './pool/run-pool.ts';

/** The runs that this worker executes right now. */
export interface HeldRuns {
  readonly size: number;
  ids(): readonly string[];
  /** Starts a run that was claimed. `onEnd` is called when its slot is free again. */
  start(job: RunJob, input: RunInput, onEnd: () => void): void;
  /** Tells runs to stop; unknown ones are over already. */
  stop(reason: StopReason, ids?: readonly string[]): void;
  /** Tells a run what people say to it and decide; unknown ones are over already. */
  tell(runId: string, talk: Talk): void;
  /** Resolves when nothing of the runs held now is left on this machine. */
  gone(): Promise<void>;
  /** Resolves when there is none, and the database knows how each ended. */
  settled(): Promise<void>;
}

export interface HeldRunsOptions {
  readonly db: Database;
  readonly pool: RunPool;
  readonly log: Log;
  /** Aborts when the process is about to end: then nothing is tried again. */
  readonly ending: AbortSignal;
}

/** Time between attempts to tell the database about a broken run, in milliseconds. */
const againMs = 1_000;

export function holdRuns({ db, pool, log, ending }: HeldRunsOptions): HeldRuns {
  const held = new Map<string, StartedRun>();
  const finishing = new Set<Promise<void>>();

  async function finish(job: RunJob, run: StartedRun, onEnd: () => void): Promise<void> {
    const end = await run.ended;
    held.delete(job.runId);
    onEnd();
    if (end.how === 'broken') await giveBack(job, end.reason);
  }

  /** Says that a run did not come to its own end, until the database takes it: somebody waits for the task. */
  async function giveBack(job: RunJob, reason: string): Promise<void> {
    while (!ending.aborted) {
      try {
        const { ok } = await commandTask(db, job.taskId, { type: 'interrupt', runId: job.runId, reason });
        // Its lease may be found gone in the moment of its end: then nothing was broken off.
        if (ok) log.warn({ runId: job.runId, reason }, 'a run broke off');
        return;
      } catch (error) {
        log.warn({ error, runId: job.runId }, 'could not give a run back; trying again');
        await pause(againMs, ending);
      }
    }
  }

  return {
    get size() {
      return held.size;
    },
    ids: () => [...held.keys()],
    start(job, input, onEnd) {
      const run = pool.start(input, batchActions(taskJournal(db, job)), (request) =>
        askOtherTasks(db, job.taskId, request),
      );
      held.set(job.runId, run);
      const finished = finish(job, run, onEnd).finally(() => finishing.delete(finished));
      finishing.add(finished);
    },
    stop(reason, ids = [...held.keys()]) {
      for (const id of ids) held.get(id)?.stop(reason);
    },
    tell: (runId, talk) => held.get(runId)?.tell(talk),
    async gone() {
      await Promise.all([...held.values()].map((run) => run.ended));
    },
    async settled() {
      while (finishing.size > 0) await Promise.all(finishing);
    },
  };
}
