import { type Kysely, sql } from 'kysely';

/** Which coding agents each worker can start: id and name, the one to prefer first. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table workers add column agents jsonb not null default '[]'`.execute(db);
}
