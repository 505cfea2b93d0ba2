import type { Talk } from '#core/run/run.ts';
import { waitingNotes } from './decide-note.ts';
import type { TaskState } from './state.ts';

/** What a run hears of its task. */
export function talkOf(state: TaskState): Talk {
  const { approvals, questions, pauseRequestedBy } = state;
  return { notes: waitingNotes(state), approvals, questions, pausing: pauseRequestedBy !== undefined };
}

/** What a run hears when it no longer holds its task. */
export const silence: Talk = { notes: [], approvals: [], questions: [], pausing: false };
