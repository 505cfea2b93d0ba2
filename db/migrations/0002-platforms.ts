import { type Kysely, sql } from 'kysely';

/** What chat platforms remember, and what people say to a task while it is under way. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table adapter_store (
      platform text not null,
      key text not null,
      value jsonb not null,
      primary key (platform, key)
    )`.execute(db);
  await sql`update tasks set state = jsonb_set(state, '{notes}', '[]') where not state ? 'notes'`.execute(db);
}
