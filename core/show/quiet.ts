import { encodeAction } from '#core/chat/button.ts';
import type { Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import { type QuietSpell, quietNow, seenEnd } from '#core/task/quiet.ts';
import type { TaskState } from '#core/task/state.ts';
import { formatDuration } from '#core/text/duration.ts';
import { buttonBlocks, line } from './limits.ts';
import { bold, elapsed, sentences, taskSentence, taskTitle, time } from './pieces.ts';
import { cancelButton } from './task-buttons.ts';

/** So many spells of a step are cards of their own; one that falls silent again and again only changes the last of them. */
const mostCards = 3;

/** An agent that gives no sign of life: whether to wait for it or to cancel, and then what came of it. */
export function showQuiet(state: TaskState): readonly Card[] {
  const quiet = quietNow(state)?.spell;
  return state.steps.flatMap(({ plan, agent }): Card[] => {
    const spell = agent?.quiet;
    if (spell === undefined) return [];
    const open = spell === quiet;
    const name = line(plan.agent?.name ?? 'The agent', 60);
    return [
      {
        key: `quiet:${state.round}:${plan.id}:${Math.min(spell.count, mostCards)}`,
        tone: open ? 'waiting' : 'neutral',
        title: taskTitle(state, bold('No sign of life')),
        summary: taskSentence(state, `has an agent that gives no sign of life: ${name}.`),
        blocks: [
          { kind: 'text', text: sentences(open ? silentSince(name, spell) : cameOf(name, spell), given(spell)) },
          ...(open ? openBlocks(state, spell) : []),
        ],
      },
    ];
  });
}

function openBlocks(state: TaskState, spell: QuietSpell): Card['blocks'] {
  if (state.cancelRequestedBy !== undefined) return [];
  return [
    {
      kind: 'context',
      text: [
        'Unless it moves, it is stopped ',
        time(spell.until),
        `. Wait gives it ${formatDuration(spell.timeMs)} more.`,
      ],
    },
    ...buttonBlocks([{ label: 'Wait', action: waitAction(state, spell) }, cancelButton(state)]),
  ];
}

function waitAction({ id }: TaskState, spell: QuietSpell): string {
  return encodeAction({ verb: 'wait', subject: id, choice: seenEnd(spell) });
}

function silentSince(name: string, { since }: QuietSpell): RichText {
  return [`${name} gives no sign of life since `, time(since), ' · ', elapsed(since), '.'];
}

function cameOf(name: string, { since, movedAt }: QuietSpell): RichText {
  const silent = [`${name} gave no sign of life from `, time(since)] as const;
  return movedAt === undefined
    ? [...silent, ' on, until it was ended.']
    : [...silent, ' to ', time(movedAt), '; it goes on.'];
}

function given({ given: more }: QuietSpell): RichText | undefined {
  return more === undefined ? undefined : [`${line(more.by, 60)} wanted to wait for it.`];
}
