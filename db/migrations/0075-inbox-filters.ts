import { type Kysely, sql } from 'kysely';

/** What a person's own page shows of the inbox, as he chose it there; null: what he may answer. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table members add column inbox_filter jsonb`.execute(db);
}
