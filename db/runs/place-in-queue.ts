import { type RawBuilder, sql } from 'kysely';
import type { QueuePlace } from '#core/show/world.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Database } from '../database.ts';
import { type HeldBy, heldBy, isHeld, type RunLimits } from './caps.ts';
import { type Usage, usageOf } from './usage.ts';

/** Tasks in front are counted up to here; further back a number says little and costs a lot. */
const countedAhead = 99;

/**
 * Where a task stands among those that may start, and what keeps it from it: for one that a limit holds back, its place among
 * those that the same limit holds. `undefined` when it does not wait to start.
 */
export async function placeInQueue(
  db: Database,
  task: TaskState,
  limits: RunLimits = {},
): Promise<QueuePlace | undefined> {
  const row = await db.kysely
    .selectFrom('tasks')
    .innerJoin('projects', 'projects.id', 'tasks.project_id')
    .select(['vt', 'concurrency'])
    .where('tasks.id', '=', task.id)
    .where('ready', '=', 'work')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const usage = await usageOf(db.kysely);
  const held = heldBy(task, usage, { ...limits, ofThisProject: row.concurrency });
  const ahead = await countAhead(db, task, row.vt, rivals(task, held, { usage, limits }));
  return {
    ahead: Math.min(ahead, countedAhead),
    ...(ahead > countedAhead ? { more: true } : {}),
    slots: usage.slots,
    free: Math.max(0, usage.free),
    ...(held === undefined ? {} : { held: { by: held, running: runningOf(held, task, usage) } }),
  };
}

/** Which other tasks wait for the same. */
function rivals(
  { project, requester, runbook }: TaskState,
  held: HeldBy | undefined,
  { usage, limits }: { readonly usage: Usage; readonly limits: RunLimits },
): RawBuilder<boolean> {
  switch (held) {
    case 'person':
      return sql`requester_id = ${requester.memberId}`;
    case 'project':
      return sql`project_id = ${project.id}`;
    case 'runbook':
      return sql`project_id = ${project.id} and runbook = ${runbook.id}`;
    case undefined:
      return sql`not ${isHeld(usage, limits)}`;
  }
}

function runningOf(held: HeldBy, task: TaskState, usage: Usage): number {
  return { person: usage.ofPerson, project: usage.ofProject, runbook: usage.ofRunbook }[held](task);
}

async function countAhead(db: Database, task: TaskState, vt: number, which: RawBuilder<boolean>): Promise<number> {
  const counted = await sql<{ ahead: number }>`
    select count(*)::int as ahead from (
      select from tasks join projects on projects.id = tasks.project_id
      where ready is not null and (tasks.priority, tasks.vt, tasks.number) < (${task.priority}, ${vt}, ${task.number})
        and ${which} limit ${countedAhead + 1}) as these`.execute(db.kysely);
  return counted.rows[0]?.ahead ?? 0;
}
