import { type Kysely, sql } from 'kysely';

/** Presses and forms by the id that their platform gives them, with what they were answered: one that comes again changes nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table interactions (
      platform text not null,
      external_id text not null,
      reply jsonb not null,
      at timestamptz not null default now(),
      primary key (platform, external_id)
    )`.execute(db);
}
