import { createHash } from 'node:crypto';
import type { Card } from '#core/chat/card.ts';
import { definitions } from '#core/commands/definitions.ts';
import { roleAllows } from '#core/policy/roles.ts';
import type { Viewer } from '#core/policy/visibility.ts';
import { plainPresentation } from '#core/preferences/resolve.ts';
import { askWords, showAsk } from '#core/show/ask.ts';
import {
  answeredTogether,
  type InboxLine,
  type InboxOrder,
  type InboxRow,
  type InboxView,
  linesInOrder,
  showInbox,
  type Together,
} from '#core/show/inbox.ts';
import { filterMenus } from '#core/show/inbox-filter.ts';
import { inboxRows } from '#core/show/inbox-rows.ts';
import type { TaskState } from '#core/task/state.ts';
import { isOpenAsk } from '#core/understand/ask-limit.ts';
import { type AskedMessage, openAsks } from '#db/intake/asks.ts';
import { inboxFilterOf, senderOf } from '#db/intake/members.ts';
import { listProjects } from '#db/projects/projects.ts';
import type { Actor } from '#db/tasks/change-task.ts';
import { waitingForPeople } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { mayAnswer } from '../intake/answer-ask.ts';
import { threadHref } from '../thread-href.ts';
import { memberAt } from '../viewers.ts';
import type { CommandContext } from './command.ts';
import { findFilter, type ListFilter, readListWords } from './list-filter.ts';

/** Which of all that waits, and in which order; `urgent` leaves out what bears waiting. */
export interface InboxWish extends Pick<ListFilter, 'project' | 'person'> {
  /** Who looks. */
  readonly viewer: Viewer;
  /** Only what this one may answer. */
  readonly reader?: Actor;
  readonly order: InboxOrder;
}

/** The answer to `inbox …`: all that waits for people, or what the words narrow it to. @throws CommandRefused */
export async function inboxList(words: readonly string[], context: CommandContext): Promise<Card> {
  const { application, actor, viewer, messageId } = context;
  const values = readListWords(words, definitions.inbox);
  const { project, person } = await findFilter(application, values, actor);
  const order = values.which === 'urgent' ? 'urgent' : 'oldest';
  const wish = { viewer, project, person, order, ...(values.which === 'mine' ? { reader: actor } : {}) } as const;
  const filter = [
    ...(wish.reader === undefined ? [] : ['that you may answer']),
    ...(project === undefined ? [] : [`in ${project.name}`]),
    ...(person === undefined ? [] : [`for ${person.name}`]),
    ...(order === 'oldest' ? [] : ['— what ends within a day, or has a high priority']),
  ].join(' ');
  return showInbox({ ...(await inboxLines(application, wish)), filter, messageId });
}

/** What waits as a person chose it for his own page, with the menus to choose; without a choice what he may answer. */
export async function ownInbox(application: Application, reader: Actor, platform: string): Promise<Card> {
  const { db } = application;
  const [filter, projects] = await Promise.all([inboxFilterOf(db, reader.memberId), listProjects(db)]);
  const project = projects.find(({ projectId }) => projectId === filter.projectId);
  const { personId } = filter;
  const person = personId === undefined ? undefined : await senderOf(db, personId, platform);
  const found = await inboxLines(application, {
    viewer: memberAt(reader),
    order: filter.urgency,
    ...(project === undefined ? {} : { project: { id: project.projectId, name: project.name } }),
    ...(person === undefined || personId === undefined
      ? filter.whose === 'mine' && { reader }
      : { person: { members: [personId], name: person.name } }),
  });
  const card = showInbox({ lines: found.lines, bound: found.bound });
  return { ...card, blocks: [...filterMenus(filter, projects, person), ...card.blocks] };
}

/** What of all that a viewer sees asks the same as something and can be answered together with it; `digest` stands for exactly these. */
export async function askedAlike(
  application: Application,
  id: string,
  viewer: Viewer,
): Promise<{ readonly all: readonly Together[]; readonly digest: string } | undefined> {
  const { lines } = await inboxLines(application, { viewer, order: 'oldest' });
  const all = lines.map(answeredTogether).find((each) => each.some((one) => one.id === id));
  return all === undefined ? undefined : { all, digest: digestOf(all) };
}

