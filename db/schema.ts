import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { NamedAgent } from '#core/agents/catalogue.ts';
import type { EarlierMessage, InteractionReply, ReadBy } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import type { Role } from '#core/policy/roles.ts';
import type { HolderKind, PreferenceName } from '#core/preferences/preference.ts';
import type { InboxFilter } from '#core/show/inbox-filter.ts';
import type { ApprovalStatus } from '#core/task/asked.ts';
import type { Person } from '#core/task/person.ts';
import type { RunKind, TaskState, TaskStatus, WaitingFor } from '#core/task/state.ts';
import type { TaskAttachment } from '#core/task/understanding.ts';
import type { Ask } from '#core/understand/ask.ts';

/** The tables as Kysely sees them; migrations/ makes them and says what each column is for. */
export interface Schema {
  members: MembersTable;
  projects: ProjectsTable;
  threads: ThreadsTable;
  participants: { thread_id: string; member_id: string };
  inbox: InboxTable;
  arrivals: ArrivalsTable;
  interactions: { platform: string; external_id: string; reply: Json<InteractionReply>; at: DefaultTime };
  tasks: TasksTable;
  dependencies: { task_id: string; depends_on: string };
  events: EventsTable;
  workers: WorkersTable;
  runs: RunsTable;
  approvals: ApprovalsTable;
  questions: QuestionsTable;
  checkpoints: CheckpointsTable;
  outputs: OutputsTable;
  given_outputs: { output_id: string; task_id: string; given_at: DefaultTime };
  rules: RulesTable;
  routes: { words: string; project_id: string; set_by: string; set_at: DefaultTime };
  reminder_turns: { addressee: string; reminded_at: OptionalTime };
  mail: MailTable;
  made_requests: { task_id: string; round: number; key: string; inbox_id: string };
  audit: AuditTable;
  preferences: PreferencesTable;
  agent_usage: AgentUsageTable;
  locks: { run_id: string; project_id: string; path: string };
  scheduler: { one: Generated<boolean>; vt: number };
  posts: PostsTable;
  presented: { task_id: string; seq: number };
  adapter_store: { platform: string; key: string; value: JSONColumnType<object, string, string> };
  installations: InstallationsTable;
  installation_states: { platform: string; digest: string; ends_at: Time };
  chat_channels: { id: string; name: string; created_at: Generated<Date> };
  chat_people: { id: string; name: string; created_at: Generated<Date> };
  chat_messages: ChatMessagesTable;
  chat_files: ChatFilesTable;
}

type Json<T> = JSONColumnType<T & object>;
type OptionalJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
/** Written as ISO 8601 text or left to the database's clock; read as a Date. */
type Time = ColumnType<Date, string | Date, string | Date>;
type DefaultTime = ColumnType<Date, string | Date | undefined, string | Date>;
type OptionalTime = ColumnType<Date | null, string | Date | null | undefined, string | Date | null>;
/** 64-bit integers arrive as text. */
type Bigint = ColumnType<string, number | string, number | string>;

interface MailTable {
  id: string;
  from_task: string;
  to_task: string;
  key: string;
  body: string;
  /** Later for what came later to its task; a text of digits. */
  place: Generated<string>;
  sent_at: DefaultTime;
}

export interface InstallationsTable {
  platform: string;
  place: string;
  name: string;
  address: string;
  bot_user: string;
  installed_by: string;
  tokens: Buffer;
  updated_at: DefaultTime;
}

interface MembersTable {
  id: string;
  platform: string;
  external_id: string;
  name: string;
  role: Role;
  /** What the role was before anybody gave him one; null: an admin gave it, so it stays. */
  first_role: Role | null;
  inbox_filter: OptionalJson<InboxFilter>;
  vt: Generated<number>;
  created_at: Generated<Date>;
}

interface ProjectsTable {
  id: string;
  name: string;
  kind: 'repository' | 'folder' | 'remote';
  location: string;
  default_branch: string | null;
  concurrency: number | null;
  added_by: string | null;
  created_at: Generated<Date>;
  removed_at: OptionalTime;
}

interface ThreadsTable {
  id: string;
  platform: string;
  channel: string;
  thread: string;
  /** Null: not known, which counts as private. */
  read_by: ReadBy | null;
  page_key: Generated<string>;
  created_at: Generated<Date>;
}

interface InboxTable {
  id: string;
  platform: string;
  external_id: string;
  /** Null, as `member_id`, until the message is first handled: then `origin` says both. */
  thread_id: string | null;
  member_id: string | null;
  origin: OptionalJson<InboxOrigin>;
  body: Json<InboxBody>;
  received_at: Generated<Date>;
  handled_at: OptionalTime;
  attempts: Generated<number>;
  due_at: DefaultTime;
  reply: OptionalJson<readonly Card[]>;
  replied_at: OptionalTime;
  asks: OptionalJson<InboxAsks>;
}

/** What the requests of a message wait for, with what is needed to go on with them. */
export interface InboxAsks {
  readonly asks: readonly Ask[];
  readonly attachments: readonly TaskAttachment[];
  /** The project that the thread's earlier task was about. */
  readonly threadProjectId?: string;
}

interface ArrivalsTable {
  platform: string;
  key: string;
  lane: string;
  after_key: string | null;
  body: string | null;
  received_at: Generated<Date>;
  understood_at: OptionalTime;
  attempts: Generated<number>;
  due_at: Time;
}

/** Who said a message and where, in the platform's own ids. */
export interface InboxOrigin {
  readonly channel: string;
  readonly thread: string;
  readonly sender: string;
  readonly name: string;
  /** The role of the sender when nobody gave him one. */
  readonly newcomer: Role;
  /** The platform said what the sender may do there: a role that nobody gave him follows. */
  readonly told?: true;
  /** Who can read the thread, where the platform said it. */
  readonly readBy?: ReadBy;
}

