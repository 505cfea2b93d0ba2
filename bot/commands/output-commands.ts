import { z } from 'zod';
import type { Card } from '#core/chat/card.ts';
import { definitions } from '#core/commands/definitions.ts';
import type { OutputKind } from '#core/run/output-kind.ts';
import { type DiffFile, showChanges } from '#core/show/changes.ts';
import { fileLimit } from '#core/show/limits.ts';
import { showLog } from '#core/show/log.ts';
import { type OutputRow, showOutputList } from '#core/show/output-list.ts';
import type { TaskState } from '#core/task/state.ts';
import { findOutputs, type StoredOutput } from '#db/outputs/find-outputs.ts';
import { listProjects } from '#db/projects/projects.ts';
import { taskById } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { diffFile } from '../diff-file.ts';
import { logFile } from '../log-file.ts';
import { taskHref } from '../thread-href.ts';
import { type Command, type CommandContext, carryOut } from './command.ts';
import { findTask, taskWords } from './find-task.ts';
import { findFilter, type ListFilter, readListWords } from './list-filter.ts';

/** Outputs of a list that a chat shows at once. */
const pageRows = 20;

/** What tasks made and changed. */
export const outputCommands: readonly Command[] = [
  carryOut(definitions.outputs, {
    input: z.array(z.string()),
    run: async (words, context) => [await outputList(words, context)],
  }),
  carryOut(definitions.diff, {
    input: taskWords,
    async run(number, context) {
      const task = await findTask(number, context);
      return [showChanges(task, await unreachable(task, context))];
    },
  }),
  carryOut(definitions.logs, {
    input: taskWords,
    async run(number, context) {
      const task = await findTask(number, context);
      const file = await logFile(context.application, task);
      return [showLog(task, file && { outputId: file.id, size: file.size, left: file.left })];
    },
  }),
];

/** The diff as a file, where nobody could open the page. */
async function unreachable(task: TaskState, { application, thread }: CommandContext): Promise<DiffFile | undefined> {
  if (application.address !== undefined || thread.platform === 'web') return undefined;
  const file = await diffFile(application, task);
  return file && { outputId: file.id, size: file.size };
}

interface Wanted extends ListFilter {
  readonly task?: TaskState;
  readonly kind?: OutputKind;
  readonly name?: string;
}

async function outputList(words: readonly string[], context: CommandContext): Promise<Card> {
  const { application, thread, viewer: eyes } = context;
  const wanted = await readWanted(words, context);
  const { task, kind, name, project, person, page } = wanted;
  // The files themselves are shown of one task: as many as a message carries.
  const limit = task === undefined ? pageRows : fileLimit;
  const found = await findOutputs(
    application.db,
    { eyes, taskId: task?.id, projectId: project?.id, members: person?.members, kind, name },
    { limit, offset: (page - 1) * limit },
  );
  return showOutputList({
    title: task === undefined ? ['Outputs', ...limits(wanted)].join(' ') : `Outputs of #${task.number} ${task.title}`,
    rows: await Promise.all(found.outputs.map((output) => rowOf(application, output, thread.platform))),
    more: found.more,
    keptBack: found.keptBack,
    next: [...saidAgain(wanted), `page ${page + 1}`].join(' '),
    library: libraryHref(wanted),
    taskId: task?.id,
  });
}

/** One word that is the name of a project means that; words alone in a task's thread are about that task. */
async function readWanted(words: readonly string[], context: CommandContext): Promise<Wanted> {
  const values = readListWords(words, definitions.outputs);
  const projects = await listProjects(context.application.db);
  const named =
    values.project === undefined && projects.some(({ name }) => name.toLowerCase() === values.name?.toLowerCase());
  const { name, ...others } = values;
  const read: Readonly<Record<string, string | undefined>> = named ? { ...others, project: name } : values;
  const everywhere = read.project !== undefined || read.person !== undefined;
  const number = read.task === undefined ? undefined : Number(read.task);
  const task = number === undefined ? (everywhere ? undefined : context.threadTask) : await findTask(number, context);
  return {
    ...(await findFilter(context.application, read, context.actor)),
    task,
    kind: read.kind as OutputKind | undefined,
    name: read.name,
  };
}

function limits({ kind, name, project, person, page }: Wanted): readonly string[] {
  return [
    ...(kind === undefined ? [] : [`of the kind ${kind}`]),
    ...(name === undefined ? [] : [`called “${name}”`]),
    ...(project === undefined ? [] : [`in ${project.name}`]),
    ...(person === undefined ? [] : [`asked for by ${person.name}`]),
    ...(page === 1 ? [] : [`(page ${page})`]),
  ];
}

function saidAgain({ task, kind, name, project, person }: Wanted): readonly string[] {
  return [
    'outputs',
    ...(task === undefined ? [] : [`#${task.number}`]),
    ...(kind === undefined ? [] : [kind]),
    ...(name === undefined ? [] : [`named ${name}`]),
    ...(project === undefined ? [] : [`in ${project.name}`]),
    ...(person === undefined ? [] : [`by ${person.name}`]),
  ];
}

/** The library with the same limits. */
function libraryHref({ task, kind, name, project, person }: Wanted): string {
  const given = { task: task?.number.toString(), kind, name, project: project?.name, person: person?.name };
  const query = new URLSearchParams(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  return query.size === 0 ? '/library' : `/library?${query}`;
}

async function rowOf(application: Application, output: StoredOutput, platform: string): Promise<OutputRow> {
  const task = await taskById(application.db, output.task.id);
  const href = task && (await taskHref(application, task, platform));
  const { number, title } = output.task;
  return { ...output, task: { number, title, href }, project: output.project.name, requester: output.requester.name };
}
