import type { Block, Card } from '#core/chat/card.ts';
import type { Escalation, TaskState } from '#core/task/state.ts';
import { joinWords } from '#core/text/list.ts';
import { plainText } from '#core/text/sanitise.ts';
import { line } from './limits.ts';
import { bold, sentence, taskTitle, time } from './pieces.ts';
import { isBusy, isResumable } from './task-buttons.ts';

/** Calls for help of a task that failed: a card each, so that a new one is noticed. */
export function showEscalations(state: TaskState): readonly Card[] {
  return (state.escalations ?? []).map((each, index) => showEscalation(state, each, index));
}

function showEscalation(state: TaskState, { at, by, note, reason, open }: Escalation, index: number): Card {
  const name = line(by.name, 60);
  return {
    key: `escalation:${index + 1}`,
    tone: open ? 'waiting' : 'neutral',
    title: taskTitle(state, bold(open ? 'Help is asked for' : 'Help was asked for')),
    summary: `${name} ${open ? 'asks' : 'asked'} for help with #${state.number}, which failed.`,
    blocks: [
      { kind: 'text', text: [`${name} ${open ? 'asks' : 'asked'} others to look at it, `, time(at), '.'] },
      ...quoteOf(name, note),
      { kind: 'text', text: [`It failed: ${sentence(line(reason, 1000))}`] },
      { kind: 'context', text: [open ? stays(state) : 'The task was taken up again since.'] },
    ],
  };
}

function stays(state: TaskState): string {
  const ways = joinWords(['Retry', ...(isResumable(state) ? ['Resume from…'] : []), 'Run again'], { last: 'or' });
  return `It stands in the inbox until somebody takes the task up again${isBusy(state) ? '' : `: ${ways}`}.`;
}

function quoteOf(from: string, note: string): readonly Block[] {
  return note === '' ? [] : [{ kind: 'quote', from, text: plainText(note, { maxLength: 1000 }) }];
}
