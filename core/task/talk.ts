import type { Talk } from '#core/run/run.ts';
import { waitingNotes } from './decide-note.ts';
import { quietNow } from './quiet.ts';
import type { TaskState } from './state.ts';

/** What a run hears of its task. */
export function talkOf(state: TaskState): Talk {
  const { approvals, questions, pauseRequestedBy } = state;
  const quiet = quietNow(state)?.spell;
  const pausing = pauseRequestedBy !== undefined;
  return { notes: waitingNotes(state), approvals, questions, pausing, ...(quiet === undefined ? {} : { quiet }) };
}

/** What a run hears when it no longer holds its task. */
export const silence: Talk = { notes: [], approvals: [], questions: [], pausing: false };
