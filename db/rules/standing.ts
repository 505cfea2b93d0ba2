import { sql } from 'kysely';
import type { StandingRule } from '#core/policy/standing-rule.ts';
import type { RunReport } from '#core/task/commands.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Transaction } from '../database.ts';

/**
 * The rule that holds at this moment about what a report asks for: read in the transaction that decides, so that one that was just
 * revoked counts no more, and one that was just made counts at once.
 */
export async function ruleAbout(
  trx: Transaction,
  task: TaskState,
  report: RunReport,
): Promise<StandingRule | undefined> {
  if (report.type !== 'needs-approval' && report.type !== 'asks-permission') return undefined;
  const row = await trx
    .selectFrom('rules')
    .innerJoin('members', 'members.id', 'rules.made_by')
    .select(['rules.id', 'rule_hash', 'members.name as made_by', 'rules.made_by as made_by_id', 'made_at'])
    .where('project_id', '=', task.project.id)
    .where('runbook', '=', task.runbook.id)
    .where('rule_hash', '=', report.ruleHash)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .where((each) => each.or([each('task_id', 'is', null), each('task_id', '=', task.id)]))
    .where((each) => each.or([each('requester_id', 'is', null), each('requester_id', '=', task.requester.memberId)]))
    .orderBy('made_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return (
    row && {
      id: row.id,
      ruleHash: row.rule_hash,
      madeBy: row.made_by,
      madeById: row.made_by_id,
      madeAt: row.made_at.toISOString(),
    }
  );
}
