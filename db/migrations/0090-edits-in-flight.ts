import { type Kysely, sql } from 'kysely';

/** Whether a post is being changed: where the process that did it is gone, what it sent may yet land over something newer. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table posts add column in_flight boolean not null default false`.execute(db);
}
