import type { PlanLine } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import { currentStep } from '#core/task/parts.ts';
import type { TaskState } from '#core/task/state.ts';
import type { StepState } from '#core/task/step-state.ts';
import { triesOf } from '#core/task/tries.ts';
import { formatDuration } from '#core/text/duration.ts';
import { joinWords } from '#core/text/list.ts';
import { plural } from '#core/text/plural.ts';
import { agentPlanLines } from './agent.ts';
import { line } from './limits.ts';
import { elapsed, ordinal, time } from './pieces.ts';

/** A plan longer than this is shown around where it stands; the rest is counted. */
const lineLimit = 20;
/** Steps before the current one that stay in view. */
const stepsBefore = 4;

/** The plan with ticks, and what is true of each step now. */
export function planLines(state: TaskState): readonly PlanLine[] {
  const { steps } = state;
  if (steps.length <= lineLimit) {
    const room = lineLimit - steps.length;
    return steps.flatMap((step) => [planLine(state, step), ...agentPlanLines(step, room)]);
  }
  const shown = lineLimit - 2;
  const current = currentStep(state);
  const at = current === undefined ? steps.length : steps.indexOf(current);
  const from = Math.max(0, Math.min(at - stepsBefore, steps.length - shown));
  return [
    ...summaryLine(steps.slice(0, from), 'earlier'),
    ...steps.slice(from, from + shown).map((step) => planLine(state, step)),
    ...summaryLine(steps.slice(from + shown), 'more'),
  ];
}

function summaryLine(steps: readonly StepState[], which: string): readonly PlanLine[] {
  if (steps.length === 0) return [];
  const statuses = [...new Set(steps.map((step) => step.status))];
  const counts = statuses.map((status) => `${steps.filter((step) => step.status === status).length} ${status}`);
  const [only] = statuses;
  return [
    {
      state: statuses.length === 1 && only !== undefined ? only : 'pending',
      title: plural(steps.length, `${which} step`),
      detail: [joinWords(counts)],
    },
  ];
}

function planLine(state: TaskState, step: StepState): PlanLine {
  const detail = detailOf(state, step);
  return {
    state: step.status,
    title: line(step.plan.name, 150),
    ...(detail === undefined ? {} : { detail }),
  };
}

function detailOf(state: TaskState, step: StepState): RichText | undefined {
  const tries = triesOf(step);
  const attempt = tries > 1 ? [`${ordinal(tries)} attempt`] : [];
  switch (step.status) {
    case 'running':
      return joined(attempt, step.startedAt === undefined ? [] : [elapsed(step.startedAt)]);
    case 'waiting':
      return waitingDetail(state, step);
    case 'done':
      return joined(tookTime(step), attempt);
    case 'failed':
      return joined([failedDetail(step)], tookTime(step));
    case 'skipped':
      return [skippedDetail(state, step)];
    case 'pending':
      return pendingDetail(state, step);
  }
}

function waitingDetail(state: TaskState, step: StepState): RichText {
  if (state.approvals.some((each) => each.stepId === step.plan.id && each.status === 'open')) {
    return ['waits for approval'];
  }
  if (state.questions.some((each) => each.about.stepId === step.plan.id && each.status === 'open')) {
    return ['waits for an answer'];
  }
  if (step.elsewhere !== undefined && step.retryAt !== undefined)
    return ['at the limit of its provider until ', time(step.retryAt)];
  const failed = `${ordinal(Math.max(1, triesOf(step)))} attempt failed`;
  if (step.retryAt === undefined || state.because.waitingFor !== 'retry') return [failed];
  return [`${failed}, next one `, time(step.retryAt)];
}

function pendingDetail(state: TaskState, step: StepState): RichText | undefined {
  if (step.agent?.feedback !== undefined) return ['goes back to it: checks failed'];
  if (step.attempts > 0) return [step.failures.length > 0 ? 'failed before, runs again' : 'interrupted, not finished'];
  if (step.plan.approve === undefined) return undefined;
  return [isApproved(state, step) ? 'approved' : 'asks first'];
}

/** Approvals of earlier rounds are kept as history and count no more. */
function isApproved(state: TaskState, step: StepState): boolean {
  const { startedAt } = state;
  if (startedAt === undefined) return false;
  return state.approvals.some(
    (each) =>
      each.stepId === step.plan.id && each.status === 'approved' && Date.parse(each.askedAt) >= Date.parse(startedAt),
  );
}

function skippedDetail(state: TaskState, step: StepState): string {
  if (step.finishedAt !== state.finishedAt) return 'taken as done';
  return step.attempts > 0 ? 'stopped' : 'not run';
}

function failedDetail(step: StepState): string {
  const reason = step.failures.at(-1)?.reason;
  const tries = triesOf(step);
  const tried = tries > 1 ? `failed after ${tries} attempts` : 'failed';
  return reason === undefined ? tried : `${tried}: ${line(reason, 150)}`;
}

function tookTime(step: StepState): RichText {
  if (step.startedAt === undefined || step.finishedAt === undefined) return [];
  return [`took ${formatDuration(Date.parse(step.finishedAt) - Date.parse(step.startedAt))}`];
}

function joined(...parts: readonly RichText[]): RichText | undefined {
  const present = parts.filter((part) => part.length > 0);
  if (present.length === 0) return undefined;
  return present.flatMap((part, index) => (index === 0 ? part : [', ', ...part]));
}
