import type { DecideContext, Decision, MadeCheckpoint, ReportCommand, RunReport } from './commands.ts';
import { decideAgent } from './decide-agent.ts';
import { cancelReason, interrupted, revertUnderWay } from './decide-engine.ts';
import { ruleThatCounts } from './deciders.ts';
import { happens, refuse } from './decision.ts';
import type { TaskEvent } from './events.ts';
import { currentStep, workspaceStart } from './parts.ts';
import { reportFits } from './report-fits.ts';
import { checksFailed } from './reviewing.ts';
import type { LiveRun, TaskState } from './state.ts';
import type { StepState } from './step-state.ts';
import { failuresOf, retriesLeft, triesOf } from './tries.ts';

/** Decides what a run reports. What a run says after it lost its task is refused: the fence. */
export function decideReport(state: TaskState, command: ReportCommand, context: DecideContext): Decision {
  const { runId, report } = command;
  if (state.run?.id !== runId || state.run.status !== 'running') {
    return refuse('stale_run', `Run ${runId} no longer holds #${state.number}.`);
  }
  if (!reportFits(state, state.run, report)) {
    return refuse('not_now', `“${report.type}” does not fit what run ${runId} of #${state.number} is doing.`);
  }
  return happens(
    ...(progress(state, report) ??
      decideAgent(state, state.run, report, context) ??
      ending(state, state.run, report, context)),
  );
}

function progress(state: TaskState, report: RunReport): readonly TaskEvent[] | undefined {
  switch (report.type) {
    case 'workspace-ready':
      return [{ type: 'workspace.ready', ...workspaceStart(report) }];
    case 'actions':
      return [{ type: 'actions.reported', actions: report.actions }];
    case 'checkpoint':
      return [checkpointMade(report)];
    case 'output':
      return [{ type: 'output.published', output: report.output }];
    case 'verified':
      return [{ type: 'verification.finished', commit: report.commit, checks: report.checks }];
    case 'note-taken':
      return [{ type: 'note.taken', noteId: report.noteId, as: 'run', ...answerOf(report) }];
    case 'step-started':
      return state.pauseRequestedBy === undefined ? [{ type: 'step.started', stepId: report.stepId }] : park(state);
    case 'step-finished':
      return finishedStep(state, report);
    default:
      return undefined;
  }
}

function answerOf({ answer }: RunReport & { type: 'note-taken' }): { readonly answer?: string } {
  return answer === undefined ? {} : { answer };
}

function checkpointMade({ n, name, commit, changes, withheld }: MadeCheckpoint, stepId?: string): TaskEvent {
  return {
    type: 'checkpoint.made',
    ...{ n, name, commit, changes },
    ...(withheld === undefined ? {} : { withheld }),
    ...(stepId === undefined ? {} : { stepId }),
  };
}

function finishedStep(
  state: TaskState,
  { stepId, checkpoint, missing, leftOut }: RunReport & { type: 'step-finished' },
): readonly TaskEvent[] {
  const kept = checkpoint === undefined ? [] : [checkpointMade(checkpoint, stepId)];
  const outputs = { ...(missing === undefined ? {} : { missing }), ...(leftOut === undefined ? {} : { leftOut }) };
  const finished: readonly TaskEvent[] = [...kept, { type: 'step.finished', stepId, ...outputs }];
  const moreToDo = state.steps.some((step) => step.status === 'pending');
  return state.pauseRequestedBy !== undefined && moreToDo ? [...finished, ...park(state)] : finished;
}

function park(state: TaskState): readonly TaskEvent[] {
  const parked: TaskEvent = { type: 'run.parked', runId: state.run?.id ?? '' };
  if (state.cancelRequestedBy !== undefined) return [parked, { type: 'task.cancelled', reason: cancelReason(state) }];
  return [parked, { type: 'task.paused', reason: `Paused by ${state.pauseRequestedBy?.name ?? 'Commander'}` }];
}

