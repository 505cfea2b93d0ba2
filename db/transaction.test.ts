import { Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type LonePool, lonePool, type TestDatabase, testDatabase } from '#tests/database.ts';
import { preparedPool } from './prepared.ts';
import type { Schema } from './schema.ts';
import { type Transact, type Transaction, TransactionOver, transactions } from './transaction.ts';

let database: TestDatabase;
let lone: LonePool;
let kysely: Kysely<Schema>;
let transaction: Transact;
/** What went over the wire, in order. */
let wire: string[] = [];
/** What else is to happen at the moment of asking. */
let whenAsked: (text: string) => void = () => {};

beforeAll(async () => {
  database = await testDatabase();
  lone = lonePool(database.url);
  const dialect = new PostgresDialect({ pool: watched(preparedPool(lone.pool)) });
  kysely = new Kysely<Schema>({ dialect });
  transaction = transactions(kysely, dialect);
  await sql`create table kept (n int primary key)`.execute(kysely);
});
beforeEach(async () => {
  await sql`delete from kept`.execute(kysely);
  wire = [];
  whenAsked = () => {};
});
afterAll(async () => {
  await lone.end();
  await database.drop();
});

function watched(pool: PostgresPool): PostgresPool {
  return {
    ...pool,
    async connect() {
      const client = await pool.connect();
      return {
        release: () => client.release(),
        query: async (text: string, values: readonly unknown[]) => {
          wire.push(`asks ${text}`);
          whenAsked(text);
          const result = await client.query(text, values);
          wire.push(`hears ${text}`);
          return result;
        },
      } as typeof client;
    },
  };
}

const keep = (trx: Transaction, n: number) => sql`insert into kept values (${sql.lit(n)})`.execute(trx);

async function kept(): Promise<readonly number[]> {
  const { rows } = await sql<{ n: number }>`select n from kept order by n`.execute(kysely);
  return rows.map(({ n }) => n);
}

it('sends what is asked for at once without waiting for answers, in the order of asking', async () => {
  const answers = await transaction((trx) =>
    Promise.all([
      keep(trx, 1),
      trx.selectNoFrom(sql`(select count(*) from kept)`.as('count')).executeTakeFirst(),
      sql<{ n: number }>`select n from kept`.execute(trx),
      keep(trx, 2),
    ]).then(([, , { rows }]) => rows),
  );
  expect(answers).toEqual([{ n: 1 }]);
  expect(wire.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    ...['asks begin', 'hears begin'],
    ...['asks insert', 'asks select', 'asks select', 'asks insert'],
    ...['hears insert', 'hears select', 'hears select', 'hears insert'],
    ...['asks commit', 'hears commit'],
  ]);
  expect(await kept()).toEqual([1, 2]);
});

it('keeps nothing of a transaction of which one statement fails, and its connection goes on', async () => {
  const broken = transaction((trx) => Promise.all([keep(trx, 1), keep(trx, 1), keep(trx, 2)]));
  await expect(broken).rejects.toThrow(/duplicate key/);
  expect(await kept()).toEqual([]);
});

it('keeps nothing when the code gives up while statements are under way', async () => {
  const asked: Promise<unknown>[] = [];
  const broken = transaction(async (trx) => {
    asked.push(keep(trx, 1), keep(trx, 2));
    throw new Error('given up');
  });
  await expect(broken).rejects.toThrow('given up');
  await Promise.all(asked);
  expect(await kept()).toEqual([]);
});

it('refuses a statement that comes behind the rollback, where it would stand alone', async () => {
  const late = Promise.withResolvers<unknown>();
  const broken = transaction(async (trx) => {
    whenAsked = (text) => text === 'rollback' && late.resolve(keep(trx, 1));
    throw new Error('given up');
  });
  const refused = expect(late.promise).rejects.toThrow(TransactionOver);
  await expect(broken).rejects.toThrow('given up');
  await refused;
  expect(await kept()).toEqual([]);
});
