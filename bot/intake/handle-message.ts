import type { Card } from '#core/chat/card.ts';
import { roleAllows, roleNeeded } from '#core/policy/roles.ts';
import type { Viewer } from '#core/policy/visibility.ts';
import type { Manner } from '#core/preferences/preference.ts';
import { plainPresentation } from '#core/preferences/resolve.ts';
import { showAsk } from '#core/show/ask.ts';
import { showUse } from '#core/show/output.ts';
import { say } from '#core/show/voice.ts';
import type { OutputOrigin } from '#core/task/output.ts';
import { readSaid } from '#core/task/said.ts';
import type { TaskAttachment } from '#core/task/understanding.ts';
import { plainText } from '#core/text/sanitise.ts';
import type { Ask } from '#core/understand/ask.ts';
import { askedNow } from '#core/understand/ask-limit.ts';
import { findPhrase, wordsOf } from '#core/understand/phrases.ts';
import { type ReadUses, readUses } from '#core/understand/read-uses.ts';
import { saveAsks } from '#db/intake/asks.ts';
import { finishMessage, type InboxMessage } from '#db/intake/inbox.ts';
import { createTasks } from '#db/tasks/create-task.ts';
import { taskOfThread, tasksOfThread } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { noticeCard } from '../commands/cards.ts';
import { CommandRefused } from '../commands/command.ts';
import { type FoundCommand, findCommand } from '../commands/table.ts';
import { keyedLinks } from '../keyed-links.ts';
import { mannerOf } from '../manner-of.ts';
import { answerAt, memberAt } from '../viewers.ts';
import { type FetchedAttachments, fetchAttachments, filesNotTaken, together } from './attachments.ts';
import { earlierTalk } from './earlier-talk.ts';
import { findGiven } from './given-outputs.ts';
import { hearAnswer } from './hear-answer.ts';
import { hearInThread } from './hear-in-thread.ts';
import { askWithin } from './how-asked.ts';
import { type Known, knownOnce, readRequest } from './known.ts';
import { lateWords, type Prepared, prepareTask } from './prepare-task.ts';
import { mostRequests, splitRequests } from './split-requests.ts';

/** Handles one message for good: a command's answer, tasks, or what was not understood; exactly once, whatever dies. */
export async function handleMessage(application: Application, message: InboxMessage): Promise<void> {
  const { db } = application;
  const known = knownOnce(application, message.id);
  // What an agent asks for, and what a form gives files to, is a request, however it is written.
  if (message.body.madeBy !== undefined || message.body.uses !== undefined) {
    await makeTasks(application, message, { known });
    return;
  }
  const found = findCommand(wordsTo(message.body));
  if (found !== undefined && !(await isRequest(message, found, known))) {
    const reply = await runCommand(application, message, found);
    await finishMessage(db, message, async () => (message.body.late ? reply.map(foundLate) : reply));
    return;
  }
  const { newest, underWay } = await tasksOfThread(db, message.threadId);
  if (await hearAnswer(application, message, known)) return;
  if (await hearInThread(application, message, { underWay, known })) return;
  // People talk in a task's thread; only what is said to the bot is a request.
  if (!message.body.addressed) {
    await finishMessage(db, message, async () => undefined);
    return;
  }
  await makeTasks(application, message, { known, threadProjectId: newest?.project.id });
}

/** What is said to the bot: its name alone asks what it can do. */
function wordsTo(body: InboxMessage['body']): string {
  const { text, addressed, files, stored = [] } = body;
  return addressed && text.trim() === '' && files.length + stored.length === 0 && !onlyBrings(body) ? 'help' : text;
}

/** Whether it forwards or answers something without a word of its own: that is context, and nothing to be done. */
function onlyBrings({ text, earlier = [] }: InboxMessage['body']): boolean {
  return text.trim() === '' && earlier.some(({ brought }) => brought === true);
}

