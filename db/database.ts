import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { PgBoss } from 'pg-boss';
import { type Arrivals, createArrivals } from './intake/arrivals.ts';
import { type Listener, listen } from './listen.ts';
import type { Log } from './log.ts';
import { migrate } from './migrate.ts';
import { preparedPool } from './prepared.ts';
import { startQueue } from './queue.ts';
import type { Schema } from './schema.ts';
import { type Transact, transactions } from './transaction.ts';

export type { Transaction } from './transaction.ts';

/** The one source of truth: every process holds one of these, and nothing else that matters. */
export interface Database {
  readonly kysely: Kysely<Schema>;
  readonly transaction: Transact;
  readonly boss: PgBoss;
  readonly arrivals: Arrivals;
  readonly listener: Listener;
  readonly log: Log;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** postgres://… */
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly application: string;
  /** The bot migrates and keeps the queue; workers only use them. */
  readonly role: 'bot' | 'worker';
  readonly log: Log;
}

/** Connections per process: short transactions share them. */
const poolSize = 10;

/** Connections that only take in what arrives; the first one is opened at the start. */
const arrivalPoolSize = 3;

/** The database can't be used; the message says what to check. */
export class DatabaseUnreachable extends Error {
  readonly code = 'database_unreachable';
}

/**
 * Connects, brings the schema to this version (bot), and starts queue and listener.
 * @throws DatabaseUnreachable, MigrationFailed
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, application, role, log } = options;
  const pool = openPool(options, { application_name: application, max: poolSize });
  const arrivalPool = openPool(options, {
    application_name: `${application} intake`,
    max: arrivalPoolSize,
    idleTimeoutMillis: 0,
  });
  const dialect = new PostgresDialect({ pool: preparedPool(pool) });
  const kysely = new Kysely<Schema>({ dialect });
  try {
    if (role === 'bot') await prepareSchema(kysely);
    const boss = await startQueue(pool, log, role === 'bot' ? 'supervises' : 'works');
    const listener = await listen(url, application, log);
    const arrivals = createArrivals(arrivalPool);
    if (role === 'bot') await arrivals.prepare();
    const transaction = transactions(kysely, dialect);
    return {
      kysely,
      transaction,
      boss,
      arrivals,
      listener,
      log,
      close: () => close(boss, listener, [arrivalPool, pool]),
    };
  } catch (error) {
    await pool.end();
    throw isConnectionProblem(error) ? unreachable(url, error) : error;
  }
}

function openPool({ url, log }: DatabaseOptions, config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    ...config,
    connectionString: url,
    pipeline: true,
    options: '-c search_path=commander -c idle_in_transaction_session_timeout=60000',
  });
  // An idle connection that dies (a database restart) is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ error }, 'a database connection broke'));
  // One that dies between two statements of a transaction tells nobody else; the next statement is refused.
  pool.on('connect', (client) => client.on('error', (error) => log.warn({ error }, 'a database connection broke')));
  return pool;
}

async function prepareSchema(kysely: Kysely<Schema>): Promise<void> {
  await sql`create schema if not exists commander`.execute(kysely);
  await migrate(kysely);
}

async function close(boss: PgBoss, listener: Listener, pools: readonly pg.Pool[]): Promise<void> {
  await boss.stop({ graceful: false });
  await listener.close();
  for (const pool of pools) await pool.end();
}

function isConnectionProblem(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(E[A-Z]+|28\w{3}|3D000|57P03)$/.test(code);
}

function unreachable(url: string, error: unknown): DatabaseUnreachable {
  const { host, pathname } = new URL(url);
  return new DatabaseUnreachable(
    `The database ${pathname.slice(1)} at ${host} can not be used: ${String((error as Error).message)}. ` +
      'Check DATABASE_URL, that the server runs, and that the user may create schemas there.',
    { cause: error },
  );
}
