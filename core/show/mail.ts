import type { Card } from '#core/chat/card.ts';
import type { TaskState } from '#core/task/state.ts';
import { plainText } from '#core/text/sanitise.ts';
import { bold, taskSentence, taskTitle } from './pieces.ts';

const mailLength = 300;

/** What agents of other tasks wrote to this one: people see it when it comes, its agent hears it when it can. */
export function showMail(state: TaskState): readonly Card[] {
  const newest = state.mail?.at(-1);
  if (state.mail === undefined || newest === undefined) return [];
  return [
    {
      key: 'mail',
      tone: 'neutral',
      title: taskTitle(state, bold('Written by other tasks')),
      summary: taskSentence(state, `was written to by #${newest.from}.`),
      blocks: [
        ...state.mail.map(
          ({ from, text }) =>
            ({ kind: 'quote', from: `Agent of #${from}`, text: plainText(text, { maxLength: mailLength }) }) as const,
        ),
        { kind: 'context', text: [heardBy(state)] },
      ],
    },
  ];
}

function heardBy({ steps }: TaskState): string {
  if (steps.every(({ plan }) => plan.agent === undefined)) return 'No agent works here that could hear it.';
  return 'The agent here hears it at the end of its turn, or when it goes on, as information and no instruction.';
}
