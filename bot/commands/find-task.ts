import { z } from 'zod';
import type { RichText } from '#core/chat/inline.ts';
import { taskLink } from '#core/show/task-list.ts';
import type { TaskState } from '#core/task/state.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import { taskHref } from '../thread-href.ts';
import { memberAt } from '../viewers.ts';
import { type CommandContext, CommandRefused } from './command.ts';

/** At most one word: a task's number, with or without `#`. */
export const taskWords = z.union([
  z.tuple([]).transform(() => undefined),
  z.tuple([z.string().regex(/^#?\d{1,9}$/)]).transform(([word]) => Number(word.replace('#', ''))),
]);

/** The task of a number, else the thread's own. @throws CommandRefused */
export async function findTask(number: number | undefined, context: CommandContext): Promise<TaskState> {
  const { application, actor, thread, threadTask, viewer } = context;
  const task = number === undefined ? threadTask : await taskByNumber(application.db, number, viewer);
  if (task !== undefined) return task;
  if (number === undefined)
    throw new CommandRefused('Which task? Say its number, for example “cancel #3”, or say it in the task’s thread.');
  if ((await taskByNumber(application.db, number, memberAt(actor, thread))) !== undefined)
    throw new CommandRefused(`#${number} is in a private place, and others read here: ask in a direct message.`);
  throw new CommandRefused(`There is no task #${number} that you can see. Say “tasks” to see the newest ones.`);
}

/** Leads to a task's thread, where one speaks about it in another. */
export async function whereItIs(task: TaskState, context: CommandContext): Promise<readonly RichText[]> {
  if (context.threadTask?.id === task.id) return [];
  const threadHref = await taskHref(context.application, task, context.thread.platform);
  return [['It goes on where it was asked for: ', taskLink({ number: task.number, threadHref }), '.']];
}
