import { z } from 'zod';
import type { Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import { explain } from '#core/show/explain.ts';
import { statusWords } from '#core/show/status-words.ts';
import type { TaskState } from '#core/task/state.ts';

import { listTasks, threadOfTask, waitingForPeople } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { noticeCard, replyCard } from './cards.ts';
import { type Command, defineCommand } from './command.ts';
import { findTask, taskWords } from './find-task.ts';

const noWords = z.tuple([]);

/** Tasks that a list shows at most. */
const listLimit = 20;

/** Commands that only look. */
export const listCommands: readonly Command[] = [
  defineCommand({
    name: 'tasks',
    aliases: ['list', 'list tasks'],
    summary: 'The newest tasks and how they stand',
    usage: 'tasks',
    input: noWords,
    run: async (_, { application }) =>
      taskList(application, 'The newest tasks', await listTasks(application.db, { open: false, limit: listLimit })),
  }),
  defineCommand({
    name: 'inbox',
    aliases: ['waiting'],
    summary: 'Everything that waits for a person',
    usage: 'inbox',
    input: noWords,
    run: async (_, { application }) =>
      taskList(application, 'Waiting for a person', await waitingForPeople(application.db)),
  }),
  defineCommand({
    name: 'status',
    aliases: ['explain', 'why'],
    summary: 'What a task does, why it waits, what comes next',
    usage: 'status [#number]',
    input: taskWords,
    async run(number, context) {
      const task = await findTask(number, context);
      const blocks = explain(task).map((text) => ({ kind: 'text', text }) as const);
      return [replyCard([`#${task.number} ${task.title}`], blocks)];
    },
  }),
];

async function taskList(
  application: Application,
  title: string,
  tasks: readonly TaskState[],
): Promise<readonly Card[]> {
  if (tasks.length === 0) return [noticeCard(`${title}: none.`)];
  const items = await Promise.all(tasks.map((task) => taskLine(application, task)));
  return [replyCard([title], [{ kind: 'list', items }])];
}

async function taskLine({ db, adapters }: Application, task: TaskState): Promise<RichText> {
  const address = await threadOfTask(db, task.id);
  const href = address === undefined ? undefined : adapters.get(address.platform)?.linkTo(address);
  return [
    { kind: 'task', number: task.number, href },
    ` ${task.title} · ${statusWords(task)} · ${task.requester.name}`,
  ];
}
