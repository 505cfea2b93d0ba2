import type { InteractionReply, Reaction } from '#core/chat/adapter.ts';
import { type ActionVerb, decodeAction } from '#core/chat/button.ts';
import { show } from '#core/show/task.ts';
import { keyOfPost } from '#db/posts/posts.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { press } from './press.ts';

const verbs: Readonly<Record<Reaction['meaning'], ActionVerb>> = { approve: 'approve', stop: 'cancel' };

/** A reaction is the press of the button of that meaning which the post has now; on any other post it is only a sign. */
export async function react(application: Application, reaction: Reaction): Promise<InteractionReply> {
  const { thread, post, sender, meaning } = reaction;
  const key = await keyOfPost(application.db, thread, post);
  const [, number, cardKey] = /^task:(\d+):(.+)$/.exec(key ?? '') ?? [];
  const task = number === undefined ? undefined : await taskByNumber(application.db, Number(number), 'commander');
  const card = task === undefined ? undefined : show(task).find((each) => each.key === cardKey);
  const buttons = card?.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])) ?? [];
  const action = buttons.find((button) => decodeAction(button.action ?? '')?.verb === verbs[meaning])?.action;
  return action === undefined ? { kind: 'done' } : press(application, { action, thread, sender });
}
