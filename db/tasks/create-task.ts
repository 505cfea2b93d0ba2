import { sql } from 'kysely';
import { dependencyBlock } from '#core/task/dependency-block.ts';
import type { TaskEvent, TaskReceived } from '#core/task/events.ts';
import { evolve } from '#core/task/evolve.ts';
import type { Person } from '#core/task/person.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Database, Transaction } from '../database.ts';
import { newId } from '../id.ts';
import { notify } from '../notify.ts';
import { admitAtOnce, takeTurn } from '../runs/admit.ts';
import type { RunLimits } from '../runs/caps.ts';
import { columnsOf, eventRows, type HeldTask } from './change-task.ts';

/** Everything that intake understood of one request. */
export interface NewTask extends Omit<TaskReceived, 'id' | 'number'> {
  readonly inboxId: string;
  /** Which of the message's requests it is, from 0. */
  readonly part: number;
  readonly threadId: string;
  readonly requester: Person;
}

/**
 * Makes tasks of a message, in the transaction that marks the message as handled: exactly once, whatever happens. What may start
 * is admitted with the same commit; for the rest the scheduler is woken.
 */
export async function createTasks(
  db: Database,
  trx: Transaction,
  tasks: readonly NewTask[],
  limits: RunLimits = {},
): Promise<readonly TaskState[]> {
  const [begun, turn] = await Promise.all([
    Promise.all(tasks.map((task) => beginTask(trx, task))),
    takeTurn(
      trx,
      tasks.map(({ project }) => project.id),
    ),
  ]);
  const states = begun.map(({ state }) => state);
  // What admission does comes behind these inserts, so it finds their rows.
  const inserted = begun.map((each) => insertTask(trx, each));
  const made = new Map(begun.map((each) => [each.state.id, each]));
  const [admitted] = await Promise.all([admitAtOnce(db, trx, turn, { limits, made }), ...inserted]);
  const waiting = states.filter(({ id }) => !admitted.has(id));
  const wakes = waiting.flatMap(({ id }) => [['commander_task', id] as const, ['commander_ready', id] as const]);
  if (wakes.length > 0) await notify(trx, wakes);
  return states;
}

/** A task that has its number and its first events, and no row yet. */
interface BegunTask extends HeldTask {
  readonly task: NewTask;
  readonly events: readonly TaskEvent[];
  readonly actor: Person;
  /** Its place in the fair order. */
  readonly vt: number;
  readonly parents: readonly Parent[];
}

async function beginTask(trx: Transaction, task: NewTask): Promise<BegunTask> {
  const id = newId();
  const [{ number, now, vt }, parents] = await Promise.all([
    takeNumber(trx, task.requester.memberId),
    findParents(trx, task.after),
  ]);
  const events: readonly TaskEvent[] = [
    {
      type: 'task.received',
      id,
      number,
      title: task.title,
      request: task.request,
      project: task.project,
      runbook: task.runbook,
      understanding: task.understanding,
      steps: task.steps,
      priority: task.priority,
      after: task.after,
    },
    firstStatus(parents),
  ];
  const actor = { memberId: task.requester.memberId, name: task.requester.name };
  const state = events.reduce<TaskState | undefined>(
    (before, event) => evolve(before, { at: now, actor, event }),
    undefined,
  );
  if (state === undefined) throw new RangeError('a task has at least one event');
  return { task, state, seq: events.length, now, events, actor, vt, parents };
}

async function insertTask(trx: Transaction, begun: BegunTask): Promise<void> {
  const { task, state, seq, now, events, actor, vt, parents } = begun;
  const row = {
    id: state.id,
    number: state.number,
    project_id: task.project.id,
    thread_id: task.threadId,
    requester_id: task.requester.memberId,
    inbox_id: task.inboxId,
    inbox_part: task.part,
    runbook: task.runbook.id,
    seq,
    vt,
    created_at: now,
    updated_at: now,
    ...columnsOf(state),
  };
  const inserted = trx
    .with('task', (query) => query.insertInto('tasks').values(row))
    .insertInto('events')
    .values(eventRows({ taskId: state.id, seq: 0, events, now, actor }))
    .execute();
  await Promise.all([inserted, insertParents(trx, state.id, parents), insertGiven(trx, state)]);
}

/** Which earlier outputs it works on, for the library. */
async function insertGiven(trx: Transaction, { id, understanding }: TaskState): Promise<void> {
  const given = new Set(understanding.attachments.flatMap(({ from }) => from?.outputId ?? []));
  if (given.size === 0) return;
  await trx
    .insertInto('given_outputs')
    .values([...given].map((output) => ({ output_id: output, task_id: id })))
    .execute();
}

async function insertParents(trx: Transaction, taskId: string, parents: readonly Parent[]): Promise<void> {
  if (parents.length === 0) return;
  await trx
    .insertInto('dependencies')
    .values(parents.map((parent) => ({ task_id: taskId, depends_on: parent.id })))
    .execute();
}

/** A number, the time, and the place in the fair order: each task of a member comes one step of virtual time later. */
async function takeNumber(trx: Transaction, memberId: string): Promise<{ number: number; now: string; vt: number }> {
  const row = await trx
    .updateTable('members')
    .set({ vt: sql<number>`greatest(vt, (select vt from scheduler)) + 1` })
    .where('id', '=', memberId)
    .returning(['vt', sql<number>`nextval('task_numbers')::int`.as('number'), sql<Date>`clock_timestamp()`.as('now')])
    .executeTakeFirstOrThrow();
  return { number: row.number, vt: row.vt, now: row.now.toISOString() };
}

interface Parent {
  readonly id: string;
  readonly number: number;
  readonly status: TaskState['status'];
}

async function findParents(trx: Transaction, numbers: readonly number[]): Promise<readonly Parent[]> {
  if (numbers.length === 0) return [];
  return trx
    .selectFrom('tasks')
    .select(['id', 'number', 'status'])
    .where('number', 'in', [...numbers])
    .execute();
}

function firstStatus(parents: readonly Parent[]): TaskEvent {
  const open = parents.filter((parent) => parent.status !== 'completed').map((parent) => `#${parent.number}`);
  if (open.length === 0) return { type: 'task.queued', reason: 'Waiting for a free worker' };
  const { type: _, ...blocked } = dependencyBlock(open.join(', '), null);
  return { type: 'task.blocked', ...blocked };
}
