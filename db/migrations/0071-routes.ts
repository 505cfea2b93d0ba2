import { type Kysely, sql } from 'kysely';

/** Words that lead requests to a project. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table routes (
      words text primary key,
      project_id uuid not null references projects,
      set_by uuid not null references members,
      set_at timestamptz not null default now()
    )`.execute(db);
}
