import { sql } from 'kysely';
import type { TaskState } from '#core/task/state.ts';
import type { Database } from '../database.ts';

/** Completed tasks that an estimate needs: fewer are no ground for one. */
const enough = 3;

/** The newest of them count: a project changes. */
const considered = 20;

/** Tasks of the project that are looked through for them. */
const lookedThrough = 1000;

/**
 * How long tasks like this one took in their runs, in milliseconds: the median of earlier completed ones of the same runbook in the
 * same project, without their waits for people and for a slot. `undefined` without at least three. What an agent is asked to do is
 * never alike enough to tell.
 */
export async function estimateOf(db: Database, task: TaskState): Promise<number | undefined> {
  if (task.steps.some(({ plan }) => plan.agent !== undefined)) return undefined;
  const found = await sql<{ count: number; median: number | null }>`
    with lately as (
      select id, runbook, status from tasks where project_id = ${task.project.id} and number < ${task.number}
      order by number desc limit ${lookedThrough}),
    alike as (select id from lately where runbook = ${task.runbook.id} and status = 'completed' limit ${considered}),
    took as (
      select sum(extract(epoch from ended_at - claimed_at)) as seconds
      from runs join alike on alike.id = runs.task_id
      where kind = 'work' and claimed_at is not null and ended_at is not null group by task_id)
    select count(*)::int as count, percentile_cont(0.5) within group (order by seconds)::float8 as median from took`.execute(
    db.kysely,
  );
  const { count = 0, median = null } = found.rows[0] ?? {};
  return count < enough || median === null ? undefined : Math.round(median * 1000);
}
