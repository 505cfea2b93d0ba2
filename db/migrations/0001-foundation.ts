import { type Kysely, sql } from 'kysely';

/** Every table of the first version, in the order in which they refer to each other. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const people = `
create table members (
  id uuid primary key,
  platform text not null,
  external_id text not null,
  name text not null,
  role text not null check (role in ('viewer', 'requester', 'approver', 'admin')),
  -- Virtual time of start-time fair queueing: grows with each task that the member queues.
  vt double precision not null default 0,
  created_at timestamptz not null default now(),
  unique (platform, external_id)
);
create table projects (
  id uuid primary key,
  name text not null,
  kind text not null check (kind in ('repository', 'folder', 'remote')),
  location text not null,
  default_branch text,
  -- Tasks of this project that may run at once; null: no limit of its own.
  concurrency int check (concurrency > 0),
  added_by uuid references members,
  created_at timestamptz not null default now(),
  removed_at timestamptz
);
create unique index projects_name on projects (lower(name)) where removed_at is null;
create table threads (
  id uuid primary key,
  platform text not null,
  channel text not null,
  thread text not null,
  created_at timestamptz not null default now(),
  unique (platform, channel, thread)
);
create table inbox (
  id uuid primary key,
  platform text not null,
  external_id text not null,
  thread_id uuid not null references threads,
  member_id uuid not null references members,
  body jsonb not null,
  received_at timestamptz not null default now(),
  handled_at timestamptz,
  attempts int not null default 0,
  -- After a failed attempt: not before this time.
  due_at timestamptz not null default now(),
  -- The cards that answer this message, where the answer is not a task.
  reply jsonb,
  -- When the thread showed that answer.
  replied_at timestamptz,
  unique (platform, external_id)
);
create index inbox_due on inbox (due_at) where handled_at is null;
create index inbox_unreplied on inbox (received_at) where reply is not null and replied_at is null;
`;

const work = `
create sequence task_numbers;
create table tasks (
  id uuid primary key,
  number int not null unique,
  project_id uuid not null references projects,
  thread_id uuid not null references threads,
  requester_id uuid not null references members,
  inbox_id uuid references inbox,
  -- A message that asks for several things becomes several tasks.
  inbox_part int not null default 0,
  title text not null,
  runbook text not null,
  status text not null check (status in
    ('backlog', 'queued', 'running', 'waiting', 'paused', 'completed', 'failed', 'cancelled')),
  waiting_for text check (waiting_for in ('approval', 'answer', 'dependency', 'lock', 'retry')),
  priority int not null check (priority between 0 and 100),
  vt double precision not null default 0,
  -- What the scheduler may start; null while a run is live or nothing is to be started.
  ready text check (ready in ('work', 'deliver', 'revert')),
  run_id uuid,
  -- The fold of the task's events up to seq.
  state jsonb not null,
  seq int not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (inbox_id, inbox_part)
);
create index tasks_ready on tasks (priority, vt, number) where ready is not null;
create index tasks_project on tasks (project_id, number desc);
create index tasks_requester on tasks (requester_id, number desc);
create index tasks_thread on tasks (thread_id, number desc);
create index tasks_status on tasks (status, number desc);
create table dependencies (
  task_id uuid not null references tasks,
  depends_on uuid not null references tasks,
  primary key (task_id, depends_on),
  check (task_id <> depends_on)
);
create index dependencies_reverse on dependencies (depends_on);
create table events (
  task_id uuid not null references tasks,
  seq int not null,
  at timestamptz not null,
  type text not null,
  actor jsonb,
  run_id uuid,
  body jsonb not null,
  primary key (task_id, seq)
);
create table workers (
  id uuid primary key,
  name text not null,
  -- Key of the session advisory lock that the process holds while it lives.
  lock_key int not null,
  host text not null,
  pid int not null,
  slots int not null check (slots > 0),
  started_at timestamptz not null default now(),
  ended_at timestamptz
);
create index workers_live on workers (started_at) where ended_at is null;
create table runs (
  id uuid primary key,
  task_id uuid not null references tasks,
  kind text not null check (kind in ('work', 'deliver', 'revert')),
  attempt int not null,
  status text not null check (status in ('admitted', 'running', 'ended')),
  worker_id uuid references workers,
  admitted_at timestamptz not null default now(),
  claimed_at timestamptz,
  -- The lease: renewed by the worker that really holds the run.
  seen_at timestamptz,
  ended_at timestamptz,
  outcome text,
  unique (task_id, attempt)
);
create unique index runs_one_live on runs (task_id) where status <> 'ended';
create index runs_live on runs (status, worker_id) where status <> 'ended';
`;

const records = `
create index events_reverts on events ((body ->> 'revertId')) where type = 'revert.proposed';
create table approvals (
  id uuid primary key,
  task_id uuid not null references tasks,
  status text not null check (status in ('open', 'approved', 'denied', 'refined', 'withdrawn')),
  hash text not null,
  rule_hash text not null,
  shown text not null,
  reason text not null,
  asked_at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid references members,
  rule_id uuid,
  note text
);
create index approvals_open on approvals (asked_at) where status = 'open';
create index approvals_task on approvals (task_id);
create index approvals_rule on approvals (rule_hash, asked_at);
create table questions (
  id uuid primary key,
  task_id uuid not null references tasks,
  status text not null check (status in ('open', 'answered', 'withdrawn')),
  text text not null,
  asked_at timestamptz not null,
  answered_at timestamptz,
  answered_by uuid references members,
  answer text
);
create index questions_open on questions (asked_at) where status = 'open';
create index questions_task on questions (task_id);
create table checkpoints (
  task_id uuid not null references tasks,
  n int not null,
  name text not null,
  commit_hash text not null,
  made_at timestamptz not null,
  primary key (task_id, n)
);
create table outputs (
  id uuid primary key,
  task_id uuid not null references tasks,
  project_id uuid not null references projects,
  run_id uuid,
  name text not null,
  media_type text not null,
  size bigint not null,
  sha256 text not null,
  version int not null,
  made_at timestamptz not null
);
create index outputs_task on outputs (task_id, made_at);
create index outputs_project on outputs (project_id, made_at desc);
-- Standing approvals: what "Always allow here" made. Other preferences follow with the rows that need them.
create table rules (
  id uuid primary key,
  project_id uuid not null references projects,
  runbook text not null,
  step_name text not null,
  rule_hash text not null,
  made_by uuid not null references members,
  made_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by uuid references members
);
create index rules_lookup on rules (project_id, runbook) where revoked_at is null;
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  member_id uuid references members,
  deed text not null,
  subject text not null,
  detail jsonb not null
);
`;

/**
 * A scope is a path prefix ending in '/', so "src/" and "src/auth/" overlap while "src/a/" and "src/ab/" don't.
 * As ranges of text they are comparable, and an exclusion constraint lets the database decide every race.
 */
