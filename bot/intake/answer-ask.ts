import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { roleAllows } from '#core/policy/roles.ts';
import { settledWords, showAsk } from '#core/show/ask.ts';
import type { TaskAttachment } from '#core/task/understanding.ts';
import { joinWords } from '#core/text/list.ts';
import type { Ask, PlaceChoice } from '#core/understand/ask.ts';
import { askedNow, isOpenAsk } from '#core/understand/ask-limit.ts';
import type { Transaction } from '#db/database.ts';
import { type AskedMessage, lockAsk, saveAsk } from '#db/intake/asks.ts';
import type { Actor } from '#db/tasks/change-task.ts';
import { createTasks } from '#db/tasks/create-task.ts';
import type { Application } from '../application.ts';
import { mannerOf } from '../manner-of.ts';
import { memberAt } from '../viewers.ts';
import { together } from './attachments.ts';
import { askWithin } from './how-asked.ts';
import { type Known, knownOnce } from './known.ts';
import { type Prepared, prepareTask, type Request } from './prepare-task.ts';

/** What somebody answered: where it is done, or inputs by name. */
export type Answer =
  | { readonly kind: 'place'; readonly choice: PlaceChoice }
  | { readonly kind: 'inputs'; readonly given: Readonly<Record<string, string>> };

export interface Answering {
  readonly asked: AskedMessage;
  readonly ask: Ask;
  readonly answer: Answer;
  readonly actor: Actor;
  /** What came with the answer; absent: nothing. */
  readonly files?: readonly TaskAttachment[];
  /** What was looked at already. */
  readonly known?: () => Promise<Known>;
}

export interface Refused {
  readonly kind: 'refused';
  readonly text: string;
}

/** What became of an answer: the request is a task now, or something else must be known. */
export type Answered = { readonly kind: 'task' } | { readonly kind: 'asks'; readonly ask: Ask } | Refused;

/**
 * Reads a request anew with the answer that it had waited for: the original message, its files and its author, as if that had been
 * said at once. `commit` makes it a task or asks on; an ask is answered once, by whoever is first.
 */
export async function prepareAnswer(
  application: Application,
  answering: Answering,
): Promise<Refused | { readonly kind: 'ready'; commit(trx: Transaction): Promise<Answered> }> {
  const { ask, answer, actor, files = [], known = knownOnce(application, answering.asked.id) } = answering;
  const asked = { ...answering.asked, attachments: together(answering.asked.attachments, files) };
  if (!isOpenAsk(ask)) return refused(settledWords(ask));
  if (!mayAnswer(asked, actor)) {
    return refused(`Only ${asked.sender.name}, or somebody who may steer the work of others, answers this.`);
  }
  const next = withAnswer(answering);
  const now = await known();
  const [prepared, manner] = await Promise.all([
    prepareTask(application, requestOf(asked, next, answer), now),
    mannerOf(application.db, asked.id),
  ]);
  if (prepared.kind === 'answer') return refused(wordsOf(prepared.card));
  return {
    kind: 'ready',
    async commit(trx) {
      const other = await lockAsk(trx, asked.id, ask);
      if (other !== undefined) return refused(overtaken(other));
      const after = await goOn(application, trx, { asked, next, prepared, known: now });
      const card = showAsk({ id: asked.id, from: asked.sender.name }, after, manner);
      await saveAsk(application.db, trx, {
        messageId: asked.id,
        ask: after,
        card,
        files: asked.attachments.slice(answering.asked.attachments.length),
      });
      return after.taskNumber === undefined ? { kind: 'asks', ask: after } : { kind: 'task' };
    },
  };
}

/** Whether a person may answer what is asked about a message: its author may, and who may steer the work of others. */
export function mayAnswer({ sender }: AskedMessage, actor: Actor): boolean {
  return roleAllows(actor.role, actor.memberId === sender.memberId ? 'steer-own' : 'steer-any');
}

/** What an answer is told that something else came before. */
function overtaken(other: Ask): string {
  if (!isOpenAsk(other)) return settledWords(other);
  return 'The question changed just now: look at its card, and answer what is still asked.';
}

function refused(text: string): Refused {
  return { kind: 'refused', text };
}

function withAnswer({ ask, answer, actor }: Answering): Ask {
  if (answer.kind === 'place') {
    const { label, ...place } = answer.choice;
    return { ...ask, place, answers: [...ask.answers, `${actor.name} chose ${label}`] };
  }
  const before = ask.wanted.kind === 'inputs' ? ask.wanted : undefined;
  const said = Object.entries(answer.given)
    .filter(([input, value]) => value !== '' && value !== before?.given[input])
    .map(([input, value]) => `${input} ${value}`);
  return {
    ...ask,
    ...(before === undefined ? {} : { place: { projectId: before.project.id, runbookId: before.runbook.id } }),
    answers: said.length === 0 ? ask.answers : [...ask.answers, `${actor.name} gave ${joinWords(said)}`],
  };
}

function requestOf({ id, sender, body, ...asked }: AskedMessage, next: Ask, answer: Answer): Request {
  const before = next.wanted.kind === 'inputs' ? next.wanted.given : {};
  return {
    text: next.text,
    messageId: id,
    from: sender.name,
    viewer: memberAt(sender, asked.thread),
    attachments: asked.attachments,
    threadProjectId: asked.threadProjectId,
    earlier: body.earlier,
    late: body.late,
    place: next.place,
    given: answer.kind === 'inputs' ? { ...before, ...answer.given } : before,
    answers: next.answers,
  };
}

interface GoingOn {
  readonly asked: AskedMessage;
  readonly next: Ask;
  readonly prepared: Exclude<Prepared, { readonly kind: 'answer' }>;
  readonly known: Known;
}

async function goOn(application: Application, trx: Transaction, going: GoingOn): Promise<Ask> {
  const { asked, next, prepared, known } = going;
  if (prepared.kind === 'ask') {
    const { wanted } = prepared;
    return askedNow({ ...next, wanted }, askWithin(application, known, wanted), new Date().toISOString());
  }
  const { db, limits } = application;
  const about = { inboxId: asked.id, part: next.part, threadId: asked.threadId, requester: asked.sender };
  const [made] = await createTasks(db, trx, [{ ...prepared.task, ...about }], limits);
  return { ...next, taskNumber: made?.number };
}

function wordsOf({ title, blocks }: Card): string {
  const texts = blocks.flatMap((block) => (block.kind === 'text' ? [plainOf(block.text)] : []));
  return [`${plainOf(title)}.`, ...texts].join(' ');
}
