import { type Kysely, sql } from 'kysely';

/** When something is brought to mind follows from its task's state, and a timer: nothing reads columns of their own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table questions drop column remind_at`.execute(db);
  await sql`alter table approvals drop column remind_at`.execute(db);
}
