import type { RunReport } from './commands.ts';
import { waitingNotes } from './decide-note.ts';
import { currentStep } from './parts.ts';
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
    case 'note-taken':
      return waitingNotes(state).some((note) => note.id === report.noteId);
    default:
      return true;
  }
}

/** Reports that only some kinds of run may make; what is not named here, all may. */
const kindsOf: Partial<Readonly<Record<RunReport['type'], readonly RunKind[]>>> = {
  'step-started': ['work'],
  'step-finished': ['work'],
  'step-failed': ['work'],
  verified: ['work'],
  'note-taken': ['work'],
  'needs-approval': ['work'],
  finished: ['work'],
  failed: ['work'],
  delivered: ['deliver'],
  'delivery-refused': ['deliver'],
  reverted: ['revert'],
  'revert-refused': ['revert'],
};

function isNext(state: TaskState, stepId: string): boolean {
  const next = currentStep(state);
  return next?.plan.id === stepId && next.status !== 'running';
}
