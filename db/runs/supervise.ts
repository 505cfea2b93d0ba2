import { sql } from 'kysely';
import { advisoryClass, advisoryKeys } from '../advisory.ts';
import type { Database } from '../database.ts';
import { commandTask } from '../tasks/change-task.ts';

/**
 * A run that its worker has not renewed for this long is taken away, in seconds. Workers renew each second and stop their
 * runs by themselves after 7 s without (`selfFenceMs`), so the old attempt is over before a new one begins.
 */
export const leaseSeconds = 10;

/**
 * A job that was taken but never claimed as a run, in seconds, though a worker has died since. Between the two lie milliseconds, on a
 * busy machine seconds: while all live it gets as long as a lease. One that was only slow is refused its claim, and nothing has begun.
 */
const claimSeconds = 2;

export interface LostRun {
  readonly runId: string;
  readonly taskId: string;
  readonly reason: string;
}

/**
 * One pass of the supervisor: finds workers that are gone (each holds an advisory lock on its own connection for as long as it
 * lives) and runs whose lease ran out, and hands their tasks on. Any process may call it; one at a time does the work.
 */
export async function superviseRuns(db: Database): Promise<readonly LostRun[]> {
  const lost = await db.kysely.transaction().execute(async (trx) => {
    const turn = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(${advisoryClass}, ${advisoryKeys.supervision}) as mine`.execute(trx);
    if (turn.rows[0]?.mine !== true) return [];
    await sql`
      update workers set ended_at = now()
      where ended_at is null and not exists (
        select from pg_locks where locktype = 'advisory' and granted and objsubid = 2
          and classid = ${advisoryClass}::oid and objid = lock_key::oid
          and database = (select oid from pg_database where datname = current_database()))`.execute(trx);
    const found = await sql<LostRun>`
      select runs.id as "runId", runs.task_id as "taskId",
        case when workers.ended_at is not null then 'Worker ' || workers.name || ' died'
             when runs.status = 'running' then 'Worker ' || workers.name || ' stopped answering'
             else 'The worker that took it died' end as reason
      from runs left join workers on workers.id = runs.worker_id
      where (runs.status = 'running'
             and (workers.ended_at is not null or runs.seen_at < now() - make_interval(secs => ${leaseSeconds})))
         or (runs.status = 'admitted' and exists (
               select from pgboss.job where name = 'runs' and id = runs.id and state <> 'created'
               and coalesce(started_on, completed_on) < now() - make_interval(secs => case
                 when exists (select from workers where ended_at > coalesce(started_on, completed_on))
                 then ${claimSeconds}::float else ${leaseSeconds}::float end)))`.execute(trx);
    return found.rows;
  });
  // Each in a transaction of its own: what is committed stays, whenever this process dies.
  for (const run of lost)
    await commandTask(db, run.taskId, { type: 'interrupt', runId: run.runId, reason: run.reason });
  return lost;
}
