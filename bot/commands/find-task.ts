import { z } from 'zod';
import type { TaskState } from '#core/task/state.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import { type CommandContext, CommandRefused } from './command.ts';

/** At most one word: a task's number, with or without `#`. */
export const taskWords = z.union([
  z.tuple([]).transform(() => undefined),
  z.tuple([z.string().regex(/^#?\d{1,9}$/)]).transform(([word]) => Number(word.replace('#', ''))),
]);

/** The task of a number, else the thread's own. @throws CommandRefused */
export async function findTask(number: number | undefined, context: CommandContext): Promise<TaskState> {
  const { application, threadTask } = context;
  const task = number === undefined ? threadTask : await taskByNumber(application.db, number);
  if (task !== undefined) return task;
  throw new CommandRefused(
    number === undefined
      ? 'Which task? Say its number, for example “cancel #3”, or say it in the task’s thread.'
      : `There is no task #${number}. Say “tasks” to see the newest ones.`,
  );
}
