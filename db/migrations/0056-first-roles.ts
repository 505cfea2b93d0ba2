import { type Kysely, sql } from 'kysely';

/**
 * The role that a person had before anybody gave him one. Who is met first by words that do not say that he administers the place
 * becomes an admin when something says so; a role that was given stays.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table members add column first_role text`.execute(db);
  await sql`update members set first_role = case when platform = 'web' then 'admin' else role end`.execute(db);
  await sql`alter table members alter column first_role set not null`.execute(db);
}
