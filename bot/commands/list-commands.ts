import { z } from 'zod';
import type { Card } from '#core/chat/card.ts';
import { definitions } from '#core/commands/definitions.ts';
import { waitingWords } from '#core/show/inbox.ts';
import { showNotice } from '#core/show/replies.ts';
import { plural } from '#core/text/plural.ts';
import { openAsks } from '#db/intake/asks.ts';
import { countedBeyond, findTasks } from '#db/tasks/find-tasks.ts';
import { waitingForPeople } from '#db/tasks/queries.ts';
import { explanation } from '../intake/hear-in-thread.ts';
import { type Command, type CommandContext, carryOut } from './command.ts';
import { findTask, taskWords, whereItIs } from './find-task.ts';
import { inboxList } from './inbox.ts';
import { taskList } from './task-list.ts';

/** Commands that only look. */
export const listCommands: readonly Command[] = [
  carryOut(definitions.tasks, {
    input: z.array(z.string()),
    run: async (words, context) => [await taskList(words, context)],
  }),
  carryOut(definitions.inbox, {
    input: z.array(z.string()),
    run: async (words, context) => [await inboxList(words, context)],
  }),
  carryOut(definitions.status, {
    input: taskWords,
    async run(number, context) {
      if (number === undefined && context.threadTask === undefined) return [await ownStatus(context)];
      const task = await findTask(number, context);
      const card = await explanation(context.application, task);
      const where = (await whereItIs(task, context)).map((text) => ({ kind: 'text', text }) as const);
      return [{ ...card, blocks: [...card.blocks, ...where] }];
    },
  }),
];

/** How Commander itself is: where it is connected, what is in its way there, and how much there is to do. */
async function ownStatus({ application, viewer }: CommandContext): Promise<Card> {
  const { db, adapters } = application;
  const [open, waiting, asked] = await Promise.all([
    findTasks(db, { eyes: viewer, standing: 'open' }, { limit: 0 }),
    waitingForPeople(db, viewer),
    openAsks(db, viewer),
  ]);
  const count = open.more === countedBeyond ? `${countedBeyond} or more tasks` : plural(open.more, 'task');
  const things = waiting.tasks.length + asked.length;
  const concerns = [...adapters.values()].flatMap(({ platform, concerns: own }) =>
    (own?.() ?? []).map((concern) => [`${platform}: ${concern}`]),
  );
  return showNotice({
    tone: concerns.length === 0 ? 'neutral' : 'warning',
    title: 'Commander is working',
    text: [
      [`It is connected to ${[...adapters.keys()].join(', ')}.`],
      [`${count} under way. ${waitingWords(things)}${things === 0 ? '.' : ': “inbox” shows what.'}`],
      ...concerns,
    ],
  });
}
