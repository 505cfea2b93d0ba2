import { type Kysely, sql } from 'kysely';

/** Lists ask of each task whether it is public, or one of the few places that somebody takes part in or has the key of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index participants_member on participants (member_id, thread_id)`.execute(db);
  await sql`create index threads_open on threads (id) where read_by = 'everybody'`.execute(db);
  await sql`create index threads_page_key on threads (page_key)`.execute(db);
}
