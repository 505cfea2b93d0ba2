import { type Kysely, sql } from 'kysely';

/** An edit that came while its message could not be understood waits for it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The key of the arrival that it changes.
  await sql`alter table arrivals add column after_key text`.execute(db);
}
