import type { Card } from '#core/chat/card.ts';
import { roleAllows } from '#core/policy/roles.ts';
import { backAgainKey, showBackAgain } from '#core/show/back-again.ts';
import { explain } from '#core/show/explain.ts';
import { showNotice } from '#core/show/replies.ts';
import { answerFromText } from '#core/task/answer-text.ts';
import type { Question } from '#core/task/asked.ts';
import type { PersonCommand } from '#core/task/commands.ts';
import { isSteerable } from '#core/task/decide-note.ts';
import type { TaskEvent } from '#core/task/events.ts';
import { readSaid } from '#core/task/said.ts';
import type { TaskState } from '#core/task/state.ts';
import { type Hearing, whoHears } from '#core/task/who-hears.ts';
import { joinWords } from '#core/text/list.ts';
import { readUses } from '#core/understand/read-uses.ts';
import type { Transaction } from '#db/database.ts';
import { finishMessage, type InboxMessage } from '#db/intake/inbox.ts';
import { lateInThread } from '#db/intake/late.ts';
import { replaceReply } from '#db/intake/replies.ts';
import { changeTask } from '#db/tasks/change-task.ts';
import type { Application } from '../application.ts';
import { noticeCard } from '../commands/cards.ts';
import { presentedWorld } from '../show-world.ts';
import { fetchAttachments, filesNotTaken } from './attachments.ts';
import { type Known, readRequest } from './known.ts';
import { fileNamesOf, heardOf, noteOf } from './said-words.ts';

/** What words in the thread of a task are taken for. */
type Taken =
  | { readonly kind: 'command'; readonly command: Words }
  | { readonly kind: 'reply'; readonly cards: readonly Card[] }
  /** Fixed steps can't be asked; how the task stands is the honest answer. */
  | { readonly kind: 'explain' };

/** What is said to a task; the files of its message come with it. */
type Words = Extract<PersonCommand, { readonly type: 'say' | 'answer' }>;

const nothing = { ok: true, attachments: [] } as const;

/** It was not meant for Commander. */
const silence: Taken = { kind: 'reply', cards: [] };

/**
 * Hears what is said in the thread of a task that is under way: an answer, an instruction, what comes next, or an aside; the
 * thread shows which. False when the message is none of these and must be read as a request.
 */
export async function hearInThread(
  application: Application,
  message: InboxMessage,
  { underWay, known }: { readonly underWay: readonly TaskState[]; readonly known: () => Promise<Known> },
): Promise<boolean> {
  const hearing = whoHears(underWay, heardOf(message.body.text));
  if (hearing === undefined) return false;
  const { task } = hearing;
  const taken = await take({ ...hearing, known }, message);
  if (taken === undefined) return false;
  const { db } = application;
  const fetched = taken.kind === 'command' ? await fetchAttachments(application, message) : nothing;
  await finishMessage(db, message, async (trx) => {
    if (taken.kind === 'explain') return [await explanation(application, task)];
    if (taken.kind === 'reply') return taken.cards.length === 0 ? undefined : taken.cards;
    if (!fetched.ok) return [filesNotTaken(fetched.problems, `#${task.number} did not hear it.`)];
    const files = fetched.attachments.length === 0 ? {} : { files: fetched.attachments };
    const outcome = await changeTask(db, trx, task.id, { ...taken.command, ...files }, { actor: message.sender });
    if (!outcome.ok) return [noticeCard(outcome.refusal.message, 'warning')];
    const tasks = [outcome.state, ...hearing.others];
    const receipt = message.body.late === true ? await tellLate(trx, message, tasks) : [];
    const replies = [...receipt, ...saidTo(hearing, outcome.events)];
    return replies.length === 0 ? undefined : replies;
  });
  return true;
}

