import { randomUUID } from 'node:crypto';
import type { ChatAdapter, PostId, ThreadAddress } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { untilDone } from './until-done.ts';

/** Shows a new card with all that comes after its message, as the presenter does; the message's id. */
export async function showCard(
  { create, sharing }: Pick<ChatAdapter, 'create' | 'sharing'>,
  thread: ThreadAddress,
  card: Card,
  key: string,
): Promise<PostId> {
  const post = await untilDone(() => create(thread, card, key, 'now'));
  await shareParts({ sharing }, thread, card);
  return post;
}

/** Puts what comes after a card's message into its thread. */
export async function shareParts(
  { sharing }: Pick<ChatAdapter, 'sharing'>,
  thread: ThreadAddress,
  card: Card,
): Promise<void> {
  for (const part of sharing?.parts(card) ?? []) {
    const key = randomUUID();
    await untilDone(async () => sharing?.share(thread, card, part, key));
  }
}
