import type pg from 'pg';
import { PgBoss } from 'pg-boss';
import type { Log } from './log.ts';
import { preparedStatements } from './prepared.ts';

/** Admitted runs, one job each: job id = run id. Small at all times, for only what may start now is in it. */
export const runQueue = 'runs';

/** Everything that happens at a time: retries of tasks. */
export const timerQueue = 'timers';

/**
 * pg-boss on Commander's own pool. The instance that `supervises` also does pg-boss' housekeeping; one per machine is enough.
 */
export async function startQueue(pool: pg.Pool, log: Log, role: 'supervises' | 'works'): Promise<PgBoss> {
  const boss = new PgBoss({
    db: { executeSql: preparedStatements(pool) },
    schema: 'pgboss',
    supervise: role === 'supervises',
    schedule: false,
    migrate: role === 'supervises',
  });
  // Without a listener an error of pg-boss' background loops would end the process.
  boss.on('error', (error) => log.warn({ error }, 'queue housekeeping failed; it is tried again'));
  await boss.start();
  if (role === 'supervises') {
    // Runs are claimed once and never retried by pg-boss: a new attempt is a new run, decided by the task's own rules.
    // 24 h is pg-boss' longest expiry; a longer run keeps its lease in `runs` and loses nothing.
    await boss.createQueue(runQueue, { retryLimit: 0, expireInSeconds: 86_399, deleteAfterSeconds: 3600 });
    await boss.createQueue(timerQueue, { retryLimit: 20, retryDelay: 1, retryBackoff: true, deleteAfterSeconds: 3600 });
  }
  return boss;
}