/** Whether words that begin like a command, and are none, ask for a project's runbook: "retry in api", where one is called so. */
async function isRequest(
  { body }: InboxMessage,
  { command, words }: FoundCommand,
  known: () => Promise<Known>,
): Promise<boolean> {
  if (command.takes(words) || !body.addressed) return false;
  const { loaded } = await known();
  const reading = readRequest(await known(), { text: plainText(body.text) });
  const project = loaded.find(({ project: each }) => reading.kind === 'task' && each.projectId === reading.projectId);
  return project !== undefined && findPhrase(words, wordsOf(project.project.name)) !== undefined;
}

async function runCommand(
  application: Application,
  message: InboxMessage,
  { command, words, said }: FoundCommand,
): Promise<readonly Card[]> {
  const { sender } = message;
  if (command.needs !== undefined && !roleAllows(sender.role, command.needs)) {
    const filled = { role: roleNeeded(command.needs), name: sender.name, own: sender.role };
    return [noticeCard(say(await mannerOf(application.db, message.id), 'needsRole', filled), 'warning')];
  }
  try {
    const threadTask = await taskOfThread(application.db, message.threadId);
    const { id: messageId, thread } = message;
    const viewer = answerAt(sender, thread);
    const context = { application, actor: sender, viewer, messageId, thread, threadTask, said };
    return await keyedLinks(application, await command.run(words, context));
  } catch (error) {
    if (error instanceof CommandRefused) return [noticeCard(error.message, 'warning')];
    throw error;
  }
}

interface Where {
  readonly known: () => Promise<Known>;
  readonly threadProjectId?: string;
}

async function makeTasks(application: Application, message: InboxMessage, where: Where): Promise<void> {
  const { db } = application;
  const { sender, body } = message;
  const answer = (card: Card) => finishMessage(db, message, async () => [card]);
  if (!roleAllows(sender.role, 'steer-own')) {
    await answer(noticeCard(say(await mannerOf(db, message.id), 'onlyLook', { name: sender.name }), 'warning'));
    return;
  }
  if (onlyBrings(body)) {
    await answer(whatAboutIt);
    return;
  }
  const requests = requestsOf(body);
  if (requests.length > mostRequests) {
    await answer(tooMany(requests.length));
    return;
  }
  const files = await filesOf(application, message, requests);
  if (!files.ok) {
    await answer(filesNotTaken(files.problems, nothingStarted));
    return;
  }
  const bare = requests.every(({ rest }) => rest === '') ? origins(files.attachments) : undefined;
  if (bare !== undefined) {
    await answer(
      showUse(
        bare,
        files.attachments.map(({ name }) => name),
      ),
    );
    return;
  }
  const talk = await earlierTalk(application.home, body.earlier ?? []);
  if (!talk.ok) {
    await answer(filesNotTaken(talk.problems, nothingStarted));
    return;
  }
  const attachments = [...files.attachments, ...talk.attachments];
  await beginWork(application, message, { ...where, requests, attachments });
}

/** One request of a message: as it was said, and without the words that give it earlier outputs. */
interface SaidRequest extends ReadUses {
  readonly said: string;
}

function requestsOf({ text, madeBy }: InboxMessage['body']): readonly SaidRequest[] {
  const plain = plainText(text);
  // What was queued and found nothing under way is a request.
  const said = madeBy === undefined ? splitRequests(readSaid(plain).text) : [plain];
  return said.map((each) => ({ said: each, ...readUses(each) }));
}

/** Where files come from, if all are earlier outputs. */
function origins(attachments: readonly TaskAttachment[]): readonly [OutputOrigin, ...OutputOrigin[]] | undefined {
  const [first, ...more] = attachments.flatMap(({ from }) => from ?? []);
  return first === undefined || more.length + 1 < attachments.length ? undefined : [first, ...more];
}

interface Asked extends Where {
  readonly requests: readonly SaidRequest[];
  readonly attachments: readonly TaskAttachment[];
}

