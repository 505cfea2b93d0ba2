import type { ActionLine, Block, Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { Verbosity } from '#core/preferences/preference.ts';
import { presentationOf } from '#core/preferences/resolve.ts';
import { isFinal } from '#core/task/parts.ts';
import { type Action, recentActionLimit, type TaskState } from '#core/task/state.ts';
import { formatDuration } from '#core/text/duration.ts';
import { usageWords } from './agent.ts';
import { buttonBlocks, line } from './limits.ts';
import { actionWords, elapsed, quoted, sentences, taskSentence, taskTitle, time, whyLength } from './pieces.ts';
import { planLines } from './plan-lines.ts';
import { queueBlocks } from './queue.ts';
import { reasonOf, reasonText, whatNext } from './reason.ts';
import { outcomeOf, statusPredicate, statusTitle, statusTone } from './status-words.ts';
import { hasReport, statusButtons } from './task-buttons.ts';
import type { ShowWorld } from './world.ts';

/** The one card that says how the task is, edited in place for as long as the round lasts. */
export function showStatus(state: TaskState, world: ShowWorld): Card {
  const next = whatNext(state, world);
  return {
    key: `status:${state.round}`,
    tone: statusTone(state),
    title: taskTitle(state, ...statusTitle(state)),
    summary: `${taskSentence(state, statusPredicate(state))}: ${reasonText(state, world)}`,
    ...(hasReport(state) ? {} : outcomeOf(state)),
    blocks: [
      { kind: 'text', text: reasonOf(state, world) },
      ...(next === undefined ? [] : [{ kind: 'text', text: next } as const]),
      ...queueBlocks(state, world.queue),
      ...(state.steps.length === 0 ? [] : [{ kind: 'plan', steps: planLines(state) } as const]),
      ...actionBlocks(state, presentationOf(world.choices).verbosity),
      { kind: 'context', text: timesOf(state, world) },
      ...buttonBlocks(statusButtons(state)),
    ],
  };
}

/** How many of the newest actions are shown. Each that is shown is an edit of the post. */
const shownActions: Readonly<Record<Verbosity, number>> = { quiet: 0, normal: 5, detailed: recentActionLimit };

function actionBlocks({ actions }: TaskState, verbosity: Verbosity): readonly Block[] {
  const shown = actions.slice(Math.max(0, actions.length - shownActions[verbosity]));
  return shown.length === 0 ? [] : [{ kind: 'actions', actions: shown.map(actionLine) }];
}

/** What happened, and why; a reason that the next one has, too, is said there. */
function actionLine(action: Action, index: number, shown: readonly Action[]): ActionLine {
  const { at, why } = action;
  const reason = why === undefined || why === shown[index + 1]?.why ? [] : [`: ${quoted(why, whyLength)}`];
  return { at, text: [...actionWords(action), ...reason] };
}

function timesOf(state: TaskState, { estimateMs }: ShowWorld): RichText {
  const asked: RichText = [`Asked by ${line(state.requester.name, 60)}, `, time(state.createdAt), '.'];
  const used = usageWords(state);
  const usually = estimateMs === undefined ? undefined : [`Usually about ${formatDuration(roughly(estimateMs))}.`];
  if (state.startedAt === undefined) return sentences(asked, usually);
  // How long it took is in the report.
  if (isFinal(state)) return asked;
  return sentences(asked, underWay(state.startedAt, state.because.since), usually, used === '' ? undefined : [used]);
}

/** How long it takes in all, where that is not how long it is as it is now. */
function underWay(startedAt: string, since: string): RichText | undefined {
  return startedAt === since ? undefined : ['Under way · ', elapsed(startedAt), '.'];
}

/** An estimate is no measurement: whole minutes, below that tens of seconds, at last whole ones. */
function roughly(milliseconds: number): number {
  const unit = milliseconds >= 90_000 ? 60_000 : milliseconds >= 20_000 ? 10_000 : 1000;
  return Math.max(unit, Math.round(milliseconds / unit) * unit);
}
