import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Transaction } from '../database.ts';
import { type Rule, type RuleScope, recordDeed } from './rules.ts';

/** What becomes of a rule. */
export interface RuleChange {
  readonly ruleId: string;
  /** How long it holds from now on. */
  readonly days: number;
  /** Where it holds from now on; absent: as before. */
  readonly where?: Pick<RuleScope, 'taskId' | 'requesterId'>;
  /** `versionOf` the rule that the person was shown; absent: nothing was shown. */
  readonly shown?: string;
  readonly memberId: string;
}

/** `ended`: it holds no longer. `changed-since`: it is not what was shown. */
export type RuleChanged = 'changed' | 'ended' | 'changed-since';

/**
 * Lets a rule hold elsewhere, or longer or shorter. From then on it is the rule of who changed it: where nobody approves what he asked
 * for himself, his own requests are asked again, though somebody else had made it.
 */
export async function changeRule(trx: Transaction, change: RuleChange): Promise<RuleChanged> {
  const { ruleId, days, where, shown, memberId } = change;
  const row = await trx
    .selectFrom('rules')
    .select(['expires_at', 'task_id', 'requester_id', 'made_by'])
    .where('id', '=', ruleId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return 'ended';
  const now = version(row.expires_at.toISOString(), row.task_id, row.requester_id, row.made_by);
  if (shown !== undefined && shown !== now) return 'changed-since';
  const elsewhere =
    where === undefined ? {} : { task_id: where.taskId ?? null, requester_id: where.requesterId ?? null };
  await trx
    .updateTable('rules')
    .set({ ...elsewhere, made_by: memberId, expires_at: sql<string>`now() + make_interval(days => ${days})` })
    .where('id', '=', ruleId)
    .execute();
  await recordDeed(trx, { memberId, deed: 'rule.changed', ruleId, detail: { days, ...where } });
  return 'changed';
}

/** Where a rule holds, until when and whose it is, as a short text: what a change is bound to. */
export function versionOf({ expiresAt, taskId, requesterId, madeById }: Rule): string {
  return version(expiresAt, taskId ?? null, requesterId ?? null, madeById);
}

function version(...parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
