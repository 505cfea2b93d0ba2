import type { ButtonPress, InteractionReply } from '#core/chat/adapter.ts';
import type { Action } from '#core/chat/button.ts';
import { answersOf, type Together } from '#core/show/inbox.ts';
import type { PersonCommand } from '#core/task/commands.ts';
import type { TaskState } from '#core/task/state.ts';
import { joinWords } from '#core/text/list.ts';
import { carryOutOnce } from '#db/intake/interactions.ts';
import { changeTask } from '#db/tasks/change-task.ts';
import { taskOfAsked } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { askedAlike } from '../commands/inbox.ts';
import { answerAt, memberAt, type Presser, presserAt } from '../viewers.ts';
import { interactionOf } from './once.ts';

/**
 * One answer to all that ask exactly the same: recorded for each by itself, bound to what each one showed. When the others that
 * ask are no longer those that were shown, nothing is decided.
 */
export async function answerTogether(
  application: Application,
  { subject, choice = '' }: Action,
  pressed: ButtonPress,
): Promise<InteractionReply> {
  const [, index = '', digest = ''] = /^(\d)-(.+)$/.exec(choice) ?? [];
  const presser = await presserAt(application, pressed.thread, pressed.sender);
  const { actor } = presser;
  const alike = await findShown(application, { id: subject, digest }, presser);
  if (alike === undefined) {
    return {
      kind: 'notice',
      tone: 'warning',
      text: 'What asks this has changed since. Nothing was decided; say “inbox” to see it anew.',
    };
  }
  const commands = await commandsFor(application, alike.all, Number(index));
  return carryOutOnce(application.db, interactionOf(pressed), async (trx) => {
    const outcomes: string[] = [];
    const refusals: string[] = [];
    for (const { task, command } of commands) {
      const outcome = await changeTask(application.db, trx, task.id, command, { actor });
      if (outcome.ok) outcomes.push(`#${task.number}`);
      else refusals.push(`#${task.number}: ${outcome.refusal.message}`);
    }
    const said = answersOf(alike.all[0] as Together)[Number(index)] ?? '';
    const done = outcomes.length === 0 ? [] : [`“${said}” is recorded for ${joinWords(outcomes)}.`];
    const tone = refusals.length === 0 ? 'success' : 'warning';
    return { kind: 'notice', tone, text: [...done, ...refusals].join(' ') };
  });
}

interface Commanded {
  readonly task: TaskState;
  readonly command: PersonCommand;
}

/** What is decided of each, in the order of the tasks' ids: two who decide at once wait for each other, and not both for ever. */
async function commandsFor(
  { db }: Application,
  all: readonly Together[],
  index: number,
): Promise<readonly Commanded[]> {
  const commands: Commanded[] = [];
  for (const each of all) {
    const task = await taskOfAsked(db, each.kind === 'approval' ? 'approvals' : 'questions', each.id);
    const command = commandFor(each, index, task?.questions ?? []);
    if (task !== undefined && command !== undefined) commands.push({ task, command });
  }
  return commands.sort((a, b) => (a.task.id < b.task.id ? -1 : 1));
}

/** Exactly what was shown: an answer shows what all who read the place may see, a person's own page what he may. */
async function findShown(application: Application, { id, digest }: Bound, { actor, at }: Presser) {
  for (const viewer of [answerAt(actor, at), memberAt(actor, at), memberAt(actor)]) {
    const alike = await askedAlike(application, id, viewer);
    if (alike?.digest === digest) return alike;
  }
  return undefined;
}

/** What a button stands for. */
interface Bound {
  readonly id: string;
  readonly digest: string;
}

type Answerable = readonly { readonly id: string; readonly options: readonly { readonly value: string }[] }[];

function commandFor({ kind, id }: Together, index: number, questions: Answerable): PersonCommand | undefined {
  if (kind === 'approval') return index > 1 ? undefined : { type: index === 0 ? 'approve' : 'deny', approvalId: id };
  const option = questions.find((each) => each.id === id)?.options[index];
  return option === undefined ? undefined : { type: 'answer', questionId: id, answer: option.value };
}
