import { definitions } from '#core/commands/definitions.ts';
import { showNotice } from '#core/show/replies.ts';
import { type SentenceName, say } from '#core/show/voice.ts';
import { commandTask } from '#db/tasks/change-task.ts';
import { mannerOf } from '../manner-of.ts';
import { noticeCard } from './cards.ts';
import { type Command, carryOut } from './command.ts';
import { findTask, taskWords, whereItIs } from './find-task.ts';
import { whichTask } from './which-task.ts';

/** What is said when a task takes such a command. */
const done = {
  pause: 'pausing',
  resume: 'resumed',
  cancel: 'cancelling',
  retry: 'retrying',
  restart: 'restarted',
  escalate: 'helpAsked',
} as const satisfies Readonly<Record<string, SentenceName>>;

/** Commands that change one task; the task's own rules say whether they may. */
export const taskCommands: readonly Command[] = (Object.keys(done) as (keyof typeof done)[]).map((type) =>
  carryOut(definitions[type], {
    input: taskWords,
    async run(number, context) {
      if (number === undefined && context.threadTask === undefined) return [await whichTask(type, context)];
      const task = await findTask(number, context);
      const outcome = await commandTask(context.application.db, task.id, { type }, { actor: context.actor });
      if (!outcome.ok) return [noticeCard(outcome.refusal.message, 'warning')];
      const manner = await mannerOf(context.application.db, context.messageId, task.project.id);
      const title = say(manner, done[type], { number: String(task.number) });
      return [showNotice({ tone: 'success', title, text: await whereItIs(task, context) })];
    },
  }),
);
