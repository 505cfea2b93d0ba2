import type { Block, Card, CardFile, Tone } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { Verbosity } from '#core/preferences/preference.ts';
import type { Presentation } from '#core/preferences/resolve.ts';
import type { TaskState } from '#core/task/state.ts';
import type { StepState } from '#core/task/step-state.ts';
import { failuresOf, triesOf } from '#core/task/tries.ts';
import { formatDuration } from '#core/text/duration.ts';
import { joinWords } from '#core/text/list.ts';
import { plural } from '#core/text/plural.ts';
import { saidBlocks, usageWords } from './agent.ts';
import { changeBlocks } from './changes.ts';
import { checkBlocks, isStale } from './checks.ts';
import { deliveryWords } from './delivery.ts';
import { buttonBlocks, fileLimit, line } from './limits.ts';
import { cardFile } from './output.ts';
import { bold, code, quoted, sentence, sentences, taskSentence, taskTitle, time } from './pieces.ts';
import { nextWords } from './report-next.ts';
import { outcomeOf, statusPredicate, statusWords } from './status-words.ts';
import { reportButtons } from './task-buttons.ts';
import { say } from './voice.ts';

const stepsNamed = 8;

/** The end of a round: what was done, how it was checked, what came of it, and what can be done next. */
export function showReport(state: TaskState, { manner, verbosity }: Presentation): Card {
  return {
    key: reportKey(state.round, state.earlierFailures.length),
    tone: toneOf(state),
    title: taskTitle(state, bold(say(manner, 'report', { status: statusWords(state) }))),
    summary: `${taskSentence(state, statusPredicate(state))}. ${line(state.because.text)}`,
    ...outcomeOf(state),
    blocks: [
      ...outcomeBlocks(state),
      ...doneBlocks(state),
      ...saidBlocks(state),
      ...checkBlocks(state),
      ...changeBlocks(state),
      ...outputBlocks(state, verbosity),
      ...notMadeBlocks(state),
      ...leftOutBlocks(state),
      ...retryBlocks(state),
      ...delivered(state),
      { kind: 'text', text: nextWords(state) },
      { kind: 'context', text: timeWords(state) },
      ...buttonBlocks(reportButtons(state)),
    ],
  };
}

/** The ends of this round that a retry reopened: what was reported stays said, without the buttons. */
export function showEarlierReports(state: TaskState): readonly Card[] {
  return state.earlierFailures.map(({ at, reason, retriedAt }, index) => ({
    key: reportKey(state.round, index),
    tone: 'neutral',
    title: taskTitle(state, bold('Failed, then retried')),
    summary: taskSentence(state, 'failed and was retried.'),
    blocks: [
      { kind: 'text', text: [`It failed: ${sentence(line(reason, 1000))}`] },
      { kind: 'context', text: ['Failed ', time(at), ', retried ', time(retriedAt), '.'] },
    ],
  }));
}

/** Each end has a report of its own, so that the newest one comes last in the thread. */
function reportKey(round: number, ends: number): string {
  return ends === 0 ? `report:${round}` : `report:${round}:${ends + 1}`;
}

function toneOf(state: TaskState): Tone {
  if (state.status === 'failed') return 'danger';
  if (state.status === 'cancelled') return 'neutral';
  return isStale(state) || state.delivery?.status === 'refused' ? 'warning' : 'success';
}

/** Why it ended; of a completed one the steps that are done say all. */
function outcomeBlocks({ status, failure, because, steps }: TaskState): readonly Block[] {
  if (status === 'completed' && steps.length > 0) return [];
  const why = status === 'failed' ? `It failed: ${line(failure ?? because.text, 1000)}` : line(because.text);
  return [{ kind: 'text', text: [sentence(why)] }];
}

function doneBlocks({ steps }: TaskState): readonly Block[] {
  const texts = Object.entries(heads).flatMap(([head, belongs]) => {
    const names = steps.filter(belongs).map((step) => quoted(step.plan.name));
    return names.length === 0 ? [] : [`${head}: ${joinWords(names, { limit: stepsNamed })}.`];
  });
  return texts.length === 0 ? [] : [{ kind: 'text', text: [texts.join(' ')] }];
}

const heads: Readonly<Record<string, (step: StepState) => boolean>> = {
  Done: ({ status }) => status === 'done',
  Failed: ({ status }) => status === 'failed',
  Skipped: ({ status, attempts }) => status === 'skipped' && attempts === 0,
  'Stopped in': ({ status, attempts }) => (status === 'skipped' || status === 'pending') && attempts > 0,
  'Not begun': ({ status, attempts }) => status === 'pending' && attempts === 0,
};

