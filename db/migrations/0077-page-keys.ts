import { type Kysely, sql } from 'kysely';

/** What opens the pages about a private thread's tasks: 122 random bits, given to who may see them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table threads add column page_key uuid not null default gen_random_uuid()`.execute(db);
}
