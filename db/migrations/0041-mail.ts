import { type Kysely, sql } from 'kysely';

/** What the runs of agents send to each other's tasks, and the requests that they made. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table mail (
      id uuid primary key,
      from_task uuid not null references tasks (id) on delete cascade,
      to_task uuid not null references tasks (id) on delete cascade,
      key text not null,
      body text not null check (length(body) <= 4000),
      sent_at timestamptz not null default now(),
      unique (from_task, key)
    )`.execute(db);
  await sql`create index mail_to on mail (to_task, sent_at desc)`.execute(db);
  await sql`
    create table made_requests (
      task_id uuid not null references tasks (id) on delete cascade,
      round integer not null,
      key text not null,
      inbox_id uuid not null unique,
      primary key (task_id, round, key)
    )`.execute(db);
}
