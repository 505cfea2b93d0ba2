import { sql } from 'kysely';
import type { Database, Transaction } from '../database.ts';
import { newId } from '../id.ts';
import { type Eyes, mayBeSeen } from '../tasks/visible.ts';

/** A standing approval as a person makes it. */
export interface NewRule extends RuleScope {
  /** What is allowed, in words. */
  readonly words: string;
  readonly ruleHash: string;
  readonly madeBy: string;
  /** The task that was asked about: who may not see it is not told the words. */
  readonly fromTaskId: string;
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
export async function makeRule(trx: Transaction, rule: NewRule): Promise<string> {
  const id = newId();
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
      from_task_id: rule.fromTaskId,
      expires_at: sql<string>`now() + make_interval(days => ${rule.days})`,
    })
    .execute();
  await recordDeed(trx, { memberId: rule.madeBy, deed: 'rule.made', ruleId: id, detail: rule });
  return id;
}

/** A rule that holds now. */
export interface Rule extends RuleScope {
  readonly id: string;
  readonly ruleHash: string;
  readonly project: string;
  /** What is allowed; absent where it was asked for in a place that the viewer may not see. */
  readonly words?: string;
  readonly madeBy: string;
  readonly madeById: string;
  readonly madeAt: string;
  readonly expiresAt: string;
  /** The only task in which it holds, and the only person for whom. */
  readonly taskNumber?: number;
  readonly requester?: string;
  /** How often it has decided. */
  readonly uses: number;
}

/** Of the task that was asked about when a rule was made. */
const ofOrigins = { requester: sql.ref('origins.requester_id'), thread: sql.ref('origins.thread_id') };

/** The rules that hold now, the newest first, as these eyes may see them. */
export async function listRules(db: Database, eyes: Eyes): Promise<readonly Rule[]> {
  const rows = await db.kysely
    .selectFrom('rules')
    .innerJoin('projects', 'projects.id', 'rules.project_id')
    .innerJoin('members', 'members.id', 'rules.made_by')
    .leftJoin('tasks', 'tasks.id', 'rules.task_id')
    .leftJoin('tasks as origins', 'origins.id', 'rules.from_task_id')
    .leftJoin('members as requesters', 'requesters.id', 'rules.requester_id')
    .select([
      'rules.id',
      'rules.project_id',
      'rules.task_id',
      'rules.requester_id',
      'rules.made_by as made_by_id',
      'rule_hash',
      'projects.name as project',
      'rules.runbook',
      sql<string | null>`case when ${mayBeSeen(eyes, ofOrigins)} then step_name end`.as('words'),
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
    ruleHash: row.rule_hash,
    projectId: row.project_id,
    project: row.project,
    runbook: row.runbook,
    madeBy: row.made_by,
    madeById: row.made_by_id,
    madeAt: row.made_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    uses: row.uses,
    ...(row.words === null ? {} : { words: row.words }),
    ...(row.task_id === null ? {} : { taskId: row.task_id, taskNumber: row.task_number ?? 0 }),
    ...(row.requester_id === null ? {} : { requesterId: row.requester_id, requester: row.requester ?? '' }),
  }));
}

/** Ends a rule and records who ended it; the next request asks again. False when it had ended already. */
export async function revokeRule(trx: Transaction, ruleId: string, memberId: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('rules')
    .set({ revoked_at: sql<string>`now()`, revoked_by: memberId })
    .where('id', '=', ruleId)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) return false;
  await recordDeed(trx, { memberId, deed: 'rule.revoked', ruleId, detail: {} });
  return true;
}

interface Deed {
  readonly memberId: string;
  readonly deed: 'rule.made' | 'rule.changed' | 'rule.revoked';
  readonly ruleId: string;
  readonly detail: object;
}

/** Writes down who did what with a rule. */
export async function recordDeed(trx: Transaction, { memberId, deed, ruleId, detail }: Deed): Promise<void> {
  await trx
    .insertInto('audit')
    .values({ member_id: memberId, deed, subject: ruleId, detail: JSON.stringify(detail) })
    .execute();
}
