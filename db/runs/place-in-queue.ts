import { type RawBuilder, sql } from 'kysely';
import type { QueuePlace } from '#core/show/world.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Database } from '../database.ts';
import { type HeldBy, heldBy, isHeld, type RunLimits } from './caps.ts';
import { type Usage, usageOf } from './usage.ts';

/** Tasks in front are counted up to here; further back a number says little and costs a lot. */
const countedAhead = 99;

/** Up to here each start of another task is shown; further back only every tenth, else a long queue would be nothing but edits. */
const exactAhead = 10;

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
  return placeOf(task, held, { ahead, usage });
}

/** The places of the tasks in front of the queue, by their ids, in one look. */
export async function frontOfQueue(db: Database, limits: RunLimits = {}): Promise<ReadonlyMap<string, QueuePlace>> {
  const usage = await usageOf(db.kysely);
  const rows = await db.kysely
    .selectFrom('tasks')
    .innerJoin('projects', 'projects.id', 'tasks.project_id')
    .select(['tasks.id', 'state', 'concurrency'])
    .where('ready', '=', 'work')
    .orderBy('priority')
    .orderBy('vt')
    .orderBy('number')
    .limit(countedAhead + 1)
    .execute();
  const seen = new Map<string, number>();
  return new Map(
    rows.map(({ id, state, concurrency }) => {
      const held = heldBy(state, usage, { ...limits, ofThisProject: concurrency });
      const group = groupOf(state, held);
      const ahead = seen.get(group) ?? 0;
      seen.set(group, ahead + 1);
      return [id, placeOf(state, held, { ahead, usage })];
    }),
  );
}

function placeOf(
  task: TaskState,
  held: HeldBy | undefined,
  { ahead, usage }: { readonly ahead: number; readonly usage: Usage },
): QueuePlace {
  return {
    ...roughly(ahead),
    slots: usage.slots,
    free: Math.max(0, usage.free),
    ...(held === undefined ? {} : { held: { by: held, running: runningOf(held, task, usage) } }),
  };
}

function roughly(ahead: number): Pick<QueuePlace, 'ahead' | 'counted'> {
  if (ahead > countedAhead) return { ahead: countedAhead, counted: 'more' };
  return ahead > exactAhead ? { ahead: Math.round(ahead / 10) * 10, counted: 'about' } : { ahead, counted: 'exact' };
}

/** Tasks that wait for the same. */
function groupOf({ project, requester, runbook }: TaskState, held: HeldBy | undefined): string {
  const groups = { person: requester.memberId, project: project.id, runbook: `${project.id} ${runbook.id}` };
  return held === undefined ? 'a slot' : groups[held];
}

/** The same as a condition. */
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
