import type { InteractionReply, Sender, ThreadAddress } from '#core/chat/adapter.ts';
import { taskAt } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { actorFrom } from '../newcomer-role.ts';
import { carryOut } from './press.ts';

/** A platform's own stop button: cancels the newest task of the thread, for one who may. */
export async function stop(application: Application, thread: ThreadAddress, sender: Sender): Promise<InteractionReply> {
  const task = await taskAt(application.db, thread);
  if (task === undefined) return { kind: 'notice', tone: 'warning', text: 'There is no task in this thread.' };
  const actor = await actorFrom(application.db, thread.platform, sender);
  return carryOut(application, task, { type: 'cancel' }, { actor });
}
