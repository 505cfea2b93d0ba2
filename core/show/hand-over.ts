import type { Card } from '#core/chat/card.ts';
import { type HandOverRecord, handOversOf } from '#core/task/agent-work.ts';
import type { TaskState } from '#core/task/state.ts';
import { plainText } from '#core/text/sanitise.ts';
import { line } from './limits.ts';
import { bold, sentence, taskTitle, time } from './pieces.ts';

/** A step that went on to another agent, or to another model: a card each, with what was tried and what is in the way. */
export function showHandOvers(state: TaskState): readonly Card[] {
  return state.steps.flatMap(({ plan, agent }) =>
    handOversOf(agent).map((record, index) =>
      showHandOver(state, index === 0 ? plan.id : `${plan.id}:${index + 1}`, record),
    ),
  );
}

function showHandOver(state: TaskState, id: string, { at, from, to, reason, blocker }: HandOverRecord): Card {
  const [before, next] = [line(from, 60), line(to, 100)];
  return {
    key: `hand-over:${state.round}:${id}`,
    tone: 'neutral',
    title: taskTitle(state, bold('Handed over')),
    summary: `#${state.number} goes on with ${next}.`,
    blocks: [
      {
        kind: 'text',
        text: [`${next} goes on with the work of ${before} since `, time(at), `: ${sentence(line(reason, 500))}`],
      },
      ...(blocker === undefined
        ? []
        : [{ kind: 'code', label: 'What keeps failing', text: plainText(blocker, { maxLength: 1500 }) } as const]),
    ],
  };
}
