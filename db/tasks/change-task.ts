import { sql } from 'kysely';
import type { Role } from '#core/policy/roles.ts';
import type { Refusal, TaskCommand } from '#core/task/commands.ts';
import { decide } from '#core/task/decide.ts';
import type { TaskEvent } from '#core/task/events.ts';
import { evolve } from '#core/task/evolve.ts';
import type { Person } from '#core/task/person.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Database, Transaction } from '../database.ts';
import { newId } from '../id.ts';
import { wakeCalls } from '../notify.ts';
import { ruleAbout } from '../rules/standing.ts';
import { projectTask, wakesOf } from './project-task.ts';

/** Who commands; absent when Commander itself does. */
export type Actor = Person & { readonly role: Role };

export type TaskOutcome =
  | { readonly ok: true; readonly state: TaskState; readonly events: readonly TaskEvent[] }
  | { readonly ok: false; readonly refusal: Refusal; readonly state: TaskState };

/** Nobody knows this task. */
export class UnknownTask extends Error {
  readonly code = 'unknown_task';
}

/**
 * The only way in which a task changes: one transaction locks its row, decides, appends the events, updates the row and all that
 * follows from it (runs, locks, jobs, lists), and wakes whom it concerns. Commits everything or nothing.
 * @throws UnknownTask
 */
export async function commandTask(
  db: Database,
  taskId: string,
  command: TaskCommand,
  options: { readonly actor?: Actor } = {},
): Promise<TaskOutcome> {
  return db.transaction((trx) => changeTask(db, trx, taskId, command, options));
}

/** The same within a transaction of the caller's. */
export async function changeTask(
  db: Database,
  trx: Transaction,
  taskId: string,
  command: TaskCommand,
  options: { readonly actor?: Actor } = {},
): Promise<TaskOutcome> {
  const row = await trx
    .selectFrom('tasks')
    .select(['state', 'seq', sql<Date>`clock_timestamp()`.as('now')])
    .where('id', '=', taskId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new UnknownTask(`There is no task ${taskId}.`);
  return changeHeldTask(db, trx, { ...row, now: row.now.toISOString() }, command, options);
}

/** A task whose row belongs to the transaction: it locked it, or made it. */
export interface HeldTask {
  readonly state: TaskState;
  /** Of its last event. */
  readonly seq: number;
  /** The time of what happens to it. */
  readonly now: string;
}

/** The same for a task that nobody else can change meanwhile. */
export async function changeHeldTask(
  db: Database,
  trx: Transaction,
  { state: before, seq, now }: HeldTask,
  command: TaskCommand,
  { actor }: { readonly actor?: Actor } = {},
): Promise<TaskOutcome> {
  const rule = command.type === 'report' ? await ruleAbout(trx, before, command.report) : undefined;
  const decision = decide(before, command, { now, newId, actor, rule });
  if (!decision.ok) return { ok: false, refusal: decision.refusal, state: before };
  const state = await recordEvents(db, trx, { before, seq, events: decision.events, now, actor });
  return { ok: true, state, events: decision.events };
}

interface Recording {
  readonly before: TaskState;
  readonly seq: number;
  readonly events: readonly TaskEvent[];
  readonly now: string;
  readonly actor?: Person;
}

async function recordEvents(db: Database, trx: Transaction, recording: Recording): Promise<TaskState> {
  const { before, seq, events, now } = recording;
  if (events.length === 0) return before;
  const actor =
    recording.actor === undefined ? undefined : { memberId: recording.actor.memberId, name: recording.actor.name };
  const after = events.reduce((state, event) => evolve(state, { at: now, actor, event }), before);
  const runId = before.run?.id ?? after.run?.id;
  const appended = trx
    .with('appended', (query) =>
      query.insertInto('events').values(eventRows({ taskId: before.id, seq, events, now, actor, runId })),
    )
    .updateTable('tasks')
    .set({ ...columnsOf(after), seq: seq + events.length, updated_at: now })
    .where('id', '=', before.id)
    .returning(wakeCalls(wakesOf({ before, after, events })).map((call, index) => call.as(`wake_${index}`)))
    .execute();
  await Promise.all([appended, projectTask(db, trx, { before, after, events, now, actor })]);
  return after;
}

interface EventBatch {
  readonly taskId: string;
  /** The last one before these. */
  readonly seq: number;
  readonly events: readonly TaskEvent[];
  readonly now: string;
  readonly actor?: Person;
  readonly runId?: string;
}

/** The rows of a task's next events. */
export function eventRows({ taskId, seq, events, now, actor, runId }: EventBatch) {
  return events.map((event, index) => ({
    task_id: taskId,
    seq: seq + index + 1,
    at: now,
    type: event.type,
    actor: actor === undefined ? null : JSON.stringify(actor),
    run_id: runId ?? null,
    body: JSON.stringify(event),
  }));
}

/** The columns that lists and the scheduler read, as the state has them. */
export function columnsOf(state: TaskState) {
  return {
    title: state.title,
    status: state.status,
    waiting_for: state.because.waitingFor ?? null,
    priority: state.priority,
    ready: state.ready ?? null,
    run_id: state.run?.id ?? null,
    finished_at: state.finishedAt ?? null,
    state: JSON.stringify(state),
  };
}
