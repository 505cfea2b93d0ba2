import type { Card } from '#core/chat/card.ts';
import { roleAllows } from '#core/policy/roles.ts';
import { askWords } from '#core/show/ask.ts';
import { inboxRows } from '#core/show/inbox-rows.ts';
import { type InboxRow, showInbox } from '#core/show/replies.ts';
import type { TaskState } from '#core/task/state.ts';
import { type AskedMessage, openAsks } from '#db/intake/asks.ts';
import type { Actor } from '#db/tasks/change-task.ts';
import { waitingForPeople } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { mayAnswer } from '../intake/answer-ask.ts';
import { threadHref } from '../thread-href.ts';

/**
 * All that waits for a person, the longest waiting first: what tasks ask, and what must be known before a request becomes one.
 * With `reader`, only what he may answer.
 */
export async function inbox(application: Application, reader?: Actor): Promise<Card> {
  const [tasks, asked] = await Promise.all([waitingForPeople(application.db), openAsks(application.db)]);
  const ofTasks = tasks.filter((task) => reader === undefined || mayDecide(reader, task));
  const ofAsks = asked.filter((each) => reader === undefined || mayAnswer(each, reader));
  const taskRows = await Promise.all(ofTasks.map((task) => rowsOfTask(application, task)));
  const rows = [...taskRows.flat(), ...ofAsks.flatMap((each) => rowsOfAsked(application, each))];
  return showInbox(rows.toSorted((one, other) => (one.askedAt < other.askedAt ? -1 : 1)));
}

/** Whether somebody may answer what a task asks: a question is for who is asked by name, else its requester, all else is for who decides. */
function mayDecide({ role, memberId }: Actor, { requester, because, questions }: TaskState): boolean {
  const asked = questions.find(({ status }) => status === 'open')?.asks ?? requester;
  return roleAllows(role, 'decide') || (asked.memberId === memberId && because.waitingFor === 'answer');
}

async function rowsOfTask(application: Application, task: TaskState): Promise<readonly InboxRow[]> {
  return inboxRows(task, await threadHref(application, task));
}

function rowsOfAsked({ adapters }: Application, { asks, thread, receivedAt }: AskedMessage): readonly InboxRow[] {
  const threadHref = adapters.get(thread.platform)?.linkTo(thread);
  return asks
    .filter(({ taskNumber }) => taskNumber === undefined)
    .map(({ text, wanted }) => ({
      kind: 'request',
      title: text,
      ...(wanted.kind === 'inputs' ? { project: wanted.project.name } : {}),
      text: askWords(wanted),
      askedAt: receivedAt,
      threadHref,
    }));
}
