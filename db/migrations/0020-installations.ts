import { type Kysely, sql } from 'kysely';

/** Places that added the bot by themselves (workspaces of Slack); `tokens` is encrypted, the columns beside it are no secrets. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table installations (
      platform text not null,
      place text not null,
      name text not null,
      address text not null,
      bot_user text not null,
      installed_by text not null,
      tokens bytea not null,
      updated_at timestamptz not null default now(),
      primary key (platform, place)
    )`.execute(db);
  await sql`
    create table installation_states (
      platform text not null,
      digest text not null,
      ends_at timestamptz not null,
      primary key (platform, digest)
    )`.execute(db);
  await sql`create index installation_states_ends_at on installation_states (ends_at)`.execute(db);
}