const locks = `
create type textrange as range (subtype = text, collation = "C");
create table locks (
  run_id uuid not null references runs on delete cascade,
  project_id uuid not null references projects,
  path text not null,
  scope textrange generated always as
    (textrange(project_id::text || '/' || path, project_id::text || '/' || path || chr(1114111))) stored,
  exclude using gist (scope with &&)
);
create index locks_run on locks (run_id);
-- Virtual time of the task admitted last: where a member who was idle begins.
create table scheduler (
  one boolean primary key default true check (one),
  vt double precision not null default 0
);
insert into scheduler default values;
`;

const thread = `
create table posts (
  id uuid primary key,
  thread_id uuid not null references threads,
  -- The card's key, prefixed by what it belongs to: a task or a message.
  key text not null,
  external_id text,
  -- Hash of the card that the platform shows; null until it was created.
  shown text,
  revision int not null default 0,
  refused text,
  created_at timestamptz not null default now(),
  unique (thread_id, key)
);
create table presented (
  -- How far the thread of a task is known to show its events.
  task_id uuid primary key references tasks,
  seq int not null
);
`;

const chat = `
create table chat_channels (
  id uuid primary key,
  name text not null unique,
  created_at timestamptz not null default now()
);
create table chat_people (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null default now()
);
create unique index chat_people_name on chat_people (lower(name));
create sequence chat_cursor;
create table chat_messages (
  id uuid primary key,
  channel_id uuid not null references chat_channels,
  root_id uuid references chat_messages,
  -- null: Commander itself.
  person_id uuid references chat_people,
  key text not null unique,
  text text,
  card jsonb,
  file_ids uuid[] not null default '{}',
  at timestamptz not null default now(),
  revision int not null default 0,
  cursor bigint not null,
  replies int not null default 0,
  last_reply_at timestamptz,
  thread_status jsonb
);
create index chat_messages_channel on chat_messages (channel_id, id desc) where root_id is null;
create index chat_messages_thread on chat_messages (root_id, id);
create unique index chat_messages_cursor on chat_messages (cursor);
create table chat_files (
  id uuid primary key,
  person_id uuid not null references chat_people,
  name text not null,
  media_type text not null,
  size bigint not null,
  sha256 text not null,
  created_at timestamptz not null default now()
);
`;

const statements = [people, work, records, locks, thread, chat];
