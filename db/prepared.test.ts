import { Kysely, PostgresDialect, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LonePool, lonePool, type TestDatabase, testDatabase } from '#tests/database.ts';
import { prepared, preparedPool } from './prepared.ts';

let database: TestDatabase;
let lone: LonePool;
let kysely: Kysely<object>;

beforeAll(async () => {
  database = await testDatabase();
  lone = lonePool(database.url);
  kysely = new Kysely({ dialect: new PostgresDialect({ pool: preparedPool(lone.pool) }) });
});

afterAll(async () => {
  await lone.end();
  await database.drop();
});

/** How often Postgres has run the statements that this connection prepared. */
async function runs(): Promise<readonly number[]> {
  const { rows } = await sql<{ runs: number }>`
    select (generic_plans + custom_plans)::int as runs from pg_prepared_statements
    where statement not like '%pg_prepared_statements%'`.execute(kysely);
  return rows.map((row) => row.runs);
}

describe('statements of Kysely', () => {
  it('are prepared once a connection', async () => {
    for (const value of [1, 2, 3]) {
      const { rows } = await sql<{ value: number }>`select ${value}::int as value`.execute(kysely);
      expect(rows).toEqual([{ value }]);
    }
    expect(await runs()).toEqual([3]);
  });

  it('keep their transaction: what fails is rolled back, and the connection can be used again', async () => {
    await sql`create table kept (n int primary key)`.execute(kysely);
    const broken = kysely.transaction().execute(async (trx) => {
      await sql`insert into kept values (${1})`.execute(trx);
      await sql`insert into kept values (${1})`.execute(trx);
    });
    await expect(broken).rejects.toThrow(/duplicate key/);
    expect((await sql`select * from kept`.execute(kysely)).rows).toEqual([]);
  });
});

describe('prepared', () => {
  it('names the same text the same, and texts that rarely come again not at all', () => {
    expect(prepared('select $1', [1]).name).toBe(prepared('select $1', [2]).name);
    expect(prepared('select $1', [1]).name).not.toBe(prepared('select $1, 2', [1]).name);
    expect(prepared(`select $1 ${' '.repeat(5000)}`, [1]).name).toBeUndefined();
  });

  it('names what Postgres makes a plan for, and leaves the rest as it is', () => {
    expect(prepared(' WITH next AS (select 1) update jobs set n = 1 returning n').name).toBeDefined();
    for (const text of ['begin', 'create table t ()', 'select 1; select 2', 'listen ready'])
      expect(prepared(text, [])).toEqual({ text });
  });
});