/** The files that came of it: named where each has a post of its own above, shown where a quiet thread has none. */
function outputBlocks(state: TaskState, verbosity: Verbosity): readonly Block[] {
  const outputs = state.outputs.filter((output) => output.round === state.round);
  if (outputs.length === 0) return [];
  const shown = outputs.slice(0, fileLimit).map(cardFile);
  const more = outputs.length - shown.length;
  const rest: RichText = more === 0 ? [] : [`${plural(more, 'more file')}: `, code(`outputs #${state.number}`), '.'];
  if (verbosity !== 'quiet') return [{ kind: 'text', text: sentences(producedWords(shown), rest) }];
  return [{ kind: 'files', files: shown }, ...(more === 0 ? [] : [{ kind: 'text', text: rest } as const])];
}

function producedWords(files: readonly CardFile[]): RichText {
  const last = files.length - 1;
  const names = files.flatMap(({ name, href }, index): RichText => {
    const link = { kind: 'link', text: line(name, 100) || 'A file', href } as const;
    return index === 0 ? [link] : [index === last ? ' and ' : ', ', link];
  });
  return ['Produced: ', ...names, '.'];
}

/** Globs of one step that are named. */
const globsNamed = 5;

/** What steps declare under `outputs` and did not make: no failure, but what somebody may look for. */
function notMadeBlocks({ steps }: TaskState): readonly Block[] {
  const items = steps
    .filter(({ status }) => status === 'done')
    .flatMap(({ plan, missing = [] }) => (missing.length === 0 ? [] : [notMade(plan.name, missing)]));
  return items.length === 0 ? [] : [{ kind: 'list', items: items.slice(0, stepsNamed) }];
}

function notMade(name: string, missing: readonly string[]): RichText {
  const shown = missing.slice(0, globsNamed).flatMap((glob, index) => [index === 0 ? '' : ', ', code(line(glob, 80))]);
  const more = missing.length > globsNamed ? [` and ${missing.length - globsNamed} more`] : [];
  return [`${quoted(name)} made nothing that fits `, ...shown, ...more, ', which it declares as outputs'];
}

/** Files that steps made and that nobody can look at here, with why: links that lead outside, files that are too large. */
function leftOutBlocks({ steps }: TaskState): readonly Block[] {
  const items = steps
    .filter(({ status }) => status === 'done')
    .flatMap(({ leftOut = [] }) => leftOut.map((words): RichText => [`Not published: ${line(words, 200)}`]));
  return items.length === 0 ? [] : [{ kind: 'list', items: items.slice(0, stepsNamed) }];
}

function retryBlocks({ steps }: TaskState): readonly Block[] {
  // Of a step that failed for good the outcome says it.
  const retried = steps.filter((step) => triesOf(step) > 1 && step.status !== 'failed');
  if (retried.length === 0) return [];
  return [{ kind: 'list', items: retried.slice(0, stepsNamed).map(retryItem) }];
}

function retryItem(step: StepState): RichText {
  const { plan } = step;
  const last = failuresOf(step).at(-1);
  const why = last === undefined ? '; it was interrupted before' : `; ${failedTries(step)}: ${line(last.reason, 200)}`;
  return [`${quoted(plan.name)} took ${triesOf(step)} attempts${why}`];
}

/** All attempts that failed for the reason of the last one. */
function failedTries(step: StepState): string {
  const failures = failuresOf(step);
  const last = failures.at(-1);
  const alike = failures.filter(({ reason }) => reason === last?.reason).map(({ attempt }) => String(attempt));
  return `${alike.length === 1 ? 'attempt' : 'attempts'} ${joinWords(alike)} failed`;
}

function delivered(state: TaskState): readonly Block[] {
  const words = deliveryWords(state);
  return words === undefined ? [] : [{ kind: 'text', text: words }];
}

function timeWords(state: TaskState): RichText {
  const { startedAt, finishedAt, requester } = state;
  const used = usageWords(state);
  if (startedAt === undefined || finishedAt === undefined) return [`Asked by ${line(requester.name, 60)}.`];
  const took = formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
  return sentences([`Took ${took}.`], ['Ended ', time(finishedAt), '.'], used === '' ? undefined : [used]);
}
