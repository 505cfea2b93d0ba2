import { createHash } from 'node:crypto';
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';
import { beginsWithFirst } from './begin.ts';

/**
 * Neither Kysely nor pg-boss names its statements, so Postgres would parse and plan each anew. Named by their text it keeps the
 * plans: measured 2.2 to 2.5 times the throughput of pg-boss' send, fetch and complete.
 */

/** Each connection keeps what it prepared for as long as it lives, so only so many texts are named in a process. */
const namedLimit = 500;

/** Longer texts, in characters, are inserts of many rows: each number of rows is a text of its own, and rarely comes again. */
const lengthLimit = 4000;

/** One statement that Postgres plans: no `begin`, no `create table`, nothing behind it. */
const planned = /^\s*(?:with|select|insert|update|delete)\b[^;]*$/i;

const names = new Map<string, string>();

/** Runs a statement, named where that pays. */
export type Prepared = (text: string, values?: readonly unknown[]) => Promise<pg.QueryResult>;

/** Statements of this pool, outside any transaction. */
export function preparedStatements(pool: pg.Pool): Prepared {
  return (text, values) => pool.query(prepared(text, values));
}

/** A statement as `pg` takes it: named when Postgres makes a plan for it and it is one that comes again. */
export function prepared(text: string, values: readonly unknown[] = []): pg.QueryConfig {
  // Values can only be given to a single statement; without them, several may stand in one text, which can't be prepared.
  if (values.length === 0 && !planned.test(text)) return { text };
  return { text, values: [...values], name: nameOf(text) };
}

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= namedLimit || text.length > lengthLimit) return known;
  const name = createHash('sha1').update(text).digest('hex');
  names.set(text, name);
  return name;
}

/** The same pool as Kysely wants it, with every statement prepared. */
export function preparedPool(pool: pg.Pool): PostgresPool {
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      // Kysely knows a connection again by its client.
      const known = clients.get(client) ?? preparedClient(client);
      clients.set(client, known);
      return known;
    },
  };
}

function preparedClient(client: pg.PoolClient): PostgresPoolClient {
  const ask = beginsWithFirst((text, values) => client.query(prepared(text, values)));
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  function query<Row>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  function query(text: unknown, values?: readonly unknown[]): unknown {
    if (typeof text !== 'string') throw new TypeError('Commander reads no cursors.');
    return ask(text, values);
  }
  return { query, release: (destroy) => client.release(destroy) };
}