/** What is said once in a thread after Commander had been away: the first answer tells of all that was missed there. */
async function tellLate(
  trx: Transaction,
  message: InboxMessage,
  tasks: readonly TaskState[],
): Promise<readonly Card[]> {
  const { count, receipt } = await lateInThread(trx, message, backAgainKey);
  const card = showBackAgain(count, tasks);
  if (receipt === undefined) return [card];
  await replaceReply(trx, receipt.id, { before: receipt.reply, after: [card, ...receipt.reply.slice(1)] });
  return [];
}

/** Where several tasks are under way in one thread, the first words that one takes say which it was, and how to speak to the others. */
function saidTo({ task, others }: Hearing, events: readonly TaskEvent[]): readonly Card[] {
  const [other] = others;
  if (other === undefined || task.notes.length > 0 || !events.some(({ type }) => type === 'note.received')) return [];
  const rest = joinWords(others.map(({ number }) => `#${number}`));
  return [
    noticeCard(`#${task.number} heard that`, 'neutral', [
      `${rest} ${others.length === 1 ? 'is' : 'are'} under way in this thread too. Begin with “#${other.number}:” to speak to that one.`,
    ]),
  ];
}

interface ThreadTask {
  readonly task: TaskState;
  readonly known: () => Promise<Known>;
}

async function take(
  { task, text, named, known }: ThreadTask & Pick<Hearing, 'text' | 'named'>,
  { id, body, sender }: InboxMessage,
): Promise<Taken | undefined> {
  const question = task.questions.find((each) => each.status === 'open');
  const own = [task.requester, question?.asks].some((each) => each?.memberId === sender.memberId);
  const deed = own ? 'steer-own' : 'steer-any';
  // People who may not steer talk with each other here; what they say to Commander by name is answered as ever.
  if (!roleAllows(sender.role, deed)) return body.addressed ? undefined : silence;
  const said = readSaid(text);
  const note = noteOf(text, body);
  const fileNames = fileNamesOf(body);
  if (note.text === '' && fileNames.length === 0) return body.addressed ? undefined : silence;
  if (!said.marked && question !== undefined) {
    const answer = answerFromText(question, said.text, fileNames);
    if (answer !== undefined) {
      return { kind: 'command', command: { type: 'answer', questionId: question.id, answer } };
    }
    if (!body.addressed) return { kind: 'reply', cards: [misfit(task, question)] };
  }
  if (body.addressed && !said.marked && !named && (await isRequest({ task, known }, said.text))) return undefined;
  if (said.kind === 'aside' && !isSteerable(task)) return { kind: 'explain' };
  return { kind: 'command', command: { type: 'say', noteId: id, ...note } };
}

/**
 * Whether what is said to Commander by name is a request of its own. To work that takes instructions it is one when it names a
 * runbook, an agent or another project, or has what only requests have: where a mention is the only way to be heard, as on
 * Discord without its privileged intent, naming alone says nothing.
 */
async function isRequest({ task, known }: ThreadTask, text: string): Promise<boolean> {
  if (!isSteerable(task) || readUses(text).uses.length > 0) return true;
  const reading = readRequest(await known(), { text, threadProjectId: task.project.id });
  if (reading.kind !== 'agent') return reading.kind !== 'unknown' && reading.kind !== 'no-request';
  const { agentId, projectId, priority, after } = reading;
  return agentId !== undefined || projectId !== task.project.id || priority !== undefined || after.length > 0;
}

function misfit({ number }: TaskState, { options }: Question): Card {
  const labels = options.map(({ label }, index) => `${index + 1}: ${label}`);
  return noticeCard(`That does not answer the question of #${number}`, 'warning', [
    `Answer with one of these, or press its button: ${labels.join(' · ')}.`,
  ]);
}

/** How a task stands, and why. */
export async function explanation(application: Application, task: TaskState): Promise<Card> {
  const text = explain(task, await presentedWorld(application, task));
  return showNotice({ tone: 'neutral', title: `#${task.number} ${task.title}`, text });
}
