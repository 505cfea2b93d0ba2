import { type Kysely, sql } from 'kysely';

/** A message is taken by one insert: its person and its thread become rows of their own when it is handled. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table inbox
      alter column thread_id drop not null,
      alter column member_id drop not null,
      -- Who said it and where, as the platform knows them, until both have rows.
      add column origin jsonb,
      add constraint inbox_origin check (origin is not null or (thread_id is not null and member_id is not null))`.execute(
    db,
  );
}
