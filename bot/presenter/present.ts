import { createHash } from 'node:crypto';
import { type ChatAdapter, PostRefused, type ThreadAddress, type Urgency } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { show } from '#core/show/task.ts';
import {
  beginPost,
  markPresented,
  markReplied,
  type Post,
  type PresentableReply,
  postsOf,
  presentableTask,
  refusePost,
  savePost,
} from '#db/posts/posts.ts';
import { queuePosition } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';

/** Places in the queue are counted up to here; further back a number says little and costs a lot. */
const countedPositions = 100;

/** Makes a task's thread show what it should: computes the cards, compares, and sends only the difference. */
export async function presentTask(application: Application, taskId: string): Promise<void> {
  const { db } = application;
  const task = await presentableTask(db, taskId);
  if (task === undefined) return;
  const { state, seq, threadId, address } = task;
  const position = state.ready === 'work' ? await queuePosition(db, taskId, countedPositions) : undefined;
  const queue = position === undefined ? undefined : { position, ahead: position - 1 };
  await reconcile(application, { threadId, address, prefix: `task:${state.number}:`, cards: show(state, { queue }) });
  await markPresented(db, taskId, seq);
}

/** Shows the answer to a message. */
export async function presentReply(application: Application, reply: PresentableReply): Promise<void> {
  const cards = reply.cards.map((card, index) => ({ ...card, key: `${index}:${card.key}` }));
  await reconcile(application, { ...reply, prefix: `inbox:${reply.inboxId}:`, cards });
  await markReplied(application.db, reply.inboxId);
}

interface View {
  readonly threadId: string;
  readonly address: ThreadAddress;
  /** Of the keys of these cards' posts. */
  readonly prefix: string;
  readonly cards: readonly Card[];
}

async function reconcile(application: Application, { threadId, address, prefix, cards }: View): Promise<void> {
  const adapter = application.adapters.get(address.platform);
  // A platform that is not configured now keeps its threads as they are until it is.
  if (adapter === undefined) return;
  const posts = await postsOf(application.db, threadId, prefix);
  for (const card of cards) {
    const key = `${prefix}${card.key}`;
    const hash = createHash('sha256').update(JSON.stringify(card)).digest('base64url');
    const post = posts.get(key);
    if (post?.refused !== undefined || post?.shown === hash) continue;
    await send(application, adapter, {
      address,
      card,
      hash,
      post: post ?? (await beginPost(application.db, threadId, key)),
    });
  }
}

/** Somebody waits for everything but progress and the words before the work. */
function urgencyOf({ tone }: Card): Urgency {
  return tone === 'progress' || tone === 'neutral' ? 'soon' : 'now';
}

interface Sending {
  readonly address: ThreadAddress;
  readonly card: Card;
  readonly hash: string;
  readonly post: Post;
}

/** The post's row exists before the platform is asked, and its id is the platform's key: a repeat finds what was made. */
async function send(application: Application, adapter: ChatAdapter, sending: Sending): Promise<void> {
  const { address, card, hash, post } = sending;
  const revision = post.revision + 1;
  try {
    const urgency = urgencyOf(card);
    const made = post.externalId ?? (await adapter.create(address, card, post.id, urgency));
    // A create that is repeated after a crash finds the older card: the edit brings it up to date.
    const externalId = await adapter.edit(address, made, card, revision, urgency);
    await savePost(application.db, post.id, { externalId, shown: hash, revision });
  } catch (error) {
    if (!(error instanceof PostRefused)) throw error;
    application.log.warn({ error, post: post.key }, 'the platform refuses this post for good');
    await refusePost(application.db, post.id, error.message);
  }
}
