import { type Kysely, sql } from 'kysely';

/** What people decide about agents: whole texts of approvals, narrower rules, preferences of a channel, what was used. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // What is too long for a card: a file of the blob store that the card carries.
  'alter table approvals add column whole_sha256 text, add column whole_size int',
  // A rule can hold for one task, or for the requests of one person, only.
  'alter table rules add column task_id uuid references tasks, add column requester_id uuid references members',
  `alter table tasks drop constraint tasks_waiting_for_check, add constraint tasks_waiting_for_check
    check (waiting_for in ('approval', 'answer', 'dependency', 'lock', 'retry', 'quota'))`,
  `create table preferences (
    platform text not null,
    channel text not null,
    name text not null,
    value text not null,
    set_by uuid not null references members,
    set_at timestamptz not null default now(),
    primary key (platform, channel, name)
  )`,
  // What agents used, by day (UTC), task and agent: what a limit of a day is counted from.
  `create table agent_usage (
    day date not null,
    task_id uuid not null references tasks,
    project_id uuid not null references projects,
    member_id uuid not null references members,
    turns int not null default 0,
    time_ms bigint not null default 0,
    tokens bigint not null default 0,
    cost double precision not null default 0,
    primary key (day, task_id)
  )`,
  'create index agent_usage_project on agent_usage (project_id, day)',
  'create index agent_usage_member on agent_usage (member_id, day)',
];
