import { sql } from 'kysely';
import { advisoryClass } from '../advisory.ts';
import type { Database } from '../database.ts';

/** Of these runs, the ones that are known here and that nobody holds: ended, or their worker is dead. */
export async function endedRuns(db: Database, runIds: readonly string[]): Promise<readonly string[]> {
  const found = await sql<{ id: string }>`
    select runs.id from runs left join workers on workers.id = runs.worker_id
    where runs.id = any(${[...runIds]}::uuid[])
      and (runs.status = 'ended' or (runs.status = 'running' and not exists (
        select from pg_locks where locktype = 'advisory' and granted and objsubid = 2
          and classid = ${advisoryClass}::oid and objid = workers.lock_key::oid
          and database = (select oid from pg_database where datname = current_database()))))`.execute(db.kysely);
  return found.rows.map((row) => row.id);
}
