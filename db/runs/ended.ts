import { sql } from 'kysely';
import { advisoryClass } from '../advisory.ts';
import type { Database } from '../database.ts';
import { commandTask } from '../tasks/change-task.ts';

/**
 * Of these runs, the ones that are known here and over: ended, or their worker is dead. A dead worker's run is ended here first,
 * so that it can report nothing more when its processes are killed: that worker may have lost only its connection so far.
 */
export async function endedRuns(db: Database, runIds: readonly string[]): Promise<readonly string[]> {
  const found = await sql<{ id: string; taskId: string; status: string; worker: string | null }>`
    select runs.id, runs.task_id as "taskId", runs.status, workers.name as worker
    from runs left join workers on workers.id = runs.worker_id
    where runs.id = any(${[...runIds]}::uuid[])
      and (runs.status = 'ended' or (runs.status = 'running' and not exists (
        select from pg_locks where locktype = 'advisory' and granted and objsubid = 2
          and classid = ${advisoryClass}::oid and objid = workers.lock_key::oid
          and database = (select oid from pg_database where datname = current_database()))))`.execute(db.kysely);
  for (const { id, taskId, status, worker } of found.rows) {
    if (status === 'ended') continue;
    const reason = worker === null ? 'The worker that took it died' : `Worker ${worker} died`;
    await commandTask(db, taskId, { type: 'interrupt', runId: id, reason });
  }
  return found.rows.map((row) => row.id);
}
