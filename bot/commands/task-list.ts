import type { Card } from '#core/chat/card.ts';
import { definitions, type taskLists } from '#core/commands/definitions.ts';
import { reasonText } from '#core/show/reason.ts';
import { showTaskList, type TaskRow, type TaskSection } from '#core/show/task-list.ts';
import type { TaskState } from '#core/task/state.ts';
import { findTasks, type TaskFilter } from '#db/tasks/find-tasks.ts';
import type { Application } from '../application.ts';
import { showWorld } from '../show-world.ts';
import { taskHref } from '../thread-href.ts';
import type { CommandContext } from './command.ts';
import { findFilter, type ListFilter, readListWords } from './list-filter.ts';

type Which = (typeof taskLists)[number];

/** Rows of one list: what a chat shows at once. */
const pageRows = 20;

const titles: Readonly<Record<Which, string>> = {
  mine: 'Your tasks',
  active: 'Tasks under way',
  waiting: 'Tasks that wait',
  recent: 'Tasks that ended',
  all: 'All tasks',
};

/** The tasks that a person asks to see; without words his own that are under way, those of others, and what ended. */
export async function taskList(words: readonly string[], context: CommandContext): Promise<Card> {
  const values = readListWords(words, definitions.tasks);
  const filter = await findFilter(context.application, values, context.actor);
  const which = values.which as Which | undefined;
  if (which === undefined && filter.person === undefined && filter.page === 1) return overview(filter, context);
  return onePage(which ?? 'all', filter, context);
}

async function overview(filter: ListFilter, context: CommandContext): Promise<Card> {
  const { application, actor, thread, viewer: eyes } = context;
  const of = { eyes, projectId: filter.project?.id };
  const mine = [actor.memberId];
  const part = async (title: string, which: Which, limit: number, tasks: Omit<TaskFilter, 'eyes'>) => {
    const found = await findTasks(application.db, { ...of, ...tasks }, { limit });
    const rows = await taskRows(application, found.tasks, thread.platform);
    return { title, rows, more: found.more, next: sayAgain(which, filter, 1), keptBack: found.keptBack };
  };
  const sections: readonly TaskSection[] = await Promise.all([
    part('Yours, under way', 'mine', 8, { standing: 'open', by: { members: mine } }),
    part('Of others, under way', 'active', 6, { standing: 'open', by: { members: mine, others: true } }),
    part('Ended', 'recent', 6, { standing: 'ended' }),
  ]);
  return showTaskList(titleOf('Tasks', filter), sections);
}

async function onePage(which: Which, filter: ListFilter, context: CommandContext): Promise<Card> {
  const { application, actor, thread, viewer: eyes } = context;
  const members = which === 'mine' ? [actor.memberId] : filter.person?.members;
  const standing = ({ active: 'open', waiting: 'waiting', recent: 'ended' } as const)[which as string];
  const found = await findTasks(
    application.db,
    { eyes, projectId: filter.project?.id, by: members && { members }, standing },
    { limit: pageRows, offset: (filter.page - 1) * pageRows },
  );
  const rows = await taskRows(application, found.tasks, thread.platform);
  const next = sayAgain(which, filter, filter.page + 1);
  const section = { rows, more: found.more, next, keptBack: found.keptBack };
  return showTaskList(titleOf(titles[which], filter), [section]);
}

function titleOf(title: string, { project, person, page }: ListFilter): string {
  return [
    title,
    ...(project === undefined ? [] : [`in ${project.name}`]),
    ...(person === undefined ? [] : [`asked for by ${person.name}`]),
    ...(page === 1 ? [] : [`, page ${page}`]),
  ]
    .join(' ')
    .replace(' ,', ',');
}

/** What to say for the same list, or its next page. */
function sayAgain(which: Which, { project, person }: ListFilter, page: number): string {
  return [
    `tasks ${which}`,
    ...(project === undefined ? [] : [`in ${project.name}`]),
    ...(person === undefined ? [] : [`by ${person.name}`]),
    ...(page === 1 ? [] : [`page ${page}`]),
  ].join(' ');
}

/** Tasks as rows of a list, each leading to where somebody on that platform finds it. */
export async function taskRows(
  application: Application,
  tasks: readonly TaskState[],
  platform: string,
): Promise<readonly TaskRow[]> {
  return Promise.all(
    tasks.map(async (task) => {
      const [world, threadHref] = await Promise.all([
        showWorld(application, task),
        taskHref(application, task, platform),
      ]);
      return {
        number: task.number,
        title: task.title,
        status: task.status,
        waitingFor: task.because.waitingFor,
        because: { ...task.because, text: reasonText(task, world) },
        project: task.project.name,
        requester: task.requester.name,
        threadHref,
      };
    }),
  );
}
