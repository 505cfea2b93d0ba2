import type { Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import { currentStep } from '#core/task/parts.ts';
import type { TaskState } from '#core/task/state.ts';
import { plural } from '#core/text/plural.ts';
import { listBlock } from './limits.ts';
import { quoted, sentence } from './pieces.ts';
import { statusPredicate } from './status-words.ts';

/** Of the card that tells a thread of an absence: there is one for each. */
export const backAgainKey = 'back-again';

/**
 * What a thread is told after Commander was away: how many messages were found late there, and how its tasks go on.
 * @param count messages, at least one
 * @param tasks those under way there
 */
export function showBackAgain(count: number, tasks: readonly TaskState[]): Card {
  const taken = count === 1 ? 'It is' : 'They are';
  const found = `Commander was away when ${plural(count, 'message')} came here. ${taken} taken up now, late.`;
  return {
    key: backAgainKey,
    tone: 'neutral',
    title: ['Back again'],
    summary: found,
    blocks: [{ kind: 'text', text: [found] }, listBlock(tasks.map(goesOn))],
  };
}

function goesOn(state: TaskState): RichText {
  const task = { kind: 'task', number: state.number } as const;
  const step = currentStep(state);
  if (state.status !== 'running' || step === undefined) return [task, ` ${sentence(statusPredicate(state))}`];
  const place = `step ${state.steps.indexOf(step) + 1} of ${state.steps.length}`;
  return [task, ` goes on with ${place}, ${quoted(step.plan.name)}.`];
}