function ending(state: TaskState, run: LiveRun, report: RunReport, context: DecideContext): readonly TaskEvent[] {
  const ended: TaskEvent = { type: 'run.ended', runId: run.id };
  switch (report.type) {
    case 'needs-approval':
      return needsApproval(state, run, report, context);
    case 'step-failed':
      return failedStep(state, ended, report, context);
    case 'finished':
      return [ended, outcome(state)];
    case 'failed':
      return [ended, { type: 'task.failed', reason: report.reason }];
    case 'stopped':
      return interrupted(state, { run, reason: 'Its worker stopped it', orderly: true }, context);
    case 'delivered':
      return [ended, { type: 'delivery.finished', result: report.result }];
    case 'delivery-refused':
      return [ended, { type: 'delivery.refused', reason: report.reason }];
    case 'reverted':
      return [ended, { type: 'revert.finished', revertId: revertUnderWay(state), result: report.result }];
    case 'revert-refused':
      return [ended, { type: 'revert.refused', revertId: revertUnderWay(state), reason: report.reason }];
    default:
      return [];
  }
}

function needsApproval(
  state: TaskState,
  run: LiveRun,
  report: RunReport & { type: 'needs-approval' },
  context: DecideContext,
): readonly TaskEvent[] {
  const runId = run.id;
  if (state.cancelRequestedBy !== undefined) {
    return [
      { type: 'run.parked', runId },
      { type: 'task.cancelled', reason: cancelReason(state) },
    ];
  }
  const approvalId = context.newId();
  const { stepId, reason, shown, whole, hash, ruleHash } = report;
  const file = whole === undefined ? {} : { whole };
  const rule = ruleThatCounts(state, context);
  const requested: TaskEvent = {
    type: 'approval.requested',
    approvalId,
    stepId,
    reason,
    shown,
    ...file,
    hash,
    ruleHash,
  };
  if (rule === undefined) return [{ type: 'run.parked', runId }, requested];
  return [
    { type: 'run.parked', runId },
    requested,
    { type: 'approval.decided', approvalId, decision: 'approved', rule },
    { type: 'task.queued', reason: `Approved by a rule of ${rule.madeBy}` },
  ];
}

function failedStep(
  state: TaskState,
  ended: TaskEvent,
  report: RunReport & { type: 'step-failed' },
  context: DecideContext,
): readonly TaskEvent[] {
  const { stepId, reason, transient, quota } = report;
  const step = state.steps.find((each) => each.plan.id === stepId);
  const retryAt = quota?.until ?? (step === undefined || !transient ? undefined : nextAttemptAt(step, context.now));
  const elsewhere = quota === undefined ? {} : { elsewhere: quota.elsewhere };
  if (state.cancelRequestedBy !== undefined) return [ended, { type: 'task.cancelled', reason: cancelReason(state) }];
  if (retryAt !== undefined) return [ended, { type: 'step.failed', stepId, reason, transient, retryAt, ...elsewhere }];
  const tries = step === undefined ? 0 : triesOf(step);
  const tried = tries > 1 ? ` after ${tries} attempts` : '';
  return [
    ended,
    { type: 'step.failed', stepId, reason, transient },
    { type: 'task.failed', reason: `“${step?.plan.name ?? stepId}” failed${tried}: ${reason}` },
  ];
}

/** Backoff doubles with each failure; `undefined` when the step's retries are used up. */
function nextAttemptAt(step: StepState, now: string): string | undefined {
  if (retriesLeft(step) === 0) return undefined;
  return new Date(Date.parse(now) + step.plan.retry.backoffMs * 2 ** failuresOf(step).length).toISOString();
}

/** "Completed" is said only when every step is done and every declared check passed on the final commit. */
function outcome(state: TaskState): TaskEvent {
  const undone = currentStep(state);
  if (undone !== undefined) {
    return { type: 'task.failed', reason: `The run ended before “${undone.plan.name}” was done` };
  }
  if (!isChecked(state)) {
    return { type: 'task.failed', reason: 'The work is done, but its checks did not run on the final commit' };
  }
  const passed = state.verification?.checks.every((check) => check.passed) ?? true;
  return passed ? { type: 'task.completed' } : checksFailed(state);
}

function isChecked({ understanding, verification, workspace }: TaskState): boolean {
  if (understanding.verify.length === 0) return true;
  const names = verification?.checks.map((check) => check.name) ?? [];
  return verification?.commit === workspace?.head && understanding.verify.every(({ name }) => names.includes(name));
}
