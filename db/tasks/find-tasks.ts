import { sql } from 'kysely';
import type { TaskState } from '#core/task/state.ts';
import type { Database } from '../database.ts';
import { countKeptBack, type Eyes, mayBeSeen } from './visible.ts';

/** Which tasks; all that is said holds. */
export interface TaskFilter {
  /** What these may see. */
  readonly eyes: Eyes;
  /** How they stand: `open` are all that have not come to an end. */
  readonly standing?: 'open' | 'waiting' | 'ended';
  /** Asked for by one of these members; `others`: by none of them. */
  readonly by?: { readonly members: readonly string[]; readonly others?: true };
  readonly projectId?: string;
}

export interface FoundTasks {
  readonly tasks: readonly TaskState[];
  /** How many there are beyond these, counted up to `countedBeyond`. */
  readonly more: number;
  /** The viewer's own that are not shown where he asks, because others read there. */
  readonly keptBack: number;
}

/** What lies beyond a page is counted no further. */
export const countedBeyond = 1000;

/** Statuses by what they mean for a list. */
export const standings = {
  open: ['backlog', 'queued', 'running', 'waiting', 'paused'],
  waiting: ['waiting'],
  ended: ['completed', 'failed', 'cancelled'],
} as const;

/** A page of tasks, what is open first, then the newest. */
export async function findTasks(
  db: Database,
  filter: TaskFilter,
  { limit, offset = 0 }: { readonly limit: number; readonly offset?: number },
): Promise<FoundTasks> {
  const all = filtered(db, filter);
  const found = all.where(mayBeSeen(filter.eyes));
  // Where all are alike in this, nothing is sorted and the index by number says what is newest.
  const ordered = filter.standing === undefined ? found.orderBy(sql`(finished_at is null)`, 'desc') : found;
  const [rows, counted, keptBack] = await Promise.all([
    ordered.select('state').orderBy('number', 'desc').limit(limit).offset(offset).execute(),
    db.kysely
      .selectFrom(
        found
          .select('id')
          .limit(offset + limit + countedBeyond)
          .as('found'),
      )
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow(),
    countKeptBack(db, filter.eyes, all),
  ]);
  const more = Math.max(0, Number(counted.count) - offset - rows.length);
  return { tasks: rows.map(({ state }) => state), more, keptBack };
}

function filtered({ kysely }: Database, { standing, by, projectId }: TaskFilter) {
  let tasks = kysely.selectFrom('tasks');
  if (standing !== undefined) tasks = tasks.where('status', 'in', standings[standing]);
  if (by !== undefined) tasks = tasks.where('requester_id', by.others ? 'not in' : 'in', [...by.members]);
  return projectId === undefined ? tasks : tasks.where('project_id', '=', projectId);
}
