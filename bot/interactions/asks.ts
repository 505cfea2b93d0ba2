import type { ButtonPress, InteractionReply, ModalSubmission } from '#core/chat/adapter.ts';
import { type Action, encodeAction } from '#core/chat/button.ts';
import { checkInputs } from '#core/project-file/inputs.ts';
import { settledWords } from '#core/show/ask.ts';
import type { Ask } from '#core/understand/ask.ts';
import { isOpenAsk } from '#core/understand/ask-limit.ts';
import { type AskedMessage, askedMessage } from '#db/intake/asks.ts';
import { carryOutOnce } from '#db/intake/interactions.ts';
import type { Application } from '../application.ts';
import { type Answer, prepareAnswer } from '../intake/answer-ask.ts';
import { actorFrom } from '../newcomer-role.ts';
import { findRunbook } from './find-runbook.ts';
import { inputFields, inputProblems, inputValues } from './input-fields.ts';
import { interactionOf } from './once.ts';

type Who = Pick<ButtonPress, 'thread' | 'sender' | 'externalId'>;

/** A choice of where a request is done. The request goes on by itself; when inputs are missing then, their form opens. */
export async function choosePlace(application: Application, action: Action, who: Who): Promise<InteractionReply> {
  const [part, index] = (action.choice ?? '').split('-').map(Number);
  const found = await findAsk(application, action.subject, part);
  if (found === undefined) return gone;
  const { ask } = found;
  const choice = ask.wanted.kind === 'place' && isOpenAsk(ask) ? ask.wanted.choices[index ?? -1] : undefined;
  return choice === undefined
    ? notice(settledWords(ask))
    : give(application, { ...found, answer: { kind: 'place', choice } }, who);
}

/** "Fill in": the form of the inputs that a request needs. */
export async function inputForm(application: Application, action: Action): Promise<InteractionReply> {
  const found = await findAsk(application, action.subject, Number(action.choice));
  return found === undefined ? gone : formOf(application, found.asked.id, found.ask);
}

/** The submitted form: what is wrong is said at its field, else the request goes on. */
export async function submitInputs(
  application: Application,
  action: Action,
  { values, ...who }: ModalSubmission,
): Promise<InteractionReply> {
  const found = await findAsk(application, action.subject, Number(action.choice));
  if (found === undefined) return gone;
  const { wanted } = found.ask;
  if (wanted.kind !== 'inputs' || !isOpenAsk(found.ask)) return notice(settledWords(found.ask));
  const declared = await findRunbook(application, wanted);
  if (!declared.ok) return notice(declared.problem);
  const given = inputValues(declared.runbook, values);
  const checked = checkInputs(declared.runbook, { ...wanted.given, ...given });
  // A form has room for so many fields: what it did not show is asked for by the next one.
  const isShort = !checked.ok && Object.keys(checked.problems).every((input) => given[input] === undefined);
  if (!checked.ok && !(isShort && Object.keys(given).length > 0))
    return { kind: 'problems', problems: inputProblems(checked.problems) };
  return give(application, { ...found, answer: { kind: 'inputs', given } }, who);
}

interface FoundAsk {
  readonly asked: AskedMessage;
  readonly ask: Ask;
}

async function findAsk(
  { db }: Application,
  messageId: string,
  part: number | undefined,
): Promise<FoundAsk | undefined> {
  const asked = await askedMessage(db, messageId);
  const ask = asked?.asks.find((each) => each.part === part);
  return asked === undefined || ask === undefined ? undefined : { asked, ask };
}

async function give(
  application: Application,
  { asked, ask, answer }: FoundAsk & { readonly answer: Answer },
  who: Who,
): Promise<InteractionReply> {
  const { db } = application;
  const actor = await actorFrom(db, who.thread.platform, who.sender);
  const prepared = await prepareAnswer(application, { asked, ask, answer, actor });
  if (prepared.kind === 'refused') return notice(prepared.text);
  let next: Ask | undefined;
  const reply = await carryOutOnce(db, interactionOf(who), async (trx) => {
    const answered = await prepared.commit(trx);
    if (answered.kind === 'asks') next = answered.ask;
    return answered.kind === 'refused' ? notice(answered.text) : { kind: 'done' };
  });
  return next?.wanted.kind === 'inputs' ? formOf(application, asked.id, next) : reply;
}

async function formOf(application: Application, messageId: string, ask: Ask): Promise<InteractionReply> {
  const { wanted, part } = ask;
  if (wanted.kind !== 'inputs' || !isOpenAsk(ask)) return notice(settledWords(ask));
  const found = await findRunbook(application, wanted);
  if (!found.ok) return notice(found.problem);
  return {
    kind: 'modal',
    modal: {
      id: encodeAction({ verb: 'fill', subject: messageId, choice: String(part) }),
      title: wanted.runbook.name,
      intro: [`In ${wanted.project.name}: ${found.runbook.summary}`],
      submit: 'Start it',
      fields: inputFields(found.runbook, wanted.given, Object.keys(wanted.problems)),
    },
  };
}

const gone = notice('What this was about is no longer known.');

function notice(text: string): InteractionReply {
  return { kind: 'notice', tone: 'warning', text };
}
