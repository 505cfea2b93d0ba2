import { type Kysely, sql } from 'kysely';

/** The library: the newest outputs of all projects first, the versions of a name, and which task was given which output. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index outputs_made on outputs (made_at desc, id desc)`.execute(db);
  await sql`create index outputs_name on outputs (project_id, name, made_at desc)`.execute(db);
  await sql`
    create table given_outputs (
      output_id uuid not null references outputs,
      task_id uuid not null references tasks,
      given_at timestamptz not null default now(),
      primary key (output_id, task_id)
    )`.execute(db);
}