/** By the first id of each line that can be answered at once: what stands for exactly these. */
function boundOf(lines: readonly InboxLine[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((rows): [string, string][] => {
      const all = answeredTogether(rows);
      return all[0] === undefined ? [] : [[all[0].id, digestOf(all)]];
    }),
  );
}

/** Of ids and hashes together: what is shown later under the same words is something else. */
function digestOf(all: readonly Together[]): string {
  const exact = all.map(({ id, hash }) => `${id} ${hash}`).toSorted();
  return createHash('sha256').update(exact.join('\n')).digest('base64url').slice(0, 24);
}

type FoundLines = Required<Pick<InboxView, 'lines' | 'bound' | 'keptBack'>>;

/** All that waits for people, as wished. */
export async function inboxLines(application: Application, wish: InboxWish): Promise<FoundLines> {
  const { db } = application;
  const [waiting, asked] = await Promise.all([waitingForPeople(db, wish.viewer), openAsks(db, wish.viewer)]);
  const ofTasks = waiting.tasks.filter((task) => isWanted(task, wish));
  const ofAsks = asked.filter(
    (each) =>
      (wish.reader === undefined || mayAnswer(each, wish.reader)) &&
      (wish.person === undefined || wish.person.members.includes(each.sender.memberId)),
  );
  const taskRows = await Promise.all(ofTasks.map((task) => rowsOfTask(application, task)));
  const askRows = (await Promise.all(ofAsks.map((each) => rowsOfAsked(application, each)))).flat();
  const inProject = askRows.filter(({ project }) => wish.project === undefined || project === wish.project.name);
  const rows = [...taskRows.flat(), ...inProject];
  const lines = linesInOrder(rows, wish.order, new Date().toISOString());
  // What one answer is for is all that asks the same, and nothing less.
  const isWhole = wish.person === undefined && wish.order !== 'urgent';
  return { lines, bound: isWhole ? boundOf(lines) : new Map(), keptBack: waiting.keptBack };
}

function isWanted(task: TaskState, { project, person, reader }: InboxWish): boolean {
  const { memberId } = askedOf(task);
  if (project !== undefined && task.project.id !== project.id) return false;
  if (person !== undefined && ![memberId, task.requester.memberId].some((each) => person.members.includes(each)))
    return false;
  return reader === undefined || mayDecide(reader, task);
}

/** Whether somebody may answer what a task asks: a question is for who is asked by name, else its requester, all else is for who decides. */
function mayDecide({ role, memberId }: Actor, task: TaskState): boolean {
  const isAsked = askedOf(task).memberId === memberId && task.because.waitingFor === 'answer';
  return roleAllows(role, 'decide') || isAsked;
}

/** Who is awaited by name. */
function askedOf({ questions, requester }: TaskState): { readonly memberId: string } {
  return questions.find(({ status }) => status === 'open')?.asks ?? requester;
}

async function rowsOfTask(application: Application, task: TaskState): Promise<readonly InboxRow[]> {
  return inboxRows(task, await threadHref(application, task));
}

async function rowsOfAsked({ adapters }: Application, asked: AskedMessage): Promise<readonly InboxRow[]> {
  const { id, asks, thread, sender, receivedAt } = asked;
  const threadHref = await adapters.get(thread.platform)?.linkTo(thread);
  return asks.filter(isOpenAsk).map((ask) => ({
    kind: 'request',
    title: ask.text,
    ...(ask.wanted.kind === 'inputs' ? { project: ask.wanted.project.name } : {}),
    text: askWords(ask.wanted),
    askedAt: receivedAt,
    until: ask.limit?.until,
    threadHref,
    same: JSON.stringify(['request', ask.text, askWords(ask.wanted)]),
    card: showAsk({ id, from: sender.name }, ask, plainPresentation.manner),
  }));
}
