import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import type { NamedAgent } from '#core/agents/catalogue.ts';
import { advisoryClass } from '../advisory.ts';
import type { Database } from '../database.ts';
import { newId } from '../id.ts';

export interface WorkerIdentity {
  readonly host: string;
  readonly pid: number;
  /** Runs at once. */
  readonly slots: number;
  /** The coding agents that it can start. */
  readonly agents: readonly NamedAgent[];
}

/** A worker process as the others see it. */
export interface Registration {
  readonly id: string;
  readonly name: string;
  /** There may be runs to fetch. */
  onWork(listener: () => void): void;
  /** A run is to be cancelled at once. */
  onStop(listener: (runId: string) => void): void;
  /** Somebody said something to a run, changed what was said, or decided something. */
  onTalk(listener: (runId: string) => void): void;
  /**
   * Renews the leases of the runs that are really held. Returns those that are still ours and those to cancel; every other
   * one was given to somebody else and must stop.
   */
  heartbeat(
    runIds: readonly string[],
  ): Promise<{ readonly ours: readonly string[]; readonly cancel: readonly string[] }>;
  /** The connection that holds our lock is lost: others may see us as dead, so all runs must stop and we register anew. */
  onLost(listener: () => void): void;
  /** Signs off in order. */
  release(): Promise<void>;
}

/** Makes this process known as a worker. It counts as alive for exactly as long as its connection holds the advisory lock. */
export async function registerWorker(db: Database, identity: WorkerIdentity): Promise<Registration> {
  const id = newId();
  const name = `${identity.host}/${identity.pid}`;
  const lockKey = randomInt(1, 2 ** 31);
  await db.listener.query('select pg_advisory_lock($1, $2)', [advisoryClass, lockKey]);
  await db.kysely
    .insertInto('workers')
    .values({
      id,
      name,
      lock_key: lockKey,
      host: identity.host,
      pid: identity.pid,
      slots: identity.slots,
      agents: JSON.stringify(identity.agents),
    })
    .execute();
  await sql`select pg_notify('commander_ready', '')`.execute(db.kysely);
  const endings: (() => void)[] = [];
  return {
    id,
    name,
    onWork: (listener) => void endings.push(db.listener.on('commander_runs', listener)),
    onStop: (listener) =>
      void endings.push(
        db.listener.on('commander_stop', (runId) => {
          if (runId !== '') listener(runId);
        }),
      ),
    onTalk: (listener) =>
      void endings.push(
        db.listener.on('commander_talk', (runId) => {
          if (runId !== '') listener(runId);
        }),
      ),
    heartbeat: (runIds) => heartbeat(db, id, runIds),
    onLost: (listener) => db.listener.onLost(listener),
    async release() {
      for (const end of endings) end();
      await db.kysely.updateTable('workers').set({ ended_at: sql`now()` }).where('id', '=', id).execute();
      await db.listener.query('select pg_advisory_unlock($1, $2)', [advisoryClass, lockKey]);
    },
  };
}

/**
 * On the connection that holds our lock: it stands in no queue behind what the runs write. A run's row that is being written just now
 * is left for the next time, so that none waits for another one's transaction.
 */
async function heartbeat(
  db: Database,
  workerId: string,
  runIds: readonly string[],
): Promise<{ ours: readonly string[]; cancel: readonly string[] }> {
  if (runIds.length === 0) return { ours: [], cancel: [] };
  const { rows } = await db.listener.query(
    `with held as (
      select runs.id, tasks.state ? 'cancelRequestedBy' as cancel
      from commander.runs join commander.tasks on tasks.id = runs.task_id
      where runs.id = any($1::uuid[]) and worker_id = $2 and runs.status = 'running'),
    renewed as (
      update commander.runs set seen_at = now()
      where id in (select id from commander.runs where id in (select id from held) for no key update skip locked))
    select id, cancel from held`,
    [runIds, workerId],
  );
  const held = rows as readonly { readonly id: string; readonly cancel: boolean }[];
  return { ours: held.map(({ id }) => id), cancel: held.flatMap(({ id, cancel }) => (cancel ? [id] : [])) };
}
