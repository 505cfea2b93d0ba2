import { PostRefused, type Sharing, type ThreadAddress } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { type Post, refusePost, savePost } from '#db/posts/posts.ts';
import type { Application } from '../application.ts';
import { isSettled, type Outbox } from './outbox.ts';

/** A card in its thread, whose post is on its way. */
export interface Shared {
  readonly threadId: string;
  readonly address: ThreadAddress;
  /** What the post belongs to. */
  readonly group: string;
  /** The post's key. */
  readonly key: string;
  readonly card: Card;
  /** The thread's posts, by key. */
  readonly posts: ReadonlyMap<string, Post>;
  readonly active: ReadonlySet<string>;
  /** Resolves when the card is shown. */
  readonly shown: Promise<void>;
}

/** What a post of a part stands for on the platform: it is never changed, so its own id is not needed. */
const sharedSign = 'shared';

/**
 * Offers what of a card comes after its message, each part as a post of its own: one that is slow, or fails, holds up nothing else, and
 * the next process goes on with what is not there yet.
 */
export function offerParts(
  { db, log }: Pick<Application, 'db' | 'log'>,
  outbox: Outbox,
  sharing: Sharing,
  { threadId, address, group, key: ofPost, card, posts, active, shown }: Shared,
): readonly Promise<void>[] {
  return sharing.parts(card).flatMap((part) => {
    const key = `${ofPost}:part:${part}`;
    const wish = { hash: part, urgency: 'soon' as const };
    const post = posts.get(key);
    if (post !== undefined && isSettled(post, wish) && !active.has(key)) return [];

    async function send({ id, revision }: Post): Promise<'shown'> {
      try {
        await sharing.share(address, card, part, id);
        await savePost(db, id, { externalId: sharedSign, shown: part, revision: revision + 1 });
      } catch (error) {
        if (!(error instanceof PostRefused)) throw error;
        log.warn({ error, post: key }, 'the platform does not take this part of a post');
        await refusePost(db, id, { reason: error.message, shown: part });
      }
      return 'shown';
    }

    const place = { threadId, key, group, exists: true };
    return [shown.then(() => outbox.offer(place, { ...wish, decides: false, send }))];
  });
}
