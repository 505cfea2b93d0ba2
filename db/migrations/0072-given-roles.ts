import { type Kysely, sql } from 'kysely';

/** A role that an admin gave is told from the first one: there is no first one any more. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table members alter column first_role drop not null`.execute(db);
}
