import { sql } from 'kysely';
import type { TaskState } from '#core/task/state.ts';
import type { Transaction } from '../database.ts';

/** What is running now, and how much more may: counted once per pass, kept up while the pass admits. */
export interface Usage {
  readonly free: number;
  ofProject(task: TaskState): number;
  ofPerson(task: TaskState): number;
  ofRunbook(task: TaskState): number;
  admit(task: TaskState): void;
}

/** Counts slots of living workers and the live runs. */
export async function usageOf(trx: Transaction): Promise<Usage> {
  const slots = await trx
    .selectFrom('workers')
    .select(sql<number>`coalesce(sum(slots), 0)::int`.as('total'))
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  const live = await trx
    .selectFrom('tasks')
    .select(['project_id', 'requester_id', 'runbook'])
    .where('run_id', 'in', trx.selectFrom('runs').select('id').where('status', '<>', 'ended'))
    .execute();
  const counts = new Map<string, number>();
  let running = 0;

  function add(projectId: string, personId: string, runbook: string): void {
    running += 1;
    for (const key of [projectId, personId, `${projectId} ${runbook}`]) counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  for (const run of live) add(run.project_id, run.requester_id, run.runbook);
  return {
    get free() {
      return slots.total - running;
    },
    ofProject: (task) => counts.get(task.project.id) ?? 0,
    ofPerson: (task) => counts.get(task.requester.memberId) ?? 0,
    ofRunbook: (task) => counts.get(`${task.project.id} ${task.runbook.id}`) ?? 0,
    admit: (task) => add(task.project.id, task.requester.memberId, task.runbook.id),
  };
}
