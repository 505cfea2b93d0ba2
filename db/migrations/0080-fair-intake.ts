import { type Kysely, sql } from 'kysely';

/** Messages that wait, by who said them: people are taken in turn, however much one of them says. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index inbox_waiting on inbox ((coalesce(origin->>'sender', member_id::text)), received_at)
    where handled_at is null`.execute(db);
}
