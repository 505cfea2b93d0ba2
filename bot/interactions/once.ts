import type { ButtonPress, InteractionReply } from '#core/chat/adapter.ts';
import { answerOnce, type InteractionId } from '#db/intake/interactions.ts';
import type { Application } from '../application.ts';

/** Which press or form it is, where its platform says that. */
export function interactionOf({
  thread,
  externalId,
}: Pick<ButtonPress, 'thread' | 'externalId'>): InteractionId | undefined {
  return externalId === undefined ? undefined : { platform: thread.platform, externalId };
}

/**
 * What a press or a form is answered: when it came before, as the first time. That it is done or opens a form can be said
 * again; what is wrong or out of date may be so because of itself.
 */
export async function answeredOnce(
  { db }: Application,
  id: InteractionId | undefined,
  reply: InteractionReply,
): Promise<InteractionReply> {
  return id === undefined || reply.kind === 'done' || reply.kind === 'modal' ? reply : answerOnce(db, id, reply);
}
