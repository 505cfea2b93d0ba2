import { plural } from '../text/plural.ts';
import { shorten } from '../text/shorten.ts';
import type { DecideContext, RunReport } from './commands.ts';
import { goesOn } from './decide-asked.ts';
import { cancelReason } from './decide-engine.ts';
import { ruleThatCounts } from './deciders.ts';
import type { TaskEvent } from './events.ts';
import { openAsks } from './parts.ts';
import { agentLimit, later, limitOf } from './question-limit.ts';
import { failedChecks, stopReviewing } from './reviewing.ts';
import type { LiveRun, TaskState } from './state.ts';

/** Decides what a coding agent's step reports in its middle. `undefined` for every other report. */
export function decideAgent(
  state: TaskState,
  run: LiveRun,
  report: RunReport,
  context: DecideContext,
): readonly TaskEvent[] | undefined {
  switch (report.type) {
    case 'agent':
      return [{ type: 'agent.reported', stepId: report.stepId, change: report.change }];
    case 'agent-quiet': {
      const { stepId, since, timeMs } = report;
      return [{ type: 'agent.quiet', stepId, since, until: later(context.now, timeMs), timeMs }];
    }
    case 'agent-moved':
      return [{ type: 'agent.moved', stepId: report.stepId }];
    case 'asks-permission':
      return asksPermission(state, run, report, context);
    case 'asks-question': {
      const { askId, stepId, text, options, needs } = report;
      const who = { ...(needs === undefined ? {} : { needs }), ...agentLimit(state, report, context.now) };
      return [{ type: 'question.asked', questionId: askId, text, options, about: { kind: 'agent', stepId }, ...who }];
    }
    case 'decision-heard':
      return [{ type: 'approval.heard', approvalId: report.askId }];
    case 'ask-withdrawn':
      return withdrawn(state, report.askId);
    case 'parked':
      return parked(state, run);
    case 'fix-needed':
      return [{ type: 'step.reopened', stepId: report.stepId, reason: report.reason }];
    case 'hand-over':
      return [{ ...report, type: 'step.handed_over' }];
    case 'review-needed':
      return reviewNeeded(state, run, report, context);
    default:
      return undefined;
  }
}

function asksPermission(
  state: TaskState,
  run: LiveRun,
  { askId, title, permission, ...asked }: RunReport & { type: 'asks-permission' },
  context: DecideContext,
): readonly TaskEvent[] {
  const { stepId, reason, shown, whole, hash, ruleHash } = asked;
  const requested: TaskEvent = {
    type: 'approval.requested',
    approvalId: askId,
    stepId,
    reason,
    shown,
    ...(whole === undefined ? {} : { whole }),
    hash,
    ruleHash,
    permission: { ...permission, title },
  };
  const rule = ruleThatCounts(state, context);
  if (rule === undefined) return [requested];
  const words = `Allowed by a rule of ${rule.madeBy}`;
  return [
    requested,
    { type: 'approval.decided', approvalId: askId, decision: 'approved', rule },
    { type: 'run.continued', runId: run.id, reason: words },
  ];
}

/** Somebody is asked by name what to do: in the thread, and where he sees what waits for him. */
function reviewNeeded(
  state: TaskState,
  run: LiveRun,
  { stepId, person, attempts, stuck }: RunReport & { type: 'review-needed' },
  context: DecideContext,
): readonly TaskEvent[] {
  const ended: TaskEvent = { type: stuck === undefined ? 'run.parked' : 'run.ended', runId: run.id };
  if (state.cancelRequestedBy !== undefined) return [ended, { type: 'task.cancelled', reason: cancelReason(state) }];
  const failed: readonly TaskEvent[] =
    stuck === undefined ? [] : [{ type: 'step.failed', stepId, reason: stuck, transient: false }];
  const agent = state.steps.find(({ plan }) => plan.id === stepId)?.plan.agent?.name ?? 'The agent';
  const tried = plural(attempts, 'attempt');
  const blocker =
    stuck === undefined
      ? `${agent} could not mend it in ${tried}. What fails: ${failedChecks(state)}`
      : `${agent} gets no further after ${tried}: ${shorten(stuck, 500)}`;
  const stop = { value: stopReviewing, label: 'Let it end as failed' };
  const options = stuck === undefined ? [stop] : [{ value: 'again', label: 'Try again' }, stop];
  const about = { kind: 'review', stepId } as const;
  const limit = limitOf(state, { kind: 'answer', answer: stop.label }, context.now);
  const asked = {
    type: 'question.asked',
    questionId: context.newId(),
    text: `${blocker} — what shall it do?`,
    options,
    about,
    asks: person,
  } as const;
  return [ended, ...failed, { ...asked, ...limit }];
}

function withdrawn(state: TaskState, askId: string): readonly TaskEvent[] {
  const approval = state.approvals.find((each) => each.id === askId && each.status === 'open');
  if (approval !== undefined) {
    return [
      { type: 'approval.decided', approvalId: askId, decision: 'withdrawn' },
      goesOn(state, 'The agent no longer asks'),
    ];
  }
  const question = state.questions.find((each) => each.id === askId && each.status === 'open');
  if (question === undefined) return [];
  return [{ type: 'question.withdrawn', questionId: askId }, goesOn(state, 'The agent no longer asks')];
}

/** Between the wish to park and this report a person may have decided: then it is simply due again. */
function parked(state: TaskState, run: LiveRun): readonly TaskEvent[] {
  const ended: TaskEvent = { type: 'run.parked', runId: run.id };
  if (state.cancelRequestedBy !== undefined) return [ended, { type: 'task.cancelled', reason: cancelReason(state) }];
  // A pause that is wanted as well comes true before the step begins again.
  if (openAsks(state).length > 0) return [ended];
  if (state.pauseRequestedBy !== undefined) {
    return [ended, { type: 'task.paused', reason: `Paused by ${state.pauseRequestedBy.name}` }];
  }
  return [ended, { type: 'task.queued', reason: 'It goes on with what was decided' }];
}
