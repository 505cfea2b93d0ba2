import { sql } from 'kysely';
import type { SpentToday } from '#core/agents/budget.ts';
import type { ProjectSource, Talk } from '#core/run/run.ts';
import type { TaskState } from '#core/task/state.ts';
import { silence, talkOf } from '#core/task/talk.ts';
import { spentToday } from '../agents/usage.ts';
import type { Database, Transaction } from '../database.ts';
import { runQueue } from '../queue.ts';
import { changeTask } from '../tasks/change-task.ts';

/** A job of the run queue, taken by this process. */
export interface RunJob {
  readonly runId: string;
  readonly taskId: string;
}

/** A run that is now ours, with what it needs from the database. */
export interface ClaimedRun {
  readonly task: TaskState;
  readonly project: Omit<ProjectSource, 'directory'>;
  readonly spentToday: SpentToday;
}

/** Takes up to `count` admitted runs from the queue, most urgent first. */
export async function fetchRuns(db: Database, count: number): Promise<readonly RunJob[]> {
  const jobs = await db.boss.fetch<{ taskId: string }>(runQueue, { batchSize: count });
  return jobs.map((job) => ({ runId: job.id, taskId: job.data.taskId }));
}

/** Makes a fetched run this worker's own. `undefined` when it is no longer wanted: cancelled, or claimed already. */
export async function claimRun(
  db: Database,
  job: RunJob,
  worker: { readonly id: string; readonly name: string },
): Promise<ClaimedRun | undefined> {
  return db.transaction(async (trx) => {
    const outcome = await changeTask(db, trx, job.taskId, { type: 'claim', runId: job.runId, worker: worker.name });
    if (!outcome.ok) return undefined;
    const { state } = outcome;
    const [project, spent] = await Promise.all([
      projectOf(trx, state),
      spentToday(trx, state),
      trx
        .updateTable('runs')
        .set({ status: 'running', worker_id: worker.id, claimed_at: sql`now()`, seen_at: sql`now()` })
        .where('id', '=', job.runId)
        .execute(),
    ]);
    return { task: state, project, spentToday: spent };
  });
}

/** What a run is to hear; nothing when it no longer holds its task. */
export async function talkForRun(db: Database, runId: string): Promise<Talk> {
  const row = await db.kysely
    .selectFrom('runs')
    .innerJoin('tasks', 'tasks.id', 'runs.task_id')
    .select('state')
    .where('runs.id', '=', runId)
    .whereRef('tasks.run_id', '=', 'runs.id')
    .executeTakeFirst();
  return row === undefined ? silence : talkOf(row.state);
}

async function projectOf(trx: Transaction, task: TaskState): Promise<ClaimedRun['project']> {
  const row = await trx
    .selectFrom('projects')
    .select(['id', 'name', 'kind', 'location', 'default_branch'])
    .where('id', '=', task.project.id)
    .executeTakeFirstOrThrow();
  return {
    projectId: row.id,
    name: row.name,
    kind: row.kind,
    location: row.location,
    defaultBranch: row.default_branch ?? undefined,
  };
}
