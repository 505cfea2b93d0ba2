import { type Kysely, sql } from 'kysely';

/** Mail in the order in which its task got it, so that an agent can be told what is new since it last heard. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table mail add column place bigint`.execute(db);
  await sql`
    update mail set place = ordered.place
    from (select id, row_number() over (order by sent_at, id) as place from mail) as ordered
    where ordered.id = mail.id`.execute(db);
  await sql`alter table mail alter column place set not null`.execute(db);
  await sql`alter table mail alter column place add generated always as identity`.execute(db);
  await sql`select setval(pg_get_serial_sequence('mail', 'place'), (select coalesce(max(place), 0) + 1 from mail), false)`.execute(
    db,
  );
  await sql`drop index mail_to`.execute(db);
  await sql`create index mail_to on mail (to_task, place desc)`.execute(db);
}
