import { type Kysely, sql } from 'kysely';

/** Failed tasks that somebody asked for help with are few among many that failed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index tasks_escalated on tasks (updated_at)
      where status = 'failed' and state @> '{"escalations": [{"open": true}]}'`.execute(db);
}
