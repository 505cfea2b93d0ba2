import { z } from 'zod';
import type { Card } from '#core/chat/card.ts';
import { reasonText } from '#core/show/reason.ts';
import { type InboxRow, showInbox, showNotice, showTaskList, type TaskRow } from '#core/show/replies.ts';
import type { TaskState } from '#core/task/state.ts';
import { plural } from '#core/text/plural.ts';
import { listTasks, threadOfTask, waitingForPeople } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { explanation } from '../intake/hear-in-thread.ts';
import { showWorld } from '../show-world.ts';
import { type Command, defineCommand } from './command.ts';
import { findTask, taskOption, taskWords } from './find-task.ts';

const noWords = z.tuple([]);

/** Tasks that a list shows at most. */
const listLimit = 20;

/** Tasks that are counted at most. */
const countLimit = 100;

/** Commands that only look. */
export const listCommands: readonly Command[] = [
  defineCommand({
    name: 'tasks',
    aliases: ['list', 'list tasks'],
    summary: 'The newest tasks and how they stand',
    usage: 'tasks',
    input: noWords,
    run: async (_, { application }) => taskList(application),
  }),
  defineCommand({
    name: 'inbox',
    aliases: ['waiting'],
    summary: 'Everything that waits for a person',
    usage: 'inbox',
    input: noWords,
    run: async (_, { application }) => inbox(application),
  }),
  defineCommand({
    name: 'status',
    aliases: ['explain', 'why'],
    summary: 'What a task does, why it waits, what comes next; outside a task’s thread how Commander itself is',
    usage: 'status [#number]',
    options: [taskOption],
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
  const [open, waiting] = await Promise.all([listTasks(db, { open: true, limit: countLimit }), waitingForPeople(db)]);
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

async function inbox(application: Application): Promise<readonly Card[]> {
  const tasks = await waitingForPeople(application.db);
  const rows = await Promise.all(tasks.map((task) => inboxRowsOf(application, task)));
  return [showInbox(rows.flat())];
}

/** What of a task waits for a person. */
export async function inboxRowsOf(application: Application, task: TaskState): Promise<readonly InboxRow[]> {
  return inboxRows(task, await threadHref(application, task));
}

function inboxRows(task: TaskState, href: string | undefined): readonly InboxRow[] {
  const about = { number: task.number, title: task.title, project: task.project.name, threadHref: href };
  const approvals = task.approvals.filter((each) => each.status === 'open');
  const questions = task.questions.filter((each) => each.status === 'open');
  return [
    ...approvals.map((each) => ({ kind: 'approval', ...about, text: each.reason, askedAt: each.askedAt }) as const),
    ...(task.escalations ?? []).flatMap(({ open, note, reason, at }) =>
      open ? [{ kind: 'help', ...about, text: note === '' ? reason : note, askedAt: at } as const] : [],
    ),
    ...questions.map((each) => ({ kind: 'question', ...about, text: each.text, askedAt: each.askedAt }) as const),
  ];
}

/** Where the thread of a task is, on its platform; `undefined` when it has none or the platform is not here. */
export async function threadHref({ db, adapters }: Application, task: TaskState): Promise<string | undefined> {
  const address = await threadOfTask(db, task.id);
  return address === undefined ? undefined : adapters.get(address.platform)?.linkTo(address);
}
