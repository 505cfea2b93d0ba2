import type { IncomingMessage } from '#core/chat/adapter.ts';
import { plainUnderstanding, plannedStep } from '#core/task/testing.ts';
import type { Database } from '#db/database.ts';
import { newId } from '#db/id.ts';
import { acceptMessage, finishMessage, readMessage } from '#db/intake/inbox.ts';
import type { RunLimits } from '#db/runs/caps.ts';
import { createTasks, type NewTask } from '#db/tasks/create-task.ts';

/** A message that was taken, handled, and asked for tasks. */
export interface Asked {
  readonly taskIds: readonly string[];
  readonly thread: string;
}

/** What a test says of its tasks; the rest is plain. */
export interface Asking {
  /** Who asks, by name. */
  readonly by?: string;
  readonly platform?: string;
  readonly projectId: string;
  readonly count?: number;
  readonly limits?: RunLimits;
  readonly task?: Partial<NewTask>;
}

/** Makes tasks in a thread of their own, as intake does it. */
export async function askFor(db: Database, asking: Asking): Promise<Asked> {
  const { by = 'ana', platform = 'web', projectId, count = 1, limits, task } = asking;
  const thread = newId();
  const message: IncomingMessage = {
    externalId: thread,
    thread: { platform, channel: 'c', thread },
    sender: { externalId: by, name: by },
    text: 'do it',
    files: [],
    addressed: true,
    opensThread: true,
  };
  await acceptMessage(db, message, 'admin');
  const { id } = await db.kysely
    .selectFrom('inbox')
    .select('id')
    .where('external_id', '=', thread)
    .executeTakeFirstOrThrow();
  const inbox = await readMessage(db, id);
  if (inbox === undefined) throw new Error('the message is not there');
  await finishMessage(db, inbox, async () => undefined);
  const about = { inboxId: inbox.id, threadId: inbox.threadId, requester: inbox.sender };
  const tasks = Array.from({ length: count }, (_, part) => ({ ...plainTask(projectId), ...task, ...about, part }));
  const made = await db.transaction((trx) => createTasks(db, trx, tasks, limits));
  return { taskIds: made.map(({ id }) => id), thread };
}

function plainTask(projectId: string): Omit<NewTask, 'inboxId' | 'part' | 'threadId' | 'requester'> {
  return {
    project: { id: projectId, name: 'demo' },
    runbook: { id: 'demo', name: 'demo' },
    title: 'Do it',
    request: 'do it',
    steps: [plannedStep('s1')],
    priority: 50,
    after: [],
    understanding: plainUnderstanding,
  };
}
