import { sql } from 'kysely';
import { fromKysely } from 'pg-boss';
import type { LiveRun, TaskState } from '#core/task/state.ts';
import type { Database, Transaction } from '../database.ts';
import { runQueue } from '../queue.ts';
import { takeLocks } from '../runs/locks.ts';
import type { Change } from './project-task.ts';

/** The runs table, the queue and the scope locks follow the task's live run. */
export async function projectRun(
  db: Database,
  trx: Transaction,
  { before, after, events, now }: Change,
): Promise<void> {
  const over = before.run !== undefined && before.run.id !== after.run?.id ? before.run : undefined;
  if (over !== undefined) await endRun(db, trx, over, outcomeOf(events.map((event) => event.type)), now);
  if (after.run === undefined || after.run === before.run) return;
  if (after.run.status === 'admitted') await admitRun(db, trx, after, after.run, now);
}

async function admitRun(db: Database, trx: Transaction, task: TaskState, run: LiveRun, now: string): Promise<void> {
  const row = trx
    .insertInto('runs')
    .values({
      id: run.id,
      task_id: task.id,
      kind: run.kind,
      attempt: sql<number>`(select coalesce(max(attempt), 0) + 1 from runs where task_id = ${task.id})`,
      status: 'admitted',
      admitted_at: now,
    })
    .execute();
  const scopes = run.kind === 'work' ? task.understanding.scope : [];
  const options = { id: run.id, priority: 100 - task.priority, db: fromKysely(trx) };
  await Promise.all([
    row,
    takeLocks(trx, { id: run.id, projectId: task.project.id }, [...scopes].sort()),
    // Who asks for the next task can not have a place in front of this one.
    sql`update scheduler set vt = greatest(vt, (select vt from tasks where id = ${task.id}))`.execute(trx),
    db.boss.send(runQueue, { taskId: task.id }, options),
  ]);
}

async function endRun(db: Database, trx: Transaction, run: LiveRun, outcome: string, now: string): Promise<void> {
  const connection = { db: fromKysely(trx) };
  await Promise.all([
    trx.updateTable('runs').set({ status: 'ended', ended_at: now, outcome }).where('id', '=', run.id).execute(),
    trx.deleteFrom('locks').where('run_id', '=', run.id).execute(),
    run.status === 'running'
      ? db.boss.complete(runQueue, run.id, null, connection)
      : db.boss.cancel(runQueue, run.id, connection),
  ]);
}

/** The event that says best how a run ended: the last one that is about the task or its result. */
function outcomeOf(types: readonly string[]): string {
  return types.findLast((type) => !/^(run|note)\./.test(type)) ?? types.at(-1) ?? 'run.ended';
}
