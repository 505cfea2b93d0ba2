import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import pg from 'pg';
import { inject } from 'vitest';
import { atDatabase, connectOnce } from '#db/embedded/cluster.ts';

/** A database of one test file. */
export interface TestDatabase {
  readonly url: string;
  /** Removes it, ending connections that are still open. */
  drop(): Promise<void>;
}

/**
 * Makes a database with Commander's tables and nothing in them, on the test run's server (tests/global-setup.ts); call `drop` in
 * afterAll. It is a copy of one that was migrated: that takes half the processor time of migrating each.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('serverUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await connectOnce(server, `create database ${name} template ${inject('migrated')} strategy file_copy`);
  return { url: atDatabase(server, name), drop: () => connectOnce(server, `drop database ${name} with (force)`) };
}

/** A pool of one connection, for what is about the connection itself. */
export interface LonePool {
  readonly pool: pg.Pool;
  /**
   * Ends it and waits until the server has let go. The pool's own end only says good-bye: a database that is removed then still
   * ends the connection, and a pool that nobody listens to any more throws that into the process.
   */
  end(): Promise<void>;
}

export function lonePool(url: string): LonePool {
  const pool = new pg.Pool({ connectionString: url, max: 1, pipeline: true });
  return {
    pool,
    end: async () => {
      const gone = pool.totalCount === 0 ? undefined : once(pool, 'remove');
      await pool.end();
      await gone;
    },
  };
}
