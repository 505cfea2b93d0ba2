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

/** A rule that holds now. */
export interface Rule {
  readonly id: string;
  readonly project: string;
  readonly runbook: string;
  readonly stepName: string;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly expiresAt: string;
}

/** The rules that hold now, the newest first. */
export async function listRules(db: Database): Promise<readonly Rule[]> {
  const rows = await db.kysely
    .selectFrom('rules')
    .innerJoin('projects', 'projects.id', 'rules.project_id')
    .innerJoin('members', 'members.id', 'rules.made_by')
    .select([
      'rules.id',
      'projects.name as project',
      'runbook',
      'step_name',
      'members.name as made_by',
      'made_at',
      'expires_at',
    ])
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .orderBy('made_at', 'desc')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    project: row.project,
    runbook: row.runbook,
    stepName: row.step_name,
    madeBy: row.made_by,
    madeAt: row.made_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }));
}

/** Ends a rule and records who ended it; the next request asks again. */
export async function revokeRule(db: Database, ruleId: string, memberId: string): Promise<void> {
  await db.kysely.transaction().execute(async (trx) => {
    await trx
      .updateTable('rules')
      .set({ revoked_at: sql<string>`now()`, revoked_by: memberId })
      .where('id', '=', ruleId)
      .where('revoked_at', 'is', null)
      .execute();
    await trx
      .insertInto('audit')
      .values({ member_id: memberId, deed: 'rule.revoked', subject: ruleId, detail: '{}' })
      .execute();
  });
}
