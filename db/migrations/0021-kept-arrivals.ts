import { type Kysely, sql } from 'kysely';

/** What platforms sent, as it came, until it is understood; its key stays for a while, for platforms send things again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table arrivals (
      platform text not null,
      key text not null,
      -- What is in one lane is understood one after the other.
      lane text not null,
      -- JSON, kept as text for it is only ever read whole; null once it is understood: it may be private talk.
      body text,
      received_at timestamptz not null default now(),
      understood_at timestamptz,
      attempts int not null default 0,
      -- Until then the process that received it is at work on it, or a failed attempt rests.
      due_at timestamptz not null,
      primary key (platform, key)
    )`.execute(db);
  await sql`create index arrivals_due on arrivals (due_at) where understood_at is null`.execute(db);
}
