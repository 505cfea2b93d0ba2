import type { RichText } from '#core/chat/inline.ts';
import { currentStep, isFinal, waitsForPerson } from '#core/task/parts.ts';
import type { TaskState } from '#core/task/state.ts';
import { line } from './limits.ts';
import { elapsed, quoted, sentence, time } from './pieces.ts';
import { queueNext, queueReason } from './queue.ts';
import type { ShowWorld } from './world.ts';

/** Why a task is in its status, and since when. */
export function reasonOf(state: TaskState, world: ShowWorld = {}): RichText {
  const { because } = state;
  const since = isFinal(state) ? time(because.since) : elapsed(because.since);
  return [reasonText(state, world), ' · ', since];
}

/** The same without the time. */
export function reasonText(state: TaskState, world: ShowWorld = {}): string {
  return line(workUnderWay(state) ?? queueReason(state, world.queue) ?? state.because.text);
}

/** Who is awaited, what comes next, and when; nothing when the task has ended. */
export function whatNext(state: TaskState, world: ShowWorld = {}): RichText | undefined {
  if (isFinal(state)) return undefined;
  const asked = askedToStop(state);
  if (asked !== undefined) return asked;
  const queued = queueNext(state, world.queue);
  if (queued !== undefined) return [queued];
  const { because } = state;
  const words = because.next === undefined ? [...nextByStatus(state)] : [sentence(line(because.next))];
  const named = because.awaited !== undefined && !because.text.includes(because.awaited);
  return [
    ...(named ? [`It waits for ${sentence(line(because.awaited ?? ''))} `] : []),
    ...words,
    ...(because.until === undefined ? [] : [' Due ', time(because.until), '.']),
    ...pausesThen(state),
  ];
}

/** What is asked for stays asked; a pause that was wanted meanwhile comes after it. */
function pausesThen(state: TaskState): RichText {
  const { pauseRequestedBy } = state;
  if (pauseRequestedBy === undefined || !waitsForPerson(state)) return [];
  return [` ${line(pauseRequestedBy.name, 60)} asked to pause: it pauses when that is decided.`];
}

function askedToStop(state: TaskState): RichText | undefined {
  if (state.cancelRequestedBy !== undefined) {
    return [`${line(state.cancelRequestedBy.name, 60)} asked to cancel. It ends as soon as what runs now is stopped.`];
  }
  if (state.pauseRequestedBy !== undefined && state.status === 'running') {
    return [`${line(state.pauseRequestedBy.name, 60)} asked to pause. It pauses before the next step begins.`];
  }
  return undefined;
}

function workUnderWay(state: TaskState): string | undefined {
  const running = state.steps.find((step) => step.status === 'running');
  return state.status === 'running' && running !== undefined ? `Working on ${quoted(running.plan.name)}` : undefined;
}

function nextByStatus(state: TaskState): RichText {
  switch (state.status) {
    case 'running':
      return [afterThis(state)];
    case 'queued':
      return ['It starts by itself when its turn comes.'];
    case 'backlog':
      return ['It is put into the queue by itself.'];
    default:
      return ['It goes on by itself.'];
  }
}

function afterThis(state: TaskState): string {
  const running = state.steps.findIndex((step) => step.status === 'running');
  const following = running < 0 ? currentStep(state) : state.steps.slice(running + 1).find(isToDo);
  if (following !== undefined) return `Next comes ${quoted(following.plan.name)}.`;
  return state.understanding.verify.length > 0
    ? 'Next come the checks of the final commit, then the report.'
    : 'Next comes the report.';
}

function isToDo(step: TaskState['steps'][number]): boolean {
  return step.status === 'pending' || step.status === 'waiting';
}
