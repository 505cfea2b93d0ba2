import { type Kysely, sql } from 'kysely';

/** The task that was asked about when a rule was made: who may not see it is not told the rule's words. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table rules add column from_task_id uuid references tasks`.execute(db);
  // Of older rules the newest approval that the rule would have answered; what has none counts as private.
  await sql`
    update rules set from_task_id = (
      select tasks.id from approvals join tasks on tasks.id = approvals.task_id
      where approvals.rule_hash = rules.rule_hash and tasks.project_id = rules.project_id
        and tasks.runbook = rules.runbook and asked_at <= made_at
      order by asked_at desc limit 1)`.execute(db);
}