/** A message as it was taken: everything that its handling needs. */
export interface InboxBody {
  readonly text: string;
  readonly addressed: boolean;
  readonly opensThread: boolean;
  /** What was said in the thread before Commander was called, oldest first. */
  readonly earlier?: readonly EarlierMessage[];
  /** When it was edited last, by the platform's clock; absent: never. */
  readonly editedAt?: number;
  /** It was deleted on its platform. */
  readonly deleted?: true;
  /** It was found after Commander had been away. */
  readonly late?: true;
  /** An agent asks, in its person's name: the number of the task that it works on. It can be a request and nothing else. */
  readonly madeBy?: number;
  /** The platform's own id of the form that it was said by. */
  readonly formId?: string;
  /** Ids of earlier outputs that a person gives it, by a form: it can be a request and nothing else. */
  readonly uses?: readonly string[];
  /** Files that came with it and are stored already: it was said to a task, and waited for its end. */
  readonly stored?: readonly TaskAttachment[];
  readonly files: readonly {
    readonly externalId: string;
    readonly name: string;
    readonly mediaType: string;
    readonly size: number;
  }[];
}

interface TasksTable {
  id: string;
  number: number;
  project_id: string;
  thread_id: string;
  requester_id: string;
  inbox_id: string | null;
  inbox_part: Generated<number>;
  title: string;
  runbook: string;
  status: TaskStatus;
  waiting_for: WaitingFor | null;
  priority: number;
  vt: Generated<number>;
  ready: RunKind | null;
  run_id: string | null;
  state: Json<TaskState>;
  seq: number;
  created_at: DefaultTime;
  updated_at: DefaultTime;
  finished_at: OptionalTime;
}

interface EventsTable {
  task_id: string;
  seq: number;
  at: Time;
  type: string;
  actor: OptionalJson<Person>;
  run_id: string | null;
  body: Json<object>;
}

interface WorkersTable {
  id: string;
  name: string;
  lock_key: number;
  host: string;
  pid: number;
  slots: number;
  agents: Json<readonly NamedAgent[]>;
  started_at: Generated<Date>;
  ended_at: OptionalTime;
}

interface RunsTable {
  id: string;
  task_id: string;
  kind: RunKind;
  attempt: number;
  status: 'admitted' | 'running' | 'ended';
  worker_id: string | null;
  admitted_at: DefaultTime;
  claimed_at: OptionalTime;
  seen_at: OptionalTime;
  ended_at: OptionalTime;
  outcome: string | null;
}

interface ApprovalsTable {
  id: string;
  task_id: string;
  status: ApprovalStatus;
  hash: string;
  rule_hash: string;
  shown: string;
  reason: string;
  asked_at: Time;
  decided_at: OptionalTime;
  decided_by: string | null;
  rule_id: string | null;
  note: string | null;
  whole_sha256: string | null;
  whole_size: number | null;
}

interface QuestionsTable {
  id: string;
  task_id: string;
  status: 'open' | 'answered' | 'timed-out' | 'withdrawn';
  text: string;
  asked_at: Time;
  answered_at: OptionalTime;
  answered_by: string | null;
  answer: string | null;
}

interface CheckpointsTable {
  task_id: string;
  n: number;
  name: string;
  commit_hash: string;
  made_at: Time;
}

interface OutputsTable {
  id: string;
  task_id: string;
  project_id: string;
  run_id: string | null;
  name: string;
  media_type: string;
  size: Bigint;
  sha256: string;
  version: number;
  made_at: Time;
}

interface RulesTable {
  id: string;
  project_id: string;
  runbook: string;
  step_name: string;
  rule_hash: string;
  made_by: string;
  made_at: Generated<Date>;
  expires_at: Time;
  revoked_at: OptionalTime;
  revoked_by: string | null;
  /** Null: every task. */
  task_id: string | null;
  /** Null: whoever asks. */
  requester_id: string | null;
  /** The task that was asked about when it was made; null: not known. */
  from_task_id: string | null;
}

interface PreferencesTable {
  holder: HolderKind;
  /** Of the holder: either its person, its project, or its channel on its platform. */
  member_id: string | null;
  project_id: string | null;
  platform: string | null;
  channel: string | null;
  name: PreferenceName;
  value: string;
  set_by: string;
  set_at: DefaultTime;
}

interface AgentUsageTable {
  day: ColumnType<string, string, never>;
  task_id: string;
  project_id: string;
  member_id: string;
  turns: number;
  time_ms: Bigint;
  tokens: Bigint;
  cost: number;
}

interface AuditTable {
  id: Generated<string>;
  at: Generated<Date>;
  member_id: string | null;
  deed: string;
  subject: string;
  detail: Json<object>;
}

interface PostsTable {
  id: string;
  thread_id: string;
  key: string;
  external_id: string | null;
  shown: string | null;
  revision: Generated<number>;
  refused: string | null;
  in_flight: Generated<boolean>;
  created_at: Generated<Date>;
}

interface ChatMessagesTable {
  id: string;
  channel_id: string;
  root_id: string | null;
  person_id: string | null;
  key: string;
  text: string | null;
  card: OptionalJson<Card>;
  file_ids: Generated<string[]>;
  at: Generated<Date>;
  revision: Generated<number>;
  cursor: Bigint;
  replies: Generated<number>;
  last_reply_at: OptionalTime;
  thread_status: OptionalJson<{ title: string; tone: string; until?: string }>;
}

interface ChatFilesTable {
  id: string;
  person_id: string;
  name: string;
  media_type: string;
  size: Bigint;
  sha256: string;
  created_at: Generated<Date>;
}
