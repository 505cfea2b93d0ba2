import type { ButtonPress, InteractionReply } from '#core/chat/adapter.ts';
import { type Action, decodeAction } from '#core/chat/button.ts';
import { plainOf } from '#core/chat/inline.ts';
import { definitions } from '#core/commands/definitions.ts';
import { roleAllows } from '#core/policy/roles.ts';
import { explain } from '#core/show/explain.ts';
import type { PersonCommand } from '#core/task/commands.ts';
import type { TaskState } from '#core/task/state.ts';
import { plainText } from '#core/text/sanitise.ts';
import { readUses, useWords } from '#core/understand/read-uses.ts';
import { isId, newId } from '#db/id.ts';
import { acceptMessage, bodyOf, replyOf } from '#db/intake/inbox.ts';
import { carryOutOnce, type InteractionId } from '#db/intake/interactions.ts';
import { revokeRule } from '#db/rules/rules.ts';
import { type Actor, changeTask, type TaskOutcome } from '#db/tasks/change-task.ts';
import { taskById, taskOfAsked, taskOfRevert } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { newcomerRole } from '../newcomer-role.ts';
import { presentedWorld } from '../show-world.ts';
import { ifSeen, presserAt } from '../viewers.ts';
import { answerTogether } from './answer-together.ts';
import { choosePlace, inputForm } from './asks.ts';
import { changeRuleModal } from './change-rule.ts';
import { filterInbox } from './filter-inbox.ts';
import {
  alwaysModal,
  answerModal,
  escalateModal,
  interruptModal,
  refineModal,
  resumeModal,
  revertFilesModal,
  revertModal,
  reviewModal,
} from './modals.ts';
import { answeredOnce, interactionOf } from './once.ts';
import { prefer } from './prefer.ts';
import { useForm } from './use-outputs.ts';

/** Carries out a press of a button. Rights and state are looked up now, whenever the button was made. */
export async function press(application: Application, pressed: ButtonPress): Promise<InteractionReply> {
  return answeredOnce(application, interactionOf(pressed), await pressNow(application, pressed));
}

async function pressNow(application: Application, pressed: ButtonPress): Promise<InteractionReply> {
  const { action: text, thread, sender } = pressed;
  const action = decodeAction(text);
  if (action === undefined) return notice('This button is from another version of Commander. Say it in words instead.');
  if (action.verb === 'choose') return choosePlace(application, action, pressed);
  if (action.verb === 'fill') return inputForm(application, action);
  if (action.verb === 'change-rule') return changeRuleModal(application, action.subject, pressed);
  if (action.verb === 'filter') return filterInbox(application, action, pressed);
  if (action.verb === 'prefer') return prefer(application, action, pressed);
  if (action.verb === 'together') return answerTogether(application, action, pressed);
  if (action.verb === 'use') return useForm(application, action, pressed);
  if (action.verb === 'run') return sayChoice(application, text, action.subject, pressed);
  const [found, { actor, viewer }] = await Promise.all([
    taskOf(application, action),
    presserAt(application, thread, sender),
  ]);
  const task = await ifSeen(application, found, viewer);
  if (task === undefined) return notice('What this button was about is no longer known.');
  const said = saidBy(action);
  if (said !== undefined) return sayCommand(application, `${said} #${task.number}`, pressed);
  const id = interactionOf(pressed);
  if (action.verb === 'forget-rule') return forgetRule(application, task, action.subject, { actor, id });
  const modal = await modalFor(application, task, action);
  if (modal !== undefined) return modal;
  const command = commandOf(task, action);
  if (command === undefined) return notice('Commander does not know this button.');
  return carryOut(application, task, command, { actor, id });
}

/** A choice that an answer offered: the same as saying it with all that came with the message, once for each person and choice. */
async function sayChoice(
  { db }: Application,
  action: string,
  messageId: string,
  { thread, sender }: Pick<ButtonPress, 'thread' | 'sender'>,
): Promise<InteractionReply> {
  const [cards, body] = await Promise.all([replyOf(db, messageId), bodyOf(db, messageId)]);
  const buttons = (cards ?? []).flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])),
  );
  const chosen = buttons.find((button) => button.action === action);
  if (chosen === undefined || body === undefined) return notice('What this button was about is no longer known.');
  const message = {
    externalId: `${action} by ${sender.externalId}`,
    thread,
    sender,
    files: body.files,
    uses: body.uses,
    addressed: true,
    opensThread: false,
  };
  const text = `${chosen.label} ${useWords(readUses(plainText(body.text)).uses)}`.trimEnd();
  await acceptMessage(db, { ...message, text }, newcomerRole(thread.platform, sender));
  return { kind: 'done' };
}

