import { type Kysely, sql } from 'kysely';

/** Who can read a thread, and who takes part in it: both say who may see its tasks. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table threads add column read_by text check (read_by in ('everybody', 'channel', 'thread', 'person'))`.execute(
    db,
  );
  // What the addresses of older threads tell; what they do not counts as private until somebody speaks there again.
  await sql`
    update threads set read_by = case
      when platform = 'web' then 'everybody'
      when platform = 'slack' and split_part(channel, '/', 2) like 'D%' then 'person'
      when platform = 'slack' and split_part(channel, '/', 2) like 'G%' then 'channel'
      when platform = 'discord' and channel = thread then 'channel' end`.execute(db);
  await sql`
    create table participants (
      thread_id uuid not null references threads,
      member_id uuid not null references members,
      primary key (thread_id, member_id)
    )`.execute(db);
  await sql`
    insert into participants (thread_id, member_id)
    select thread_id, members.id from (
      select thread_id, member_id from inbox
      union select thread_id, decided_by from approvals join tasks on tasks.id = task_id
      union select thread_id, answered_by from questions join tasks on tasks.id = task_id
      union select thread_id, (asked.value #>> '{asks,memberId}')::uuid
        from tasks, jsonb_array_elements(state -> 'questions') as asked
    ) as took_part (thread_id, member_id) join members on members.id = member_id where thread_id is not null`.execute(
    db,
  );
}
