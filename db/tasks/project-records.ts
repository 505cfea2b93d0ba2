import type { Approval, Question } from '#core/task/state.ts';
import type { Transaction } from '../database.ts';
import type { Change } from './project-task.ts';

/** What lists across tasks read: approvals, questions, checkpoints, outputs. Only what changed is written. */
export async function projectRecords(trx: Transaction, { before, after }: Change): Promise<void> {
  for (const approval of changed(before.approvals, after.approvals)) await saveApproval(trx, after.id, approval);
  for (const question of changed(before.questions, after.questions)) await saveQuestion(trx, after.id, question);
  for (const checkpoint of after.checkpoints.slice(before.checkpoints.length)) {
    const { n, name, commit, at } = checkpoint;
    await trx
      .insertInto('checkpoints')
      .values({ task_id: after.id, n, name, commit_hash: commit, made_at: at })
      .execute();
  }
  for (const output of after.outputs.slice(before.outputs.length)) {
    await trx
      .insertInto('outputs')
      .values({
        id: output.id,
        task_id: after.id,
        project_id: after.project.id,
        run_id: before.run?.id ?? null,
        name: output.name,
        media_type: output.mediaType,
        size: output.size,
        sha256: output.sha256,
        version: output.version,
        made_at: output.at,
      })
      .execute();
  }
}

/** Events leave what they don't touch as the same object, so identity tells what changed. */
function changed<Item extends { readonly id: string }>(
  before: readonly Item[],
  after: readonly Item[],
): readonly Item[] {
  const known = new Set(before);
  return after.filter((item) => !known.has(item));
}

async function saveApproval(trx: Transaction, taskId: string, approval: Approval): Promise<void> {
  const decision = {
    status: approval.status,
    decided_at: approval.decidedAt ?? null,
    decided_by: approval.decidedBy?.memberId ?? null,
    rule_id: approval.rule?.id ?? null,
    note: approval.note ?? null,
  };
  await trx
    .insertInto('approvals')
    .values({
      id: approval.id,
      task_id: taskId,
      hash: approval.hash,
      rule_hash: approval.ruleHash,
      shown: approval.shown,
      reason: approval.reason,
      whole_sha256: approval.whole?.sha256 ?? null,
      whole_size: approval.whole?.size ?? null,
      asked_at: approval.askedAt,
      ...decision,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(decision))
    .execute();
}

async function saveQuestion(trx: Transaction, taskId: string, question: Question): Promise<void> {
  const decision = {
    status: question.status,
    answered_at: question.answeredAt ?? null,
    answered_by: question.answeredBy?.memberId ?? null,
    answer: question.answer ?? null,
  };
  await trx
    .insertInto('questions')
    .values({ id: question.id, task_id: taskId, text: question.text, asked_at: question.askedAt, ...decision })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(decision))
    .execute();
}
