import { type Kysely, sql } from 'kysely';

/** What requests wait for before they become tasks. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table inbox add column asks jsonb`.execute(db);
  await sql`create index inbox_asks on inbox (thread_id, received_at desc) where asks is not null`.execute(db);
}
