import type { ButtonPress, InteractionReply } from '#core/chat/adapter.ts';
import type { Action } from '#core/chat/button.ts';
import { answersOf, type Together } from '#core/show/inbox.ts';
import type { PersonCommand } from '#core/task/commands.ts';
import { joinWords } from '#core/text/list.ts';
import { ensureMember } from '#db/intake/inbox.ts';
import { commandTask } from '#db/tasks/change-task.ts';
import { taskOfAsked } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { askedAlike } from '../commands/inbox.ts';
import { newcomerRole } from '../newcomer-role.ts';

/**
 * One answer to all that ask exactly the same: recorded for each by itself, bound to what each one showed. When the others that
 * ask are no longer those that were shown, nothing is decided.
 */
export async function answerTogether(
  application: Application,
  { subject, choice = '' }: Action,
  { thread, sender }: Pick<ButtonPress, 'thread' | 'sender'>,
): Promise<InteractionReply> {
  const [, index = '', digest = ''] = /^(\d)-(.+)$/.exec(choice) ?? [];
  const alike = await askedAlike(application, subject);
  if (alike?.digest !== digest) {
    return {
      kind: 'notice',
      tone: 'warning',
      text: 'What asks this has changed since. Nothing was decided; say “inbox” to see it anew.',
    };
  }
  const role = newcomerRole(thread.platform, sender);
  const actor = await ensureMember(application.db.kysely, thread.platform, sender, role);
  const outcomes: string[] = [];
  const refusals: string[] = [];
  for (const each of alike.all) {
    const task = await taskOfAsked(application.db, each.kind === 'approval' ? 'approvals' : 'questions', each.id);
    const command = commandFor(each, Number(index), task?.questions ?? []);
    if (task === undefined || command === undefined) continue;
    const outcome = await commandTask(application.db, task.id, command, { actor });
    if (outcome.ok) outcomes.push(`#${task.number}`);
    else refusals.push(`#${task.number}: ${outcome.refusal.message}`);
  }
  const said = answersOf(alike.all[0] as Together)[Number(index)] ?? '';
  const done = outcomes.length === 0 ? [] : [`“${said}” is recorded for ${joinWords(outcomes)}.`];
  return {
    kind: 'notice',
    tone: refusals.length === 0 ? 'success' : 'warning',
    text: [...done, ...refusals].join(' '),
  };
}

type Answerable = readonly { readonly id: string; readonly options: readonly { readonly value: string }[] }[];

function commandFor({ kind, id }: Together, index: number, questions: Answerable): PersonCommand | undefined {
  if (kind === 'approval') return index > 1 ? undefined : { type: index === 0 ? 'approve' : 'deny', approvalId: id };
  const option = questions.find((each) => each.id === id)?.options[index];
  return option === undefined ? undefined : { type: 'answer', questionId: id, answer: option.value };
}
