import { type Kysely, sql } from 'kysely';

/** Lists of all tasks: what is open first, then the newest. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index tasks_open_first on tasks ((finished_at is null) desc, number desc)`.execute(db);
}
