import { sql } from 'kysely';
import type { Database, Transaction } from '../database.ts';
import { newId } from '../id.ts';

/** A standing approval as a person makes it. */
export interface NewRule extends RuleScope {
  /** What is allowed, in words. */
  readonly words: string;
  readonly ruleHash: string;
  readonly madeBy: string;
  /** How long it holds. */
  readonly days: number;
}

/** Where a rule holds. */
export interface RuleScope {
  readonly projectId: string;
  readonly runbook: string;
  /** In this task only; absent: in every one. */
  readonly taskId?: string;
  /** For what this member asks for; absent: for everybody. */
  readonly requesterId?: string;
}

/** Makes a rule and records who made it; returns its id. */
export async function makeRule(db: Database, rule: NewRule): Promise<string> {
  const id = newId();
  await db.kysely.transaction().execute(async (trx) => {
    await trx
      .insertInto('rules')
      .values({
        id,
        project_id: rule.projectId,
        runbook: rule.runbook,
        step_name: rule.words,
        rule_hash: rule.ruleHash,
        made_by: rule.madeBy,
        task_id: rule.taskId ?? null,
        requester_id: rule.requesterId ?? null,
        expires_at: sql<string>`now() + make_interval(days => ${rule.days})`,
      })
      .execute();
    await record(trx, { memberId: rule.madeBy, deed: 'rule.made', ruleId: id, detail: rule });
  });
  return id;
}

/** What a rule would have answered in the last 30 days, and how people decided it. */
export interface MatchedLately {
  readonly asked: number;
  readonly approved: number;
  readonly denied: number;
}

/** Counts approvals of the last 30 days that a rule would have answered, where it would hold for everybody. */
export async function matchedLately(
  db: Database,
  ruleHash: string,
  { projectId, runbook }: RuleScope,
): Promise<MatchedLately> {
  return db.kysely
    .selectFrom('approvals')
    .innerJoin('tasks', 'tasks.id', 'approvals.task_id')
    .select([
      sql<number>`count(*)::int`.as('asked'),
      sql<number>`(count(*) filter (where approvals.status = 'approved'))::int`.as('approved'),
      sql<number>`(count(*) filter (where approvals.status = 'denied'))::int`.as('denied'),
    ])
    .where('rule_hash', '=', ruleHash)
    .where('project_id', '=', projectId)
    .where('runbook', '=', runbook)
    .where('asked_at', '>', sql<Date>`now() - interval '30 days'`)
    .executeTakeFirstOrThrow();
}

/** A rule that holds now. */
export interface Rule {
  readonly id: string;
  readonly project: string;
  readonly runbook: string;
  readonly words: string;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly expiresAt: string;
  /** The only task in which it holds, and the only person for whom. */
  readonly taskNumber?: number;
  readonly requester?: string;
  /** How often it has decided. */
  readonly uses: number;
}

/** The rules that hold now, the newest first. */
export async function listRules(db: Database): Promise<readonly Rule[]> {
  const rows = await db.kysely
    .selectFrom('rules')
    .innerJoin('projects', 'projects.id', 'rules.project_id')
    .innerJoin('members', 'members.id', 'rules.made_by')
    .leftJoin('tasks', 'tasks.id', 'rules.task_id')
    .leftJoin('members as requesters', 'requesters.id', 'rules.requester_id')
    .select([
      'rules.id',
      'projects.name as project',
      'rules.runbook',
      'step_name',
      'members.name as made_by',
      'made_at',
      'expires_at',
      'tasks.number as task_number',
      'requesters.name as requester',
      sql<number>`(select count(*)::int from approvals where rule_id = rules.id)`.as('uses'),
    ])
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .orderBy('made_at', 'desc')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    project: row.project,
    runbook: row.runbook,
    words: row.step_name,
    madeBy: row.made_by,
    madeAt: row.made_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    uses: row.uses,
    ...(row.task_number === null ? {} : { taskNumber: row.task_number }),
    ...(row.requester === null ? {} : { requester: row.requester }),
  }));
}

/** Lets a rule that holds end so many days from now, and records who said so. False when it holds no longer. */
export async function extendRule(
  db: Database,
  { ruleId, days, memberId }: { readonly ruleId: string; readonly days: number; readonly memberId: string },
): Promise<boolean> {
  return db.kysely.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('rules')
      .set({ expires_at: sql<string>`now() + make_interval(days => ${days})` })
      .where('id', '=', ruleId)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', sql<Date>`now()`)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return false;
    await record(trx, { memberId, deed: 'rule.changed', ruleId, detail: { days } });
    return true;
  });
}

/** Ends a rule and records who ended it; the next request asks again. False when it had ended already. */
export async function revokeRule(db: Database, ruleId: string, memberId: string): Promise<boolean> {
  return db.kysely.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('rules')
      .set({ revoked_at: sql<string>`now()`, revoked_by: memberId })
      .where('id', '=', ruleId)
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return false;
    await record(trx, { memberId, deed: 'rule.revoked', ruleId, detail: {} });
    return true;
  });
}

interface Deed {
  readonly memberId: string;
  readonly deed: 'rule.made' | 'rule.changed' | 'rule.revoked';
  readonly ruleId: string;
  readonly detail: object;
}

async function record(trx: Transaction, { memberId, deed, ruleId, detail }: Deed): Promise<void> {
  await trx
    .insertInto('audit')
    .values({ member_id: memberId, deed, subject: ruleId, detail: JSON.stringify(detail) })
    .execute();
}
