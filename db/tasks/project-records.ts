import type { Approval, Question } from '#core/task/asked.ts';
import type { OutputReference } from '#core/task/output.ts';
import type { Checkpoint } from '#core/task/result.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Transaction } from '../database.ts';
import type { Change } from './project-task.ts';

/** What lists across tasks read: approvals, questions, checkpoints, outputs. Only what changed is written. */
export async function projectRecords(trx: Transaction, { before, after }: Change): Promise<void> {
  await Promise.all([
    ...changed(before.approvals, after.approvals).map((approval) => saveApproval(trx, after.id, approval)),
    ...changed(before.questions, after.questions).map((question) => saveQuestion(trx, after.id, question)),
    ...after.checkpoints.slice(before.checkpoints.length).map((checkpoint) => addCheckpoint(trx, after.id, checkpoint)),
    ...after.outputs.slice(before.outputs.length).map((output) => addOutput(trx, after, output, before.run?.id)),
  ]);
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

async function addCheckpoint(trx: Transaction, taskId: string, { n, name, commit, at }: Checkpoint): Promise<void> {
  await trx.insertInto('checkpoints').values({ task_id: taskId, n, name, commit_hash: commit, made_at: at }).execute();
}

async function addOutput(trx: Transaction, task: TaskState, output: OutputReference, runId?: string): Promise<void> {
  await trx
    .insertInto('outputs')
    .values({
      id: output.id,
      task_id: task.id,
      project_id: task.project.id,
      run_id: runId ?? null,
      name: output.name,
      media_type: output.mediaType,
      size: output.size,
      sha256: output.sha256,
      version: output.version,
      made_at: output.at,
    })
    .execute();
}
