import { type Kysely, sql } from 'kysely';

/** When somebody, or whoever decides in a channel, was reminded last: one reminder at a time, whichever process sends it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table reminder_turns (addressee text primary key, reminded_at timestamptz)`.execute(db);
}
