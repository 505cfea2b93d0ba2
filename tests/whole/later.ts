import { type RawBuilder, sql } from 'kysely';
import { vi } from 'vitest';
import type { Database } from '#db/database.ts';

/** A moment as states and events write it (ISO 8601). */
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/**
 * Lets time pass for everything in this process, stand-ins included, and for all that the database remembers: it is so much older
 * then, and its timers are due. Clocks go on from there; `vi.useRealTimers` ends it.
 */
export async function letTimePass(db: Database, milliseconds: number): Promise<void> {
  await db.transaction(async (trx) => {
    const run = (statement: RawBuilder<unknown>) => statement.execute(trx);
    const back = sql`interval '1 millisecond' * ${milliseconds}`;
    for (const { name, columns } of await timesOf(db)) {
      const older = columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(column)} - ${back}`);
      await run(sql`update ${sql.table(name)} set ${sql.join(older)}`);
    }
    for (const { name, key, column } of kept) {
      const { rows } = await sql<{ key: string; value: string }>`
        select ${sql.ref(key)} as key, ${sql.ref(column)}::text as value from ${sql.table(name)}
        where ${sql.ref(column)} is not null`.execute(trx);
      for (const row of rows)
        await run(sql`update ${sql.table(name)} set ${sql.ref(column)} = ${older(row.value, milliseconds)}
          where ${sql.ref(key)} = ${row.key}`);
    }
  });
  const now = Date.now() + milliseconds;
  vi.useFakeTimers({ toFake: ['Date'], now, shouldAdvanceTime: true });
}

/** Where moments stand in JSON. */
const kept = [
  { name: 'tasks', key: 'id', column: 'state' },
  { name: 'inbox', key: 'id', column: 'asks' },
] as const;

/** All columns with moments, by table: those of workers say who is alive now. */
async function timesOf({ kysely }: Database) {
  const { rows } = await sql<{ name: string; columns: string[] }>`
    select table_schema || '.' || table_name as name, array_agg(column_name::text) as columns
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where data_type = 'timestamp with time zone' and table_type = 'BASE TABLE' and is_generated = 'NEVER'
      and (table_schema = 'public' and table_name <> 'workers' or table_schema = 'pgboss' and table_name = 'job')
    group by 1`.execute(kysely);
  return rows;
}

function older(json: string, milliseconds: number): string {
  return JSON.stringify(
    JSON.parse(json, (_, value) =>
      typeof value === 'string' && moment.test(value)
        ? new Date(Date.parse(value) - milliseconds).toISOString()
        : value,
    ),
  );
}
