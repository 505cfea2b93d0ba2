import { sql } from 'kysely';
import type { Database } from '../database.ts';
import { newId } from '../id.ts';

/** A standing approval as a person makes it. */
export interface NewRule {
  readonly projectId: string;
  readonly runbook: string;
  readonly stepName: string;
  readonly ruleHash: string;
  readonly madeBy: string;
  /** How long it holds. */
  readonly days: number;
}

/** Makes a rule and records who made it. */
export async function makeRule(db: Database, rule: NewRule): Promise<void> {
  const id = newId();
  await db.kysely.transaction().execute(async (trx) => {
    await trx
      .insertInto('rules')
      .values({
        id,
        project_id: rule.projectId,
        runbook: rule.runbook,
        step_name: rule.stepName,
        rule_hash: rule.ruleHash,
        made_by: rule.madeBy,
        expires_at: sql<string>`now() + make_interval(days => ${rule.days})`,
      })
      .execute();
    await trx
      .insertInto('audit')
      .values({ member_id: rule.madeBy, deed: 'rule.made', subject: id, detail: JSON.stringify(rule) })
      .execute();
  });
}

/** How many approvals of the last 30 days a rule would have answered. */
export async function matchedLately(db: Database, ruleHash: string): Promise<number> {
  const row = await db.kysely
    .selectFrom('approvals')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('rule_hash', '=', ruleHash)
    .where('asked_at', '>', sql<Date>`now() - interval '30 days'`)
    .executeTakeFirstOrThrow();
  return row.count;
}
