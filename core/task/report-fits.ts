import type { RunReport } from './commands.ts';
import { type Note, revisionOf } from './note.ts';
import { currentStep, openAsks } from './parts.ts';
import { hadLimit, isEscalated } from './reviewing.ts';
import type { LiveRun, RunKind, TaskState } from './state.ts';

/**
 * Whether a report belongs to what its run does: a run that delivers can't finish a step, a step that did not begin can't end,
 * and none begins before those in front of it are done.
 */
export function reportFits(state: TaskState, run: LiveRun, report: RunReport): boolean {
  const kinds = kindsOf[report.type];
  if (kinds !== undefined && !kinds.includes(run.kind)) return false;
  switch (report.type) {
    case 'step-started':
    case 'needs-approval':
      return isNext(state, report.stepId);
    case 'step-finished':
    case 'step-failed':
      return state.steps.some((step) => step.plan.id === report.stepId && step.status === 'running');
    case 'asks-permission':
    case 'asks-question':
      // One at a time, so that the thread always says what is awaited.
      return isFree(state, report.askId) && openAsks(state).length === 0 && agentWorks(state, report.stepId);
    case 'agent':
    case 'agent-quiet':
    case 'agent-moved':
    case 'parked':
      return agentWorks(state, report.stepId);
    case 'decision-heard':
      return state.approvals.some(({ id, status }) => id === report.askId && status !== 'open');
    case 'hand-over':
      return mayHandOver(state, report);
    case 'review-needed':
      return mayHandOver(state, { stepId: report.stepId });
    case 'fix-needed':
      return (
        currentStep(state) === undefined && state.steps.some(({ plan }) => plan.id === report.stepId && plan.agent)
      );
    case 'note-taken':
      return state.notes.some((note) => note.id === report.noteId && mayBeTaken(note, report.revision));
    default:
      return true;
  }
}

/**
 * In the words that were heard: others still wait. An instruction that was taken back too late was heard all the same; an answer to a
 * question aside is wanted no more then.
 */
function mayBeTaken(note: Note, heard: number): boolean {
  if (revisionOf(note) !== heard) return false;
  return note.status === 'waiting' || (note.kind === 'steer' && note.status === 'dropped' && note.reason === undefined);
}

type HandOverReport = RunReport & { readonly type: 'hand-over' };

/** Reports that only some kinds of run may make; what is not named here, all may. */
const kindsOf: Partial<Readonly<Record<RunReport['type'], readonly RunKind[]>>> = {
  'step-started': ['work'],
  'step-finished': ['work'],
  'step-failed': ['work'],
  verified: ['work'],
  'note-taken': ['work'],
  'asks-permission': ['work'],
  'asks-question': ['work'],
  'ask-withdrawn': ['work'],
  'decision-heard': ['work'],
  agent: ['work'],
  'agent-quiet': ['work'],
  'agent-moved': ['work'],
  parked: ['work'],
  'fix-needed': ['work'],
  'hand-over': ['work'],
  'review-needed': ['work'],
  'needs-approval': ['work'],
  finished: ['work'],
  failed: ['work'],
  delivered: ['deliver'],
  'delivery-refused': ['deliver'],
  reverted: ['revert'],
  'revert-refused': ['revert'],
};

/** Once for a review, in the middle of the step or when its checks failed, and once at a limit, in the middle. */
function mayHandOver(state: TaskState, { stepId, atLimit }: Pick<HandOverReport, 'stepId' | 'atLimit'>): boolean {
  const step = state.steps.find(({ plan }) => plan.id === stepId);
  if (step?.plan.agent === undefined) return false;
  if (atLimit) return step.status === 'running' && !hadLimit(step);
  return (
    !isEscalated(step) && (step.status === 'running' || (step.status === 'done' && currentStep(state) === undefined))
  );
}

/** Whether an agent is at this step right now, or waits in it for a person. */
function agentWorks(state: TaskState, stepId: string): boolean {
  const step = currentStep(state);
  return step?.plan.id === stepId && step.plan.agent !== undefined && step.status !== 'pending';
}

function isFree({ approvals, questions }: TaskState, askId: string): boolean {
  return ![...approvals, ...questions].some(({ id }) => id === askId);
}

function isNext(state: TaskState, stepId: string): boolean {
  const next = currentStep(state);
  return next?.plan.id === stepId && next.status !== 'running' && openAsks(state).length === 0;
}
