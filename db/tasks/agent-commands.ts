import { z } from 'zod';
import { plainOf } from '#core/chat/inline.ts';
import { plainLines } from '#core/chat/plain-card.ts';
import { type AgentCommand, inboxLists, taskLists } from '#core/commands/definitions.ts';
import type { Viewer } from '#core/policy/visibility.ts';
import type { CommandValues } from '#core/run/other-tasks.ts';
import { outputKinds } from '#core/run/output-kind.ts';
import { showChanges } from '#core/show/changes.ts';
import { explain } from '#core/show/explain.ts';
import { linesInOrder, showInbox } from '#core/show/inbox.ts';
import { inboxRows } from '#core/show/inbox-rows.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Database, Transaction } from '../database.ts';
import { findOutputs } from '../outputs/find-outputs.ts';
import { isCalled, listProjects } from '../projects/projects.ts';
import { listAgents } from '../workers/agents.ts';
import { findTasks } from './find-tasks.ts';
import { taskByNumber, waitingForPeople } from './queries.ts';
import { placeOfTask } from './visible.ts';

/** What an agent wants of other tasks is not possible; the message is for the agent. */
export class OtherTasksRefused extends Error {
  readonly code = 'other_tasks_refused';
}

/** Tasks that a list shows at most. */
const mostListed = 30;

/** Carries out a command of the table for the agent of a task: it sees what concerns the person who asked for that task. */
export async function answerCommand(
  db: Database,
  own: TaskState,
  { command, values }: { readonly command: AgentCommand; readonly values: CommandValues },
): Promise<string> {
  return answers[command](db, own, values, await agentOf(db.kysely, own));
}

/** The eyes of a task's agent: what it learns it may say in its thread. */
export async function agentOf(db: Transaction | Database['kysely'], own: TaskState): Promise<Viewer> {
  return { as: 'agent', memberId: own.requester.memberId, at: await placeOfTask(db, own.id) };
}

const answers: Readonly<
  Record<AgentCommand, (db: Database, own: TaskState, values: CommandValues, eyes: Viewer) => Promise<string>>
> = {
  async tasks(db, own, values, eyes) {
    const { which, project, person, page = 1 } = listValues.parse(values);
    if (person !== undefined && person.toLowerCase() !== own.requester.name.toLowerCase()) return none;
    const found = await findTasks(
      db,
      {
        eyes,
        standing: which === undefined ? undefined : standings[which],
        projectId: await projectIdOf(db, project),
      },
      { limit: mostListed, offset: (page - 1) * mostListed },
    );
    const lines = found.tasks.map((task) => lineOf(task, task.id === own.id));
    const more = found.more === 0 ? [] : [`and ${found.more} more: page ${page + 1}`];
    return lines.length === 0 ? none : [...lines, ...more].join('\n');
  },
  async inbox(db, _own, values, eyes) {
    const { which, project } = inboxValues.parse(values);
    const { tasks: waiting } = await waitingForPeople(db, eyes);
    const projectId = await projectIdOf(db, project);
    const rows = waiting.filter((task) => projectId === undefined || task.project.id === projectId);
    const all = rows.flatMap((task) => inboxRows(task));
    const lines = linesInOrder(all, which === 'urgent' ? which : 'oldest', new Date().toISOString());
    return plainLines(showInbox({ lines })).join('\n');
  },
  async status(db, own, values, eyes) {
    return explain(await taskOf(db, own, values, eyes))
      .map(plainOf)
      .join('\n');
  },
  async outputs(db, own, values, eyes) {
    const { task: number, kind, name, project, person, page = 1 } = outputValues.parse(values);
    if (person !== undefined && person.toLowerCase() !== own.requester.name.toLowerCase()) return none;
    const found = await findOutputs(
      db,
      {
        eyes,
        ...(number === undefined ? {} : { taskId: (await taskOf(db, own, values, eyes)).id }),
        projectId: await projectIdOf(db, project),
        kind,
        name,
      },
      { limit: mostListed, offset: (page - 1) * mostListed },
    );
    const lines = found.outputs.map(
      (each) => `${each.name} of #${each.task.number}, version ${each.version}, ${each.mediaType}, ${each.size} bytes`,
    );
    const more = found.more === 0 ? [] : [`and ${found.more} more: page ${page + 1}`];
    return lines.length === 0 ? none : [...lines, ...more].join('\n');
  },
  async diff(db, own, values, eyes) {
    return plainLines(showChanges(await taskOf(db, own, values, eyes))).join('\n');
  },
  async projects(db) {
    const projects = await listProjects(db);
    return projects.length === 0 ? 'There is no project.' : projects.map(({ name }) => name).join('\n');
  },
  async agents(db) {
    const agents = await listAgents(db);
    return agents.length === 0 ? 'There is none.' : agents.map(({ id, name }) => `${name}: “with ${id}”`).join('\n');
  },
};

const none = 'There are none.';

const listValues = z.object({
  which: z.enum(taskLists).optional(),
  project: z.string().optional(),
  person: z.string().optional(),
  page: z.number().optional(),
});

const inboxValues = listValues.omit({ which: true, page: true }).extend({ which: z.enum(inboxLists).optional() });

const standings = { mine: undefined, all: undefined, active: 'open', waiting: 'waiting', recent: 'ended' } as const;

async function projectIdOf(db: Database, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const found = (await listProjects(db)).find(isCalled(name));
  if (found === undefined) throw new OtherTasksRefused(`There is no project “${name}”. list_projects shows them.`);
  return found.projectId;
}

const outputValues = listValues.omit({ which: true }).extend({
  task: z.number().optional(),
  kind: z.enum(outputKinds).optional(),
  name: z.string().optional(),
});

const taskValue = z.object({ task: z.number().optional() });

/** The task of the number that is given, else the own one. */
async function taskOf(db: Database, own: TaskState, values: CommandValues, eyes: Viewer): Promise<TaskState> {
  const { task: number } = taskValue.parse(values);
  const task = number === undefined ? own : await taskByNumber(db, number, eyes);
  // Whether somebody else has a task of that number is not said.
  if (task === undefined) {
    throw new OtherTasksRefused(
      `${own.requester.name} has no task #${number}. list_tasks shows those that you can see.`,
    );
  }
  return task;
}

function lineOf({ number, title, status, project, because }: TaskState, mine: boolean): string {
  return `#${number} ${title} (${project.name}): ${status}${because.text === '' ? '' : `, ${because.text}`}${mine ? ' — this is your task' : ''}`;
}
