import type { RichText } from '#core/chat/inline.ts';
import { heldChoice } from '#core/preferences/resolve.ts';
import { because } from '#core/preferences/why.ts';
import { currentStep, isFinal } from '#core/task/parts.ts';
import type { TaskState } from '#core/task/state.ts';
import type { StepState } from '#core/task/step-state.ts';
import { retriesLeft } from '#core/task/tries.ts';
import { plural } from '#core/text/plural.ts';
import { briefCommand } from '#core/text/shown-command.ts';
import { decision } from './approval.ts';
import { changeWords } from './changes.ts';
import { checkWords } from './checks.ts';
import { deliveryWords } from './delivery.ts';
import { line } from './limits.ts';
import { actionWords, code, quoted, sentence, sentences, taskTitle, time, whyLength } from './pieces.ts';
import { preferenceWords } from './preferences.ts';
import { reasonOf, whatNext } from './reason.ts';
import { nextWords } from './report-next.ts';
import { seenByWords } from './seen-by.ts';
import { statusTitle } from './status-words.ts';
import type { ShowWorld } from './world.ts';

/** What is going on with a task and why, in plain words: a paragraph each. */
export function explain(state: TaskState, world: ShowWorld = {}): readonly RichText[] {
  const approval = state.approvals.at(-1);
  const seenBy = seenByWords(state, world);
  return [
    taskTitle(state, ...statusTitle(state)),
    statusWordsOf(state, world),
    progressWords(state),
    stepWords(state),
    lastWords(state),
    earlierWords(state),
    changeWords(state),
    approval === undefined || approval.status === 'open' ? undefined : decision(approval),
    ...endWords(state),
    preferenceWordsOf(world),
    seenBy === undefined ? undefined : [seenBy],
  ].filter((paragraph): paragraph is RichText => paragraph !== undefined && paragraph.length > 0);
}

/** Why the thread speaks and shows as it does, where somebody chose. */
function preferenceWordsOf({ choices = [] }: ShowWorld): RichText {
  const held = (['tone', 'verbosity'] as const).flatMap((name) => heldChoice(name, choices) ?? []);
  return sentences(
    ...held.map((choice): RichText => {
      const { name, value, setBy } = choice;
      const why = because({ ...choice, setBy: line(setBy, 60) });
      return [`${preferenceWords[name]} here: ${value}, ${why}, `, time(choice.setAt), '.'];
    }),
  );
}

function statusWordsOf(state: TaskState, world: ShowWorld): RichText {
  return sentences([...reasonOf(state, world), '.'], whatNext(state, world));
}

function progressWords({ steps }: TaskState): RichText | undefined {
  if (steps.length === 0) return undefined;
  const done = steps.filter((step) => step.status === 'done').length;
  const skipped = steps.filter((step) => step.status === 'skipped').length;
  const and = skipped === 0 ? '' : `, ${skipped} skipped`;
  return [`${done} of ${plural(steps.length, 'step')} done${and}.`];
}

/** The step that all turns on: what it is for, what it runs, how often it was tried and what went wrong last. */
function stepWords(state: TaskState): RichText | undefined {
  const step = currentStep(state);
  if (step === undefined || state.status === 'completed' || state.status === 'cancelled') return undefined;
  return sentences(purpose(step), asksFirst(state, step), attempts(step));
}

function purpose({ plan }: StepState): RichText {
  const why = plan.why === undefined ? '' : `, ${line(plan.why)}`;
  const step = sentence(`The step it is at is ${quoted(plan.name)}${why}`);
  if (plan.agent !== undefined) return [`${step} ${line(plan.agent.name, 60)} works on it.`];
  return [`${step} It runs `, code(line(briefCommand(plan.argv), 200)), '.'];
}

/** What really happened last, as it was recorded, with the reason that was given. */
function lastWords({ actions }: TaskState): RichText | undefined {
  const last = actions.at(-1);
  if (last === undefined) return undefined;
  const why = last.why === undefined ? undefined : [`The reason given: ${sentence(quoted(last.why, whyLength))}`];
  return sentences(['The last thing that happened, ', time(last.at), ': ', ...actionWords(last), '.'], why);
}

/** As many more as a status card of normal length shows. */
const earlierActions = 4;

/** What happened before that, the newest first. */
function earlierWords({ actions }: TaskState): RichText | undefined {
  const earlier = actions.slice(-earlierActions - 1, -1).toReversed();
  if (earlier.length === 0) return undefined;
  return sentences(
    ['Before that:'],
    ...earlier.map((action): RichText => {
      const why = action.why === undefined ? '' : `, reason given: ${quoted(action.why, whyLength)}`;
      return [time(action.at), ' ', ...actionWords(action, 100), `${why}.`];
    }),
  );
}

function asksFirst({ approvals }: TaskState, { plan }: StepState): RichText | undefined {
  const open = approvals.find((each) => each.stepId === plan.id && each.status === 'open');
  return open === undefined ? undefined : [`It asks first: ${sentence(line(open.reason))}`];
}

function attempts(step: StepState): RichText | undefined {
  const { attempts: count, failures } = step;
  if (count === 0) return undefined;
  const last = failures.at(-1);
  const often = `It was started ${times(count)}.`;
  if (last === undefined) return [often];
  const reason = sentence(line(last.reason));
  if (last.quota)
    return [`${often} It ended so: ${reason} That is the limit of its provider, and no attempt that counts.`];
  const kind = last.transient ? 'a failure that often passes by itself' : 'not a failure that passes by itself';
  return [`${often} Attempt ${last.attempt} ended so: ${reason} That is ${kind}. ${retryWords(step)}`];
}

/** Whether it is tried again by itself, as far as that is settled. */
function retryWords(step: StepState): string {
  const left = step.status === 'failed' ? 0 : retriesLeft(step);
  const words = left === 0 ? 'is not tried again by itself' : `may be tried again ${times(left)} by itself`;
  return step.retryAt === undefined ? `It ${words}.` : `After the next attempt it ${words}.`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function endWords(state: TaskState): readonly (RichText | undefined)[] {
  if (!isFinal(state)) return [];
  return [state.startedAt === undefined ? undefined : checkWords(state), deliveryWords(state), nextWords(state)];
}
