import { type Kysely, sql } from 'kysely';

/** Requests that wait for an answer are few among all that ever did. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index inbox_open_asks on inbox (received_at)
      where asks is not null and jsonb_path_exists(asks, '$.asks[*] ? (!exists(@.taskNumber))')`.execute(db);
}
