import { type Kysely, sql } from 'kysely';

/** A place can be read by people of other organisations; what was said of one counts until somebody speaks there again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table threads drop constraint threads_read_by_check,
      add constraint threads_read_by_check check (read_by in ('everybody', 'channel', 'outsiders', 'thread', 'person'))`.execute(
    db,
  );
}
