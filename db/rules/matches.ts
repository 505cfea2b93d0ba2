import { sql } from 'kysely';
import type { Database } from '../database.ts';
import type { RuleScope } from './rules.ts';

/** Approvals of the last 30 days that a rule would have answered, and how people decided them. */
export interface MatchedLately {
  readonly asked: number;
  readonly approved: number;
  readonly denied: number;
}

/** The same for what one person asked for. */
export interface MatchedOf extends MatchedLately {
  readonly memberId: string;
  readonly name: string;
}

/** Counts what a rule would have answered where it holds for everybody, by who asked; who asked most comes first. */
export async function matchedLately(
  db: Database,
  ruleHash: string,
  { projectId, runbook }: RuleScope,
): Promise<readonly MatchedOf[]> {
  return db.kysely
    .selectFrom('approvals')
    .innerJoin('tasks', 'tasks.id', 'approvals.task_id')
    .innerJoin('members', 'members.id', 'tasks.requester_id')
    .select([
      'members.id as memberId',
      'members.name',
      sql<number>`count(*)::int`.as('asked'),
      sql<number>`(count(*) filter (where approvals.status = 'approved'))::int`.as('approved'),
      sql<number>`(count(*) filter (where approvals.status = 'denied'))::int`.as('denied'),
    ])
    .where('rule_hash', '=', ruleHash)
    .where('project_id', '=', projectId)
    .where('runbook', '=', runbook)
    .where('asked_at', '>', sql<Date>`now() - interval '30 days'`)
    .groupBy(['members.id', 'members.name'])
    .orderBy('asked', 'desc')
    .execute();
}

/** Of all of them together. */
export function together(matched: readonly MatchedLately[]): MatchedLately {
  return matched.reduce(
    (sum, { asked, approved, denied }) => ({
      asked: sum.asked + asked,
      approved: sum.approved + approved,
      denied: sum.denied + denied,
    }),
    { asked: 0, approved: 0, denied: 0 },
  );
}