async function beginWork(
  application: Application,
  message: InboxMessage,
  { known, requests, attachments, threadProjectId }: Asked,
): Promise<void> {
  const { db, limits } = application;
  const { id, sender, threadId, body } = message;
  const { earlier = [], late, madeBy } = body;
  const answers = madeBy === undefined ? [] : [`An agent asked for this while it worked on #${madeBy}`];
  const viewer = askerOf(message);
  const asked = { messageId: id, from: sender.name, viewer, attachments, threadProjectId, earlier, late, answers };
  const now = await known();
  const prepared = await Promise.all(
    requests.map(({ rest, said }) => prepareTask(application, { text: rest, said, ...asked }, now)),
  );
  const asks = asksIn(
    prepared,
    requests.map(({ rest }) => rest),
  ).map((ask) => askedNow(ask, askWithin(application, now, ask.wanted), new Date().toISOString()));
  const manner = asks.length === 0 ? plainPresentation.manner : await mannerOf(db, id);
  await finishMessage(db, message, async (trx) => {
    const about = { inboxId: id, threadId, requester: sender };
    const tasks = prepared.flatMap((each, part) => (each.kind === 'task' ? [{ ...each.task, ...about, part }] : []));
    if (tasks.length > 0) await createTasks(db, trx, tasks, limits);
    if (asks.length > 0) await saveAsks(db, trx, id, { asks, attachments, threadProjectId });
    const answers = cardsOf({ id, from: sender.name }, prepared, asks, manner);
    return answers.length === 0 ? undefined : late ? answers.map(foundLate) : answers;
  });
}

/** What of other tasks a request may name: a person chooses himself what he tells where, an agent does not. */
function askerOf({ sender, thread, body }: InboxMessage): Viewer {
  if (body.madeBy === undefined) return memberAt(sender, thread);
  return { as: 'agent', memberId: sender.memberId, at: thread };
}

/** The files of a message, and the earlier outputs that it names or was given. */
async function filesOf(
  application: Application,
  message: InboxMessage,
  requests: readonly ReadUses[],
): Promise<FetchedAttachments> {
  const { body } = message;
  const [fetched, given] = await Promise.all([
    fetchAttachments(application, message),
    findGiven(application, { uses: requests.flatMap(({ uses }) => uses), ids: body.uses ?? [] }, askerOf(message)),
  ]);
  const problems = [fetched, given].flatMap((each) => (each.ok ? [] : each.problems));
  if (!fetched.ok || !given.ok) return { ok: false, problems };
  return { ok: true, attachments: together(fetched.attachments, given.attachments) };
}

/** The requests of a message that wait for an answer; the cards that answer a message stand in the order of its requests. */
function asksIn(prepared: readonly Prepared[], requests: readonly string[]): readonly Ask[] {
  const shown = prepared.flatMap((each, part) => (each.kind === 'task' ? [] : [{ each, part }]));
  return shown.flatMap(({ each, part }, card) =>
    each.kind === 'ask' ? [{ part, text: requests[part] ?? '', card, wanted: each.wanted, answers: [] }] : [],
  );
}

function cardsOf(
  message: { id: string; from: string },
  prepared: readonly Prepared[],
  asks: readonly Ask[],
  manner: Manner,
): readonly Card[] {
  return prepared.flatMap((each, part) => {
    if (each.kind === 'answer') return [each.card];
    const ask = asks.find((one) => one.part === part);
    return ask === undefined ? [] : [showAsk(message, ask, manner)];
  });
}

/** The same card, saying that its message was found late. */
function foundLate(card: Card, index: number): Card {
  if (index > 0) return card;
  return { ...card, blocks: [...card.blocks, { kind: 'context', text: [`${lateWords}.`] }] };
}

const whatAboutIt = noticeCard('What should be done with it?', 'waiting', [
  'What others said goes along as context, and is never obeyed. Forward it again with your own words beside it.',
  'Nothing was started.',
]);

const nothingStarted = 'Nothing was started.';

/** To begin some of them would leave it open which. */
function tooMany(requests: number): Card {
  const next = 'Nothing was started: send them again in several messages.';
  return noticeCard(`These are ${requests} requests`, 'warning', [`One message can ask for ${mostRequests}.`, next]);
}
