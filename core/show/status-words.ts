import type { Card, Tone } from '#core/chat/card.ts';
import { plainOf, type RichText } from '#core/chat/inline.ts';
import { isFinal } from '#core/task/parts.ts';
import type { TaskState, TaskStatus, WaitingFor } from '#core/task/state.ts';
import { line } from './limits.ts';
import { bold, time } from './pieces.ts';

/** The status as it stands in a title: `Running`, `Waiting for approval`, `Waiting: quota until` a moment of the reader's clock. */
export function statusTitle(state: TaskState): RichText {
  const { waitingFor, until } = state.because;
  const words = wordsOf(state);
  return waitingFor === 'quota' && until !== undefined ? [bold(`${words} until `), time(until)] : [bold(words)];
}

/** The same as plain words. */
export function statusWords(state: TaskState): string {
  return plainOf(statusTitle(state));
}

function wordsOf(state: TaskState): string {
  if (!isFinal(state)) {
    if (state.cancelRequestedBy !== undefined) return 'Cancelling';
    if (state.pauseRequestedBy !== undefined && state.status === 'running') return 'Pausing after this step';
  }
  if (state.status !== 'waiting') return words[state.status];
  return state.because.waitingFor === undefined ? 'Waiting' : waitingWords(state.because.waitingFor, state.because);
}

const words: Readonly<Record<TaskStatus, string>> = {
  backlog: 'Received',
  queued: 'Queued',
  running: 'Running',
  waiting: 'Waiting',
  paused: 'Paused',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

function waitingWords(waitingFor: WaitingFor, { awaited }: TaskState['because']): string {
  switch (waitingFor) {
    case 'approval':
      return 'Waiting for approval';
    case 'answer':
      return 'Waiting for an answer';
    case 'quota':
      return 'Waiting: quota';
    case 'retry':
      return 'Waiting for the next attempt';
    default:
      return awaited === undefined ? 'Waiting' : `Waiting for ${line(awaited, 30)}`;
  }
}

/** The status within a sentence: `is running`, `has failed`. */
export function statusPredicate(state: TaskState): string {
  const status = statusWords(state);
  return `is ${status.charAt(0).toLowerCase()}${status.slice(1)}`;
}

/** The colour that goes with the status. */
export function statusTone(state: TaskState): Tone {
  return tones[state.status];
}

/** How the task ended, for the card that tells it. */
export function outcomeOf({ status }: TaskState): Pick<Card, 'outcome'> {
  return status === 'completed' || status === 'failed' || status === 'cancelled' ? { outcome: status } : {};
}

const tones: Readonly<Record<TaskStatus, Tone>> = {
  backlog: 'neutral',
  queued: 'neutral',
  running: 'progress',
  waiting: 'waiting',
  paused: 'waiting',
  completed: 'success',
  failed: 'danger',
  cancelled: 'neutral',
};
