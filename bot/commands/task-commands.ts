import { definitions } from '#core/commands/definitions.ts';
import { commandTask } from '#db/tasks/change-task.ts';
import { noticeCard } from './cards.ts';
import { type Command, carryOut } from './command.ts';
import { findTask, taskWords } from './find-task.ts';

/** What is said when a task takes such a command. */
const done = {
  pause: (n) => `#${n} pauses.`,
  resume: (n) => `#${n} goes on.`,
  cancel: (n) => `#${n} is being cancelled.`,
  retry: (n) => `#${n} goes on from the step that failed.`,
  restart: (n) => `#${n} runs again.`,
  escalate: (n) => `Help is asked for with #${n}.`,
} as const satisfies Readonly<Record<string, (number: number) => string>>;

/** Commands that change one task; the task's own rules say whether they may. */
export const taskCommands: readonly Command[] = (Object.keys(done) as (keyof typeof done)[]).map((type) =>
  carryOut(definitions[type], {
    input: taskWords,
    async run(number, context) {
      const task = await findTask(number, context);
      const outcome = await commandTask(context.application.db, task.id, { type }, { actor: context.actor });
      if (!outcome.ok) return [noticeCard(outcome.refusal.message, 'warning')];
      return [noticeCard(done[type](task.number), 'success')];
    },
  }),
);
