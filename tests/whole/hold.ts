import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

/** A place where something is written: a row that fits is about to be inserted or updated, or its card to be stored. */
export interface CommitPoint {
  readonly table: string;
  readonly on: 'insert' | 'update';
  /** SQL about `new`. */
  readonly when: string;
}

export interface Hold {
  /** Resolves when some transaction has come to the point and waits there, before its commit. */
  reached(): Promise<void>;
  /** Lets everybody pass from now on. */
  release(): Promise<void>;
}

const key = 4711;

/** Makes every transaction wait at a point until it is released: whoever is killed there has not committed it. */
export async function holdAt(databaseUrl: string, { table, on, when }: CommitPoint): Promise<Hold> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`select pg_advisory_lock(${key})`);
  await client.query(`create function hold() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock_shared(${key}); return new; end $$`);
  await client.query(
    `create trigger hold before ${on} on ${table} for each row when (${when}) execute function hold()`,
  );
  return {
    async reached() {
      // Nothing tells that a transaction waits for a lock; it is asked for until one does, within vitest's time limit.
      for (;;) {
        const { rows } = await client.query(`select from pg_locks where locktype = 'advisory' and not granted
          and objid = ${key} and database = (select oid from pg_database where datname = current_database())`);
        if (rows.length > 0) return;
        await pause(10);
      }
    },
    async release() {
      // Those who wait were killed: they must not go on when the lock is free.
      await client.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted
          and objid = ${key} and database = (select oid from pg_database where datname = current_database())`);
      await client.query(`drop trigger hold on ${table}`);
      await client.query('drop function hold()');
      await client.end();
    },
  };
}
