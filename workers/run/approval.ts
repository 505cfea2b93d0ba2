import type { RunReport } from '#core/task/commands.ts';
import type { TaskState } from '#core/task/state.ts';
import type { StepState } from '#core/task/step-state.ts';
import type { ExactAction } from '../runtimes/runtime.ts';
import { hashOf } from './hash.ts';

type ApprovalReport = RunReport & { readonly type: 'needs-approval' };

/**
 * What a person is to be asked before this step may run; `undefined` when it was approved. An approval counts only for exactly
 * what was shown: its hash is compared with one of what would be executed now, in this round, from this commit.
 */
export function neededApproval(task: TaskState, step: StepState, action: ExactAction): ApprovalReport | undefined {
  const { id, approve } = step.plan;
  if (approve === undefined) return undefined;
  const hash = hashOf({ taskId: task.id, round: task.round, stepId: id, head: task.workspace?.head, ...action.exact });
  const approved = task.approvals.some(
    (each) => each.stepId === id && each.status === 'approved' && each.hash === hash,
  );
  if (approved) return undefined;
  return {
    type: 'needs-approval',
    stepId: id,
    reason: approve,
    shown: action.shown,
    hash,
    ruleHash: hashOf(action.declaration),
  };
}
