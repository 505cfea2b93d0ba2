import type { Card } from '#core/chat/card.ts';
import { checkInputs } from '#core/project-file/inputs.ts';
import type { Runbook } from '#core/project-file/schema.ts';
import { readSaid } from '#core/task/said.ts';
import { plainText } from '#core/text/sanitise.ts';
import type { Ask, Wanted } from '#core/understand/ask.ts';
import { isOpenAsk } from '#core/understand/ask-limit.ts';
import { readInputs, readPlace } from '#core/understand/read-answer.ts';
import { type AskedMessage, openAskOf } from '#db/intake/asks.ts';
import { finishMessage, type InboxMessage } from '#db/intake/inbox.ts';
import type { Application } from '../application.ts';
import { noticeCard } from '../commands/cards.ts';
import { findRunbook } from '../interactions/find-runbook.ts';
import { memberAt } from '../viewers.ts';
import { type Answer, mayAnswer, prepareAnswer } from './answer-ask.ts';
import { fetchAttachments, filesNotTaken } from './attachments.ts';
import type { Known } from './known.ts';
import { prepareTask } from './prepare-task.ts';

/** Characters of an answer: as much as an input takes. */
const answerLimit = 1000;

/**
 * Hears a reply as the answer to what was asked about a request in its thread. False when nothing is asked there, or the words are
 * meant for something else.
 */
export async function hearAnswer(
  application: Application,
  message: InboxMessage,
  known: () => Promise<Known>,
): Promise<boolean> {
  const { body, sender } = message;
  const asked = body.opensThread ? undefined : await openAskOf(application.db, message.threadId);
  const ask = asked?.asks.find(isOpenAsk);
  if (asked === undefined || ask === undefined || !mayAnswer(asked, sender)) return false;
  const said = readSaid(plainText(body.text, { maxLength: answerLimit }));
  const filesOnly = said.text === '' && body.files.length > 0 && !body.addressed;
  if (said.marked || (said.text === '' && !filesOnly)) return false;
  const read = filesOnly ? misfit(filesAlone) : await readAnswer(application, ask, said.text);
  if (read.kind === 'misfit') return !body.addressed && tellMisfit(application, message, { asked, card: read.card });
  // Said to Commander by name, it may be a request that is complete in itself.
  if (body.addressed && (await isRequest(application, { asked, known }, said.text))) return false;
  const fetched = await fetchAttachments(application, message);
  if (!fetched.ok) {
    await finishMessage(application.db, message, async () => [
      filesNotTaken(fetched.problems, 'Nothing was answered.'),
    ]);
    return true;
  }
  const answering = { asked, ask, answer: read, actor: sender, files: fetched.attachments, known };
  const prepared = await prepareAnswer(application, answering);
  await finishMessage(application.db, message, async (trx) => {
    const answered = prepared.kind === 'ready' ? await prepared.commit(trx) : prepared;
    return answered.kind === 'refused' ? [noticeCard(answered.text, 'warning')] : undefined;
  });
  return true;
}

const filesAlone = 'Files alone are no answer to it. Send them again with the answer beside them.';

type Read = Answer | { readonly kind: 'misfit'; readonly card: Card };

async function readAnswer(application: Application, { wanted }: Ask, text: string): Promise<Read> {
  if (wanted.kind === 'place') {
    const choice = readPlace(wanted.choices, text);
    if (choice !== undefined) return { kind: 'place', choice };
    const labels = wanted.choices.map(({ label }, index) => `${index + 1}: ${label}`);
    return misfit(`Answer with one of these, or press its button: ${labels.slice(0, 20).join(' · ')}.`);
  }
  const found = await findRunbook(application, wanted);
  if (!found.ok) return misfit(found.problem);
  const given = readInputs(found.runbook, wanted, text);
  return given === undefined ? misfit(whyMisfit(found.runbook, wanted, text)) : { kind: 'inputs', given };
}

function misfit(text: string): Read {
  return { kind: 'misfit', card: noticeCard('That does not answer the question', 'warning', [text]) };
}

/** One input that does not fit says what it must be; of several it is said which are wanted. */
function whyMisfit(runbook: Runbook, { problems, given }: Wanted & { readonly kind: 'inputs' }, text: string): string {
  const names = Object.keys(problems);
  const [only] = names;
  if (only === undefined || names.length > 1) return Object.values(problems).join(' ');
  const checked = checkInputs(runbook, { ...given, [only]: text });
  return checked.ok ? '' : (checked.problems[only] ?? '');
}

/** People talk with each other where something is asked: only its author is told that his words were no answer. */
async function tellMisfit(
  { db }: Application,
  message: InboxMessage,
  { asked, card }: { readonly asked: AskedMessage; readonly card: Card },
): Promise<boolean> {
  if (asked.sender.memberId !== message.sender.memberId) return false;
  await finishMessage(db, message, async () => [card]);
  return true;
}

interface Asked {
  readonly asked: AskedMessage;
  readonly known: () => Promise<Known>;
}

async function isRequest(application: Application, { asked, known }: Asked, text: string): Promise<boolean> {
  const { id, sender, thread } = asked;
  const about = { messageId: id, from: sender.name, viewer: memberAt(sender, thread), attachments: [] };
  return (await prepareTask(application, { text, ...about }, await known())).kind === 'task';
}
