import type { Block, Card, Field } from '#core/chat/card.ts';
import type { Inline } from '#core/chat/inline.ts';
import type { Manner } from '#core/preferences/preference.ts';
import { presentationOf } from '#core/preferences/resolve.ts';
import type { TaskState } from '#core/task/state.ts';
import { joinWords } from '#core/text/list.ts';
import { plainText } from '#core/text/sanitise.ts';
import { attachmentWords } from './attachment-words.ts';
import { line } from './limits.ts';
import { bold, code, sentence, taskSentence, taskTitle } from './pieces.ts';
import { seenByWords } from './seen-by.ts';
import { say } from './voice.ts';
import type { ShowWorld } from './world.ts';

/** Slack's section holds 10 fields. */
const fieldLimit = 10;
/** More inputs than these stand in a list of their own; fewer, where the other fields need the room. */
const inputLimit = 4;
const listLimit = 10;
/** A request in full fits nearly always; a novel is cut. */
const requestLimit = 1500;
/** Earlier messages of the thread: the newest, a few words of each. */
const earlierShown = 5;
const earlierLength = 300;

/** What was heard and what is expected of it, said before anything runs. The same for as long as the round lasts. */
export function showUnderstanding(state: TaskState, world: ShowWorld): Card {
  const { manner } = presentationOf(world.choices);
  const seenBy = seenByWords(state, world);
  const { understanding, project } = state;
  const again = state.round === 1 ? say(manner, 'understood') : say(manner, 'again', { round: String(state.round) });
  return {
    key: `understanding:${state.round}`,
    tone: 'neutral',
    title: taskTitle(state, bold(again)),
    summary: taskSentence(
      state,
      `is understood as ${byAgent(state) ? 'work for' : 'the runbook'} ${line(state.runbook.name, 60)} in ${line(project.name, 60)}.`,
    ),
    blocks: [
      ...(understanding.heard === ''
        ? []
        : [{ kind: 'text', text: [sentence(line(understanding.heard, 500))] } as const]),
      {
        kind: 'quote',
        from: line(state.requester.name, 60),
        text: plainText(state.request, { maxLength: requestLimit }),
      },
      ...earlier(state),
      ...corrections(state),
      { kind: 'fields', fields: fieldsOf(state) },
      ...moreInputs(state),
      ...expects(state, manner),
      ...(seenBy === undefined ? [] : [{ kind: 'context', text: [seenBy] } as const]),
    ],
  };
}

function byAgent({ steps }: TaskState): boolean {
  return steps.some(({ plan }) => plan.agent !== undefined);
}

function earlier({ understanding }: TaskState): readonly Block[] {
  const all = understanding.earlier ?? [];
  if (all.length === 0) return [];
  const shown = all.slice(-earlierShown);
  const hidden = all.length - shown.length;
  const intro = `Said before, as context${hidden === 0 ? '' : ` (the newest ${shown.length} of ${all.length})`}:`;
  return [
    { kind: 'context', text: [intro] },
    ...shown.map(
      ({ from, text }) =>
        ({ kind: 'quote', from: line(from, 60), text: plainText(text, { maxLength: earlierLength }) }) as const,
    ),
  ];
}

function corrections({ understanding }: TaskState): readonly Block[] {
  return understanding.corrections
    .slice(0, listLimit)
    .map((each) => ({ kind: 'text', text: [sentence(line(each))] }) as const);
}

function fieldsOf(state: TaskState): readonly Field[] {
  const [what, how] = [whatFields(state), howFields(state)];
  return [...what, ...inputsOf(state).slice(0, inputsShown(state)).map(inputField), ...how];
}

/** So many inputs are fields. */
function inputsShown(state: TaskState): number {
  return Math.min(inputLimit, fieldLimit - whatFields(state).length - howFields(state).length);
}

function whatFields(state: TaskState): readonly Field[] {
  return [
    { label: 'Project', value: [line(state.project.name, 100)] },
    {
      label: 'Runs as',
      value: [
        byAgent(state) ? 'agent ' : 'runbook ',
        code(line(state.runbook.name, 60)),
        ` in ${line(state.project.name, 60)}`,
      ],
    },
  ];
}

function howFields(state: TaskState): readonly Field[] {
  const { risk, riskReason, scope, attachments, priority } = state.understanding;
  return [
    { label: 'Works on', value: scopeOf(scope) },
    { label: 'Risk', value: [risk, ...(riskReason === '' ? [] : [`: ${line(riskReason)}`])] },
    ...(priority === undefined ? [] : [{ label: 'Priority', value: [priorityWords(priority)] }]),
    ...(state.after.length === 0 ? [] : [{ label: 'Starts after', value: numbers(state.after) }]),
    ...(attachments.length === 0 ? [] : [{ label: 'Files with it', value: [attachmentWords(attachments)] }]),
  ];
}

function priorityWords({ value, from }: NonNullable<TaskState['understanding']['priority']>): string {
  return `${value} (0 is first, 100 last), as ${from === 'words' ? 'asked for' : 'the runbook says'}`;
}

function inputsOf({ understanding }: TaskState): readonly (readonly [string, string])[] {
  return Object.entries(understanding.inputs);
}

function inputField([name, value]: readonly [string, string]): Field {
  return { label: line(name, 60) || 'Input', value: [value === '' ? 'empty' : code(line(value, 200))] };
}

function moreInputs(state: TaskState): readonly Block[] {
  const more = inputsOf(state).slice(inputsShown(state));
  if (more.length === 0) return [];
  const items = more.slice(0, listLimit).map(([name, value]) => [`${line(name, 60)}: `, code(line(value, 200))]);
  const hidden = more.length - items.length;
  return [{ kind: 'list', items: hidden === 0 ? items : [...items, [`${hidden} more inputs`]] }];
}

function scopeOf(scope: readonly string[]): readonly Inline[] {
  if (scope.length === 0) return ['the whole project, on its own branch'];
  const shown = scope.slice(0, listLimit).flatMap((path, index) => [index === 0 ? '' : ', ', code(line(path, 100))]);
  return scope.length > listLimit ? [...shown, ` and ${scope.length - listLimit} more`] : shown;
}

function numbers(after: readonly number[]): readonly Inline[] {
  return after.flatMap((number, index) => [index === 0 ? '' : ', ', { kind: 'task', number } as const]);
}

function expects({ understanding }: TaskState, manner: Manner): readonly Block[] {
  const checks = understanding.verify.map((each) => line(each.name, 80));
  const checked =
    checks.length === 0 ? say(manner, 'noChecks') : say(manner, 'checks', { checks: joinWords(checks, { limit: 5 }) });
  return [
    ...(understanding.expects.length === 0
      ? []
      : ([
          { kind: 'text', text: [say(manner, 'expected')] },
          { kind: 'list', items: understanding.expects.slice(0, listLimit).map((each) => [line(each)]) },
        ] as const)),
    { kind: 'context', text: [checked] },
  ];
}
