import { sql } from 'kysely';
import type { ThreadAddress } from '#core/chat/adapter.ts';
import type { StoredFile } from '#core/run/stored-file.ts';
import { isFinal } from '#core/task/parts.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Database, Transaction } from '../database.ts';
import { isId } from '../id.ts';
import { standings } from './find-tasks.ts';
import { countKeptBack, type Eyes, mayBeSeen } from './visible.ts';

/** A task by the number that people say; one that these eyes may not see is as none. */
export async function taskByNumber(db: Database, number: number, eyes: Eyes): Promise<TaskState | undefined> {
  const row = await db.kysely
    .selectFrom('tasks')
    .select('state')
    .where('number', '=', number)
    .where(mayBeSeen(eyes))
    .executeTakeFirst();
  return row?.state;
}

/** A task by its id. */
export async function taskById(db: Database, taskId: string): Promise<TaskState | undefined> {
  const row = await db.kysely.selectFrom('tasks').select('state').where('id', '=', taskId).executeTakeFirst();
  return row?.state;
}

/** The newest task of a thread. */
export async function taskOfThread(db: Database, threadId: string): Promise<TaskState | undefined> {
  const row = await db.kysely
    .selectFrom('tasks')
    .select('state')
    .where('thread_id', '=', threadId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.state;
}

/** The newest task of a thread, and all that are under way there, newest first. */
export async function tasksOfThread(
  db: Database,
  threadId: string,
): Promise<{ readonly newest?: TaskState; readonly underWay: readonly TaskState[] }> {
  const newest = db.kysely
    .selectFrom('tasks')
    .select(({ fn }) => fn.max('number').as('number'))
    .where('thread_id', '=', threadId);
  const rows = await db.kysely
    .selectFrom('tasks')
    .select('state')
    .where('thread_id', '=', threadId)
    .where((each) => each.or([each('status', 'not in', standings.ended), each('number', '=', newest)]))
    .orderBy('number', 'desc')
    .execute();
  const states = rows.map(({ state }) => state);
  return { newest: states[0], underWay: states.filter((state) => !isFinal(state)) };
}

/** The newest task of a thread, by the thread's address. */
export async function taskAt(
  db: Database,
  { platform, channel, thread }: ThreadAddress,
): Promise<TaskState | undefined> {
  const found = await db.kysely
    .selectFrom('threads')
    .select('id')
    .where('platform', '=', platform)
    .where('channel', '=', channel)
    .where('thread', '=', thread)
    .executeTakeFirst();
  return found === undefined ? undefined : taskOfThread(db, found.id);
}

/** The task of a thread that heard a message as a note which still waits. */
export async function taskOfNote(trx: Transaction, threadId: string, noteId: string): Promise<TaskState | undefined> {
  const waiting = JSON.stringify([{ id: noteId, status: 'waiting' }]);
  const row = await trx
    .selectFrom('tasks')
    .select('state')
    .where('thread_id', '=', threadId)
    .where(sql<boolean>`state -> 'notes' @> ${waiting}::jsonb`)
    .executeTakeFirst();
  return row?.state;
}

/** The task that an approval or a question belongs to. */
export async function taskOfAsked(
  db: Database,
  table: 'approvals' | 'questions',
  id: string,
): Promise<TaskState | undefined> {
  const found = db.kysely.selectFrom(table).select('task_id').where('id', '=', id);
  const row = await db.kysely.selectFrom('tasks').select('state').where('id', '=', found).executeTakeFirst();
  return row?.state;
}

/** Filters are applied to what is read, so it is all that can be expected to wait. */
const mostWaiting = 1000;

export interface WaitingTasks {
  readonly tasks: readonly TaskState[];
  /** The viewer's own that also wait and are not shown where he asks. */
  readonly keptBack: number;
}

/** Tasks that wait for a person, and those that failed and need one: all, or those that one member asked for. */
export async function waitingForPeople(db: Database, eyes: Eyes, memberId?: string): Promise<WaitingTasks> {
  const tasks = db.kysely.selectFrom('tasks');
  const waiting = (memberId === undefined ? tasks : tasks.where('requester_id', '=', memberId)).where((each) =>
    each.or([
      each.and([each('waiting_for', 'in', ['approval', 'answer']), each('status', '=', 'waiting')]),
      each.and([each('status', '=', 'failed'), sql<boolean>`state @> '{"escalations": [{"open": true}]}'`]),
    ]),
  );
  const [rows, keptBack] = await Promise.all([
    waiting.where(mayBeSeen(eyes)).select('state').orderBy('updated_at').limit(mostWaiting).execute(),
    countKeptBack(db, eyes, waiting),
  ]);
  return { tasks: rows.map((row) => row.state), keptBack };
}

/** Where a task talks. */
export async function threadOfTask(
  db: Database,
  taskId: string,
): Promise<{ readonly platform: string; readonly channel: string; readonly thread: string } | undefined> {
  return db.kysely
    .selectFrom('tasks')
    .innerJoin('threads', 'threads.id', 'tasks.thread_id')
    .select(['platform', 'channel', 'thread'])
    .where('tasks.id', '=', taskId)
    .executeTakeFirst();
}

/** The task that a stated revert belongs to. */
export async function taskOfRevert(db: Database, revertId: string): Promise<TaskState | undefined> {
  const stated = db.kysely
    .selectFrom('events')
    .select('task_id')
    .where('type', '=', 'revert.proposed')
    .where(sql<string>`body ->> 'revertId'`, '=', revertId)
    .limit(1);
  const row = await db.kysely.selectFrom('tasks').select('state').where('id', '=', stated).executeTakeFirst();
  return row?.state;
}

/** A stored output, or the text of an approval that is too long for its card; of a task that these eyes may see. */
export async function outputById(db: Database, id: string, eyes: Eyes): Promise<StoredFile | undefined> {
  if (!isId(id)) return undefined;
  const row = await db.kysely
    .selectFrom('outputs')
    .innerJoin('tasks', 'tasks.id', 'outputs.task_id')
    .select(['outputs.name', 'outputs.media_type', 'outputs.size', 'outputs.sha256'])
    .where('outputs.id', '=', id)
    .where(mayBeSeen(eyes))
    .executeTakeFirst();
  if (row !== undefined) {
    return { name: row.name, mediaType: row.media_type, size: Number(row.size), sha256: row.sha256 };
  }
  const asked = await db.kysely
    .selectFrom('approvals')
    .innerJoin('tasks', 'tasks.id', 'approvals.task_id')
    .select(['whole_sha256', 'whole_size'])
    .where('approvals.id', '=', id)
    .where(mayBeSeen(eyes))
    .executeTakeFirst();
  if (asked?.whole_sha256 == null) return undefined;
  const name = `approval-${asked.whole_sha256.slice(0, 8)}.txt`;
  return { name, mediaType: 'text/plain', size: asked.whole_size ?? 0, sha256: asked.whole_sha256 };
}
