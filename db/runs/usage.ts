import { type Kysely, sql } from 'kysely';
import type { TaskState } from '#core/task/state.ts';
import type { Schema } from '../schema.ts';

/** What is running now, and how much more may: counted once per pass, kept up while the pass admits. */
export interface Usage {
  /** Of all living workers. */
  readonly slots: number;
  readonly free: number;
  ofProject(task: TaskState): number;
  ofPerson(task: TaskState): number;
  ofRunbook(task: TaskState): number;
  /** `<project id> <runbook>` of those that have all the runs that they may have, by what their live runs say. */
  fullRunbooks(): readonly string[];
  /** Live runs by the ids of projects and of people. */
  counts(): Readonly<Record<string, number>>;
  admit(task: TaskState): void;
}

interface Counted {
  readonly slots: number;
  readonly live: readonly (readonly [projectId: string, personId: string, runbook: string, limit: number | null])[];
}

/** Counts slots of living workers and the live runs. */
export async function usageOf(trx: Kysely<Schema>): Promise<Usage> {
  const now = await sql<Counted>`
    select (select coalesce(sum(slots), 0)::int from workers where ended_at is null) as slots,
      (select coalesce(jsonb_agg(jsonb_build_array(project_id, requester_id, runbook,
        state #> '{understanding,concurrency}')), '[]') from tasks
        where run_id in (select id from runs where status <> 'ended')) as live`.execute(trx);
  const { slots, live } = now.rows[0] ?? { slots: 0, live: [] };
  const counts = new Map<string, number>();
  /** The largest that a live run says, should the file have changed meanwhile. */
  const runbookLimits = new Map<string, number>();
  let running = 0;

  function add(projectId: string, personId: string, runbook: string, limit: number | null): void {
    running += 1;
    const key = `${projectId} ${runbook}`;
    runbookLimits.set(key, Math.max(runbookLimits.get(key) ?? 0, limit ?? Infinity));
    for (const each of [projectId, personId, key]) counts.set(each, (counts.get(each) ?? 0) + 1);
  }

  for (const run of live) add(...run);
  return {
    slots,
    get free() {
      return slots - running;
    },
    ofProject: (task) => counts.get(task.project.id) ?? 0,
    ofPerson: (task) => counts.get(task.requester.memberId) ?? 0,
    ofRunbook: (task) => counts.get(`${task.project.id} ${task.runbook.id}`) ?? 0,
    fullRunbooks: () =>
      [...runbookLimits].filter(([key, limit]) => (counts.get(key) ?? 0) >= limit).map(([key]) => key),
    counts: () => Object.fromEntries(counts),
    admit: (task) =>
      add(task.project.id, task.requester.memberId, task.runbook.id, task.understanding.concurrency ?? null),
  };
}