/** The command that a button stands for where its page can not be opened. */
function saidBy({ verb }: Action): string | undefined {
  if (verb === 'details') return definitions.logs.name;
  return verb === 'diff' ? definitions.diff.name : undefined;
}

/** The same as saying the command in that thread: its answer comes there, of what may be shown there. */
async function sayCommand(
  { db }: Application,
  text: string,
  { thread, sender, externalId: id = newId() }: ButtonPress,
): Promise<InteractionReply> {
  const externalId = `pressed ${id}`;
  const message = { externalId, thread, sender, text, files: [], addressed: true, opensThread: false };
  await acceptMessage(db, message, newcomerRole(thread.platform, sender));
  return { kind: 'done' };
}

/** Ends the rule that decided an approval. */
async function forgetRule(
  { db }: Application,
  task: TaskState,
  approvalId: string,
  { actor, id }: By,
): Promise<InteractionReply> {
  if (!roleAllows(actor.role, 'decide')) return notice(`${actor.name} may not approve, and so not end a rule either.`);
  const rule = task.approvals.find(({ id }) => id === approvalId)?.rule;
  if (rule === undefined) return notice('No rule decided that.');
  return carryOutOnce(db, id, async (trx) =>
    (await revokeRule(trx, rule.id, actor.memberId))
      ? { kind: 'notice', tone: 'success', text: 'The rule is revoked: it is asked again from now on.' }
      : notice('That rule had ended already.'),
  );
}

/** Who does something, and by which press or form, where that can come again. */
export interface By {
  readonly actor: Actor;
  readonly id?: InteractionId | undefined;
}

/** Gives a command for a person and puts the answer in words. */
export async function carryOut(
  { db }: Application,
  task: TaskState,
  command: PersonCommand,
  { actor, id }: By,
): Promise<InteractionReply> {
  return carryOutOnce(db, id, async (trx) => replyTo(await changeTask(db, trx, task.id, command, { actor })));
}

/** What became of a command, in words. */
export function replyTo(outcome: TaskOutcome): InteractionReply {
  return outcome.ok ? { kind: 'done' } : notice(outcome.refusal.message);
}

/** The task that an action is about. */
export async function taskOf({ db }: Application, { verb, subject }: Action): Promise<TaskState | undefined> {
  if (!isId(subject)) return undefined;
  switch (verb) {
    case 'approve':
    case 'deny':
    case 'refine':
    case 'always':
    case 'forget-rule':
      return taskOfAsked(db, 'approvals', subject);
    case 'answer':
      return taskOfAsked(db, 'questions', subject);
    case 'revert-all':
    case 'revert-files':
    case 'revert-nothing':
      return taskOfRevert(db, subject);
    default:
      return taskById(db, subject);
  }
}

async function modalFor(
  application: Application,
  task: TaskState,
  action: Action,
): Promise<InteractionReply | undefined> {
  switch (action.verb) {
    case 'refine':
      return refineModal(application, task, action.subject);
    case 'always':
      return alwaysModal(application, task, action.subject);
    case 'answer':
      return action.choice === undefined ? answerModal(task, action.subject) : undefined;
    case 'resume-from':
      return resumeModal(task);
    case 'review':
      return reviewModal(task);
    case 'escalate':
      return escalateModal(task);
    case 'interrupt':
      return interruptModal(task);
    case 'revert':
      return revertModal(task);
    case 'revert-files':
      return revertFilesModal(application, task, action.subject);
    case 'explain':
      return explainModal(application, task);
    default:
      return undefined;
  }
}

async function explainModal(application: Application, task: TaskState): Promise<InteractionReply> {
  const introPieces = explain(task, await presentedWorld(application, task));
  const intro = introPieces.map(plainOf);
  const title = `#${task.number} explained`;
  return { kind: 'modal', modal: { id: 'explain', title, intro, introPieces, submit: 'Close', fields: [] } };
}

function commandOf(task: TaskState, { verb, subject, choice }: Action): PersonCommand | undefined {
  switch (verb) {
    case 'approve':
    case 'deny':
      return { type: verb, approvalId: subject };
    case 'answer': {
      const question = task.questions.find((each) => each.id === subject);
      return { type: 'answer', questionId: subject, answer: question?.options[Number(choice)]?.value ?? '' };
    }
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'retry':
    case 'restart':
      return { type: verb };
    case 'elsewhere':
      return { type: 'run-elsewhere', agentId: choice ?? '' };
    case 'wait':
      return { type: 'wait', seen: choice ?? '' };
    case 'deliver':
      return { type: 'deliver', commit: choice ?? '' };
    case 'revert-all':
      return { type: 'revert', revertId: subject };
    case 'revert-nothing':
      return { type: 'withdraw-revert', revertId: subject };
    default:
      return undefined;
  }
}

function notice(text: string): InteractionReply {
  return { kind: 'notice', tone: 'warning', text };
}
