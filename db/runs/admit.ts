import { sql } from 'kysely';
import type { TaskState } from '#core/task/state.ts';
import { advisoryClass, advisoryKeys } from '../advisory.ts';
import type { Database, Transaction } from '../database.ts';
import { newId } from '../id.ts';
import { changeTask } from '../tasks/change-task.ts';
import { heldBy, isHeld, type RunLimits } from './caps.ts';
import { type Usage, usageOf } from './usage.ts';

/** How many waiting tasks one pass looks at when those in front may not start: caps and locks hold back few at a time. */
const scanLimit = 500;

/**
 * One pass of the scheduler: starts what may start, in the fair order, as far as worker slots are free. Serialised over all
 * processes by an advisory lock, so caps are exact. Returns the number of runs admitted.
 */
export async function admitTasks(db: Database, limits: RunLimits = {}): Promise<number> {
  return db.kysely.transaction().execute(async (trx) => {
    if (!(await takeTurn(trx))) return 0;
    await followDependencies(db, trx);
    return (await admitInOrder(db, trx, limits)).size;
  });
}

/**
 * The same within the transaction that made a task ready: it is admitted with its own commit, when nobody else admits just then.
 * Returns the ids of the tasks that were admitted; the ordinary pass sees to the others.
 */
export async function admitAtOnce(
  db: Database,
  trx: Transaction,
  limits: RunLimits = {},
): Promise<ReadonlySet<string>> {
  return (await takeTurn(trx)) ? admitInOrder(db, trx, limits) : new Set();
}

async function takeTurn(trx: Transaction): Promise<boolean> {
  const turn = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(${advisoryClass}, ${advisoryKeys.admission}) as mine`.execute(trx);
  return turn.rows[0]?.mine === true;
}

async function admitInOrder(db: Database, trx: Transaction, limits: RunLimits): Promise<ReadonlySet<string>> {
  const usage = await usageOf(trx);
  const admitted = new Set<string>();
  for (const candidate of usage.free > 0 ? await candidates(trx, usage, limits) : []) {
    if (usage.free <= 0) break;
    if (await admitOne(db, trx, candidate, usage, limits)) admitted.add(candidate.id);
  }
  return admitted;
}

interface Candidate {
  readonly id: string;
  readonly vt: number;
  readonly state: TaskState;
  readonly projectLimit: number | null;
}

/** Deliveries and reverts go first: a person waits for them and they are short. */
async function candidates(trx: Transaction, usage: Usage, limits: RunLimits): Promise<readonly Candidate[]> {
  return trx
    .selectFrom('tasks')
    .innerJoin('projects', 'projects.id', 'tasks.project_id')
    .select(['tasks.id', 'tasks.vt', 'tasks.state', 'projects.concurrency as projectLimit'])
    .where('ready', 'is not', null)
    .where(sql<boolean>`not ${isHeld(usage, limits)}`)
    .orderBy(sql`ready = 'work'`)
    .orderBy('priority')
    .orderBy('tasks.vt')
    .orderBy('number')
    .limit(scanLimit)
    .execute();
}

async function admitOne(
  db: Database,
  trx: Transaction,
  candidate: Candidate,
  usage: Usage,
  limits: RunLimits,
): Promise<boolean> {
  const { state } = candidate;
  const work = state.ready === 'work';
  if (work && heldBy(state, usage, { ...limits, ofThisProject: candidate.projectLimit }) !== undefined) return false;
  const scopes = work ? [...state.understanding.scope].sort() : [];
  const holder = await lockHolder(trx, state.project.id, scopes);
  if (holder !== undefined) {
    const reason = `Waiting for #${holder}, which works on the same files`;
    await changeTask(db, trx, candidate.id, { type: 'block', for: 'lock', reason, awaited: `#${holder}` });
    return false;
  }
  const runId = newId();
  const outcome = await changeTask(db, trx, candidate.id, { type: 'admit', runId });
  if (!outcome.ok) return false;
  await takeLocks(trx, runId, state.project.id, scopes);
  await sql`update scheduler set vt = greatest(vt, ${candidate.vt})`.execute(trx);
  usage.admit(state);
  return true;
}

/** Every path ends in '/', files too: else "src/a.ts" would also lock "src/a.tsx". */
function asPrefix(path: string): string {
  return path === '' || path.endsWith('/') ? path : `${path}/`;
}

async function lockHolder(trx: Transaction, projectId: string, scopes: readonly string[]): Promise<number | undefined> {
  for (const scope of scopes) {
    const prefix = `${projectId}/${asPrefix(scope)}`;
    const found = await sql<{ number: number }>`
      select tasks.number from locks
      join runs on runs.id = locks.run_id
      join tasks on tasks.id = runs.task_id
      where locks.scope && textrange(${prefix}, ${prefix} || chr(1114111))
      limit 1`.execute(trx);
    const holder = found.rows[0]?.number;
    if (holder !== undefined) return holder;
  }
  return undefined;
}

async function takeLocks(trx: Transaction, runId: string, projectId: string, scopes: readonly string[]): Promise<void> {
  const outer = scopes
    .map(asPrefix)
    .filter(
      (path, index, all) =>
        !all.some((other, at) => at !== index && path.startsWith(other) && (path !== other || at < index)),
    );
  if (outer.length === 0) return;
  await trx
    .insertInto('locks')
    .values(outer.map((path) => ({ run_id: runId, project_id: projectId, path })))
    .execute();
}

/** Tasks whose dependencies have come to an end: queued when all completed, else told which one did not. */
async function followDependencies(db: Database, trx: Transaction): Promise<void> {
  const waiting = await trx
    .selectFrom('tasks')
    .innerJoin('dependencies', 'dependencies.task_id', 'tasks.id')
    .innerJoin('tasks as parents', 'parents.id', 'dependencies.depends_on')
    .select([
      'tasks.id',
      sql<string | null>`string_agg('#' || parents.number, ', ' order by parents.number)
        filter (where parents.status in ('failed', 'cancelled'))`.as('broken'),
      sql<number>`(count(*) filter (where parents.status <> 'completed'))::int`.as('open'),
    ])
    .where('tasks.waiting_for', '=', 'dependency')
    .groupBy('tasks.id')
    .execute();
  for (const task of waiting) {
    if (task.open === 0) await changeTask(db, trx, task.id, { type: 'queue' });
    else if (task.broken !== null) {
      const reason = `Blocked: ${task.broken} did not complete. Retry that task, or cancel this one`;
      await changeTask(db, trx, task.id, { type: 'block', for: 'dependency', reason, awaited: task.broken });
    }
  }
}
