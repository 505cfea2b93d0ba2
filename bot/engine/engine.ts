import { timerQueue } from '#db/queue.ts';
import { admitTasks } from '#db/runs/admit.ts';
import { superviseRuns } from '#db/runs/supervise.ts';
import type { Timer } from '#db/timers.ts';
import type { Application } from '../application.ts';
import type { Loop } from '../intake/intake-loop.ts';
import { timerDue } from './timer-due.ts';

/** How often tasks are admitted without a wake-up, in milliseconds. */
const admissionMs = 1000;

/** How often dead workers are looked for, in milliseconds: a dead one is seen within 2 s. */
const supervisionMs = 500;

/** How often pg-boss looks for timers that are due, in seconds: its smallest. */
const timerPollSeconds = 0.5;

/** Starts what may start, hands on what lost its worker, and does what is due: the scheduler, the supervisor and the timers. */
export async function startEngine(application: Application): Promise<Loop> {
  const { db, log, limits } = application;
  let stopped = false;
  let admitting: Promise<void> | undefined;
  let again = false;

  function wake(): void {
    if (stopped) return;
    again = true;
    admitting ??= admit().finally(() => {
      admitting = undefined;
    });
  }

  async function admit(): Promise<void> {
    while (again && !stopped) {
      again = false;
      try {
        await admitTasks(db, limits);
      } catch (error) {
        log.warn({ error }, 'nothing could be admitted; trying again');
      }
    }
  }

  let supervising: Promise<void> | undefined;

  function supervise(): void {
    supervising ??= superviseRuns(db)
      .then(
        (lost) => lost.forEach((run) => void log.warn({ ...run }, 'a run lost its worker')),
        (error: unknown) => log.warn({ error }, 'workers could not be looked after; trying again'),
      )
      .finally(() => {
        supervising = undefined;
      });
  }

  const end = db.listener.on('commander_ready', wake);
  const timers = [setInterval(wake, admissionMs), setInterval(supervise, supervisionMs)];
  await db.boss.work<Timer>(timerQueue, { pollingIntervalSeconds: timerPollSeconds, batchSize: 20 }, async (jobs) => {
    for (const { data } of jobs) await timerDue(application, data);
  });
  wake();
  return {
    wake,
    async stop() {
      stopped = true;
      for (const timer of timers) clearInterval(timer);
      end();
      await Promise.all([admitting, supervising]);
    },
  };
}
