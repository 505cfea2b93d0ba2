import type { Card } from '#core/chat/card.ts';
import { roleAllows, roleNeeded } from '#core/policy/roles.ts';
import type { Manner } from '#core/preferences/preference.ts';
import { plainPresentation } from '#core/preferences/resolve.ts';
import { showAsk } from '#core/show/ask.ts';
import { say } from '#core/show/voice.ts';
import { readSaid } from '#core/task/said.ts';
import { plainText } from '#core/text/sanitise.ts';
import type { Ask } from '#core/understand/ask.ts';
import { saveAsks } from '#db/intake/asks.ts';
import { finishMessage, type InboxMessage } from '#db/intake/inbox.ts';
import { createTasks } from '#db/tasks/create-task.ts';
import { taskOfThread } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { noticeCard } from '../commands/cards.ts';
import { CommandRefused } from '../commands/command.ts';
import { type FoundCommand, findCommand } from '../commands/table.ts';
import { mannerOf } from '../manner-of.ts';
import { fetchAttachments } from './attachments.ts';
import { earlierTalk } from './earlier-talk.ts';
import { hearAnswer } from './hear-answer.ts';
import { hearInThread } from './hear-in-thread.ts';
import { lateWords, type Prepared, prepareTask } from './prepare-task.ts';
import { splitRequests } from './split-requests.ts';

/** Handles one message for good: a command's answer, tasks, or what was not understood; exactly once, whatever dies. */
export async function handleMessage(application: Application, message: InboxMessage): Promise<void> {
  const { db } = application;
  if (message.body.madeBy !== undefined) {
    await makeTasks(application, message);
    return;
  }
  const found = findCommand(message.body.text);
  if (found !== undefined) {
    const reply = await runCommand(application, message, found);
    await finishMessage(db, message, async () => (message.body.late ? reply.map(foundLate) : reply));
    return;
  }
  const threadTask = await taskOfThread(db, message.threadId);
  if (await hearAnswer(application, message)) return;
  if (threadTask !== undefined && (await hearInThread(application, message, threadTask))) return;
  // People talk in a task's thread; only what is said to the bot is a request.
  if (!message.body.addressed) {
    await finishMessage(db, message, async () => undefined);
    return;
  }
  await makeTasks(application, message, threadTask?.project.id);
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
    return await command.run(words, { application, actor: sender, messageId, thread, threadTask, said });
  } catch (error) {
    if (error instanceof CommandRefused) return [noticeCard(error.message, 'warning')];
    throw error;
  }
}

async function makeTasks(application: Application, message: InboxMessage, threadProjectId?: string): Promise<void> {
  const { db } = application;
  const { sender, body } = message;
  if (!roleAllows(sender.role, 'steer-own')) {
    const manner = await mannerOf(db, message.id);
    const reply = noticeCard(say(manner, 'onlyLook', { name: sender.name }), 'warning');
    await finishMessage(db, message, async () => [reply]);
    return;
  }
  const { earlier = [], late, madeBy } = body;
  const fetched = await fetchAttachments(application, message.thread, body.files);
  if (!fetched.ok) {
    await finishMessage(db, message, async () => [notTaken(fetched.problems)]);
    return;
  }
  const attachments = [...fetched.attachments, ...(await earlierTalk(application.home, earlier))];
  const answers = madeBy === undefined ? [] : [`An agent asked for this while it worked on #${madeBy}`];
  const asked = { messageId: message.id, from: sender.name, attachments, threadProjectId, earlier, late, answers };
  // What was queued and found nothing under way is a request. What an agent asks for is one, however it is written.
  const text = plainText(body.text);
  const requests = madeBy === undefined ? splitRequests(readSaid(text).text) : [text];
  const prepared = await Promise.all(requests.map((text) => prepareTask(application, { text, ...asked })));
  const asks = asksIn(prepared, requests);
  const manner = asks.length === 0 ? plainPresentation.manner : await mannerOf(db, message.id);
  await finishMessage(db, message, async (trx) => {
    const about = { inboxId: message.id, threadId: message.threadId, requester: sender };
    const tasks = prepared.flatMap((each, part) => (each.kind === 'task' ? [{ ...each.task, ...about, part }] : []));
    if (tasks.length > 0) await createTasks(db, trx, tasks, application.limits);
    if (asks.length > 0) await saveAsks(trx, message.id, { asks, attachments, threadProjectId });
    const answers = cardsOf({ id: message.id, from: sender.name }, prepared, asks, manner);
    return answers.length === 0 ? undefined : late ? answers.map(foundLate) : answers;
  });
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

/** The same card, saying that its message was found by looking back. */
function foundLate(card: Card, index: number): Card {
  if (index > 0) return card;
  return { ...card, blocks: [...card.blocks, { kind: 'context', text: [`${lateWords}.`] }] };
}

/** Work without a file that was sent along could do something else than what was asked, so none is started. */
function notTaken(problems: readonly string[]): Card {
  const title = problems.length === 1 ? 'A file can not be taken' : `${problems.length} files can not be taken`;
  const next = 'Nothing was started. Your message stays as it is: send it again without the file, or with another one.';
  return noticeCard(title, 'warning', [...problems, next]);
}
