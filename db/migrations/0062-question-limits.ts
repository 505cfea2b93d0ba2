import { type Kysely, sql } from 'kysely';

/** Questions time out; and what is open is brought to mind, next at `remind_at`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table questions
    drop constraint questions_status_check,
    add constraint questions_status_check check (status in ('open', 'answered', 'timed-out', 'withdrawn')),
    add column remind_at timestamptz`,
  'alter table approvals add column remind_at timestamptz',
  'create index questions_remind on questions (remind_at) where remind_at is not null',
  'create index approvals_remind on approvals (remind_at) where remind_at is not null',
];
