import { sql } from 'kysely';
import type { TaskCommand } from '#core/task/commands.ts';
import { dependencyBlock } from '#core/task/dependency-block.ts';
import type { TaskState } from '#core/task/state.ts';
import { advisoryClass, advisoryKeys } from '../advisory.ts';
import type { Database, Transaction } from '../database.ts';
import { newId } from '../id.ts';
import { changeHeldTask, changeTask, type HeldTask } from '../tasks/change-task.ts';
import { heldBy, isHeld, type RunLimits } from './caps.ts';
import { lockHolder } from './locks.ts';
import { type Usage, usageOf } from './usage.ts';

/** How many waiting tasks one pass looks at when those in front may not start: caps and locks hold back few at a time. */
const scanLimit = 500;

/**
 * One pass of the scheduler: starts what may start, in the fair order, as far as worker slots are free. Serialised over all
 * processes by an advisory lock, so caps are exact. Returns the number of runs admitted.
 */
export async function admitTasks(db: Database, limits: RunLimits = {}): Promise<number> {
  return db.transaction(async (trx) => {
    const usage = await waitForTurn(trx);
    await followDependencies(db, trx);
    return (await admitInOrder(db, trx, usage, { limits })).size;
  });
}

/** Tasks that a transaction made itself: nobody else can change them yet. */
export type MadeTasks = ReadonlyMap<string, HeldTask>;

/**
 * The same within the transaction that made a task ready: it is admitted with its own commit, when nobody else admits just then.
 * Returns the ids of the tasks that were admitted; the ordinary pass sees to the others.
 */
export async function admitAtOnce(
  db: Database,
  trx: Transaction,
  turn: Turn | undefined,
  { limits, made }: { readonly limits: RunLimits; readonly made: MadeTasks },
): Promise<ReadonlySet<string>> {
  return turn === undefined ? new Set() : admitInOrder(db, trx, turn.usage, { limits, made, line: lineOf(turn, made) });
}

/** The right to admit until a transaction ends, and what stood when it was got. */
export interface Turn {
  readonly usage: Usage;
  /** Whether tasks wait to start. */
  readonly waiting: boolean;
  /** How many runs each of the projects that were asked about may have. */
  readonly projectLimits: Readonly<Record<string, number | null>>;
}

/** Takes the turn to admit if nobody has it just now. Never waits. */
export async function takeTurn(trx: Transaction, projectIds: readonly string[]): Promise<Turn | undefined> {
  // Read by statements of their own behind the lock: so they see all that the one before us has admitted.
  const [turn, usage, stands] = await Promise.all([
    sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(${advisoryClass}, ${advisoryKeys.admission}) as mine`.execute(trx),
    usageOf(trx),
    sql<Omit<Turn, 'usage'>>`
      select exists (select from tasks where ready is not null) as waiting,
        (select coalesce(jsonb_object_agg(id, concurrency), '{}') from projects where id = any(${projectIds}::uuid[]))
          as "projectLimits"`.execute(trx),
  ]);
  const [found] = stands.rows;
  return turn.rows[0]?.mine === true && found !== undefined ? { usage, ...found } : undefined;
}

/** The same for who is woken once: whoever has the turn may have looked already when that which woke us was committed. */
async function waitForTurn(trx: Transaction): Promise<Usage> {
  const [, usage] = await Promise.all([
    sql`select pg_advisory_xact_lock(${advisoryClass}, ${advisoryKeys.admission})`.execute(trx),
    usageOf(trx),
  ]);
  return usage;
}

/** Where nobody waits, a task that is just being made is the whole line; `undefined` where it takes a look to know who is next. */
function lineOf({ waiting, projectLimits }: Turn, made: MadeTasks): readonly Candidate[] | undefined {
  const [only, ...more] = made.values();
  if (waiting || only === undefined || more.length > 0) return undefined;
  const { state } = only;
  if (state.ready === undefined) return [];
  return [{ id: state.id, state, projectLimit: projectLimits[state.project.id] ?? null }];
}

interface Admission {
  readonly limits: RunLimits;
  readonly made?: MadeTasks;
  /** Who waits, in the fair order, where that is known. */
  readonly line?: readonly Candidate[];
}

async function admitInOrder(
  db: Database,
  trx: Transaction,
  usage: Usage,
  admission: Admission,
): Promise<ReadonlySet<string>> {
  const admitted = new Set<string>();
  if (usage.free <= 0) return admitted;
  for (const candidate of admission.line ?? (await candidates(trx, usage, admission.limits))) {
    if (usage.free <= 0) break;
    if (await admitOne(db, trx, candidate, usage, admission)) admitted.add(candidate.id);
  }
  return admitted;
}

interface Candidate {
  readonly id: string;
  readonly state: TaskState;
  readonly projectLimit: number | null;
}

/** Deliveries and reverts go first: a person waits for them and they are short. */
async function candidates(trx: Transaction, usage: Usage, limits: RunLimits): Promise<readonly Candidate[]> {
  return trx
    .selectFrom('tasks')
    .innerJoin('projects', 'projects.id', 'tasks.project_id')
    .select(['tasks.id', 'tasks.state', 'projects.concurrency as projectLimit'])
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
  { limits, made }: Admission,
): Promise<boolean> {
  const { id, state } = candidate;
  const work = state.ready === 'work';
  if (work && heldBy(state, usage, { ...limits, ofThisProject: candidate.projectLimit }) !== undefined) return false;
  const held = made?.get(id);
  const change = (command: TaskCommand) =>
    held === undefined ? changeTask(db, trx, id, command) : changeHeldTask(db, trx, held, command);
  const holder = work ? await lockHolder(trx, state.project.id, state.understanding.scope) : undefined;
  if (holder !== undefined) {
    const reason = `Waiting for #${holder}, which works on the same files`;
    await change({ type: 'block', for: 'lock', reason, awaited: `#${holder}` });
    return false;
  }
  const outcome = await change({ type: 'admit', runId: newId() });
  if (outcome.ok) usage.admit(state);
  return outcome.ok;
}

/** Tasks whose dependencies have come to an end: queued when all completed, else told what they wait for as that stands now. */
async function followDependencies(db: Database, trx: Transaction): Promise<void> {
  const waiting = await trx
    .selectFrom('tasks')
    .innerJoin('dependencies', 'dependencies.task_id', 'tasks.id')
    .innerJoin('tasks as parents', 'parents.id', 'dependencies.depends_on')
    .select([
      'tasks.id',
      sql<string>`tasks.state -> 'because' ->> 'text'`.as('told'),
      sql<string | null>`string_agg('#' || parents.number, ', ' order by parents.number)
        filter (where parents.status in ('failed', 'cancelled'))`.as('broken'),
      sql<string | null>`string_agg('#' || parents.number, ', ' order by parents.number)
        filter (where parents.status <> 'completed')`.as('open'),
    ])
    .where('tasks.waiting_for', '=', 'dependency')
    .groupBy('tasks.id')
    .execute();
  for (const { id, told, broken, open } of waiting) {
    const command = open === null ? ({ type: 'queue' } as const) : dependencyBlock(open, broken);
    if (command.type === 'queue' || command.reason !== told) await changeTask(db, trx, id, command);
  }
}
