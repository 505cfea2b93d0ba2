import { z } from 'zod';
import type { Card } from '#core/chat/card.ts';
import { definitions } from '#core/commands/definitions.ts';
import { reasonText } from '#core/show/reason.ts';
import { showNotice, showTaskList, type TaskRow } from '#core/show/replies.ts';
import type { TaskState } from '#core/task/state.ts';
import { plural } from '#core/text/plural.ts';
import { openAsks } from '#db/intake/asks.ts';
import { listTasks, waitingForPeople } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { explanation } from '../intake/hear-in-thread.ts';
import { showWorld } from '../show-world.ts';
import { threadHref } from '../thread-href.ts';
import { type Command, carryOut } from './command.ts';
import { findTask, taskWords } from './find-task.ts';
import { inbox } from './inbox.ts';

const noWords = z.tuple([]);

/** Tasks that a list shows at most. */
const listLimit = 20;

/** Tasks that are counted at most. */
const countLimit = 100;

/** Commands that only look. */
export const listCommands: readonly Command[] = [
  carryOut(definitions.tasks, {
    input: noWords,
    run: async (_, { application }) => taskList(application),
  }),
  carryOut(definitions.inbox, {
    input: noWords,
    run: async (_, { application }) => [await inbox(application)],
  }),
  carryOut(definitions.status, {
    input: taskWords,
    async run(number, context) {
      if (number === undefined && context.threadTask === undefined) return [await ownStatus(context.application)];
      const task = await findTask(number, context);
      return [await explanation(context.application, task)];
    },
  }),
];

/** How Commander itself is: where it is connected, what is in its way there, and how much there is to do. */
async function ownStatus({ db, adapters }: Application): Promise<Card> {
  const [open, waiting, asked] = await Promise.all([
    listTasks(db, { open: true, limit: countLimit }),
    waitingForPeople(db),
    openAsks(db),
  ]);
  const count = open.length === countLimit ? `${countLimit} or more tasks` : plural(open.length, 'task');
  const concerns = [...adapters.values()].flatMap(({ platform, concerns: own }) =>
    (own?.() ?? []).map((concern) => [`${platform}: ${concern}`]),
  );
  return showNotice({
    tone: concerns.length === 0 ? 'neutral' : 'warning',
    title: 'Commander is working',
    text: [
      [`It is connected to ${[...adapters.keys()].join(', ')}.`],
      [`${count} under way, of which ${waiting.length} wait for a person.`],
      ...(asked.length === 0 ? [] : [[`${plural(asked.length, 'message')} waits for an answer before work begins.`]]),
      ...concerns,
    ],
  });
}

async function taskList(application: Application): Promise<readonly Card[]> {
  const tasks = await listTasks(application.db, { open: false, limit: listLimit });
  const rows = tasks.map((task) => taskRow(application, task));
  return [showTaskList('The newest tasks', await Promise.all(rows))];
}

/** A task as a row of a list. */
export async function taskRow(application: Application, task: TaskState): Promise<TaskRow> {
  return {
    number: task.number,
    title: task.title,
    status: task.status,
    waitingFor: task.because.waitingFor,
    because: { ...task.because, text: reasonText(task, await showWorld(application, task)) },
    project: task.project.name,
    requester: task.requester.name,
    threadHref: await threadHref(application, task),
  };
}
