import { createHash } from 'node:crypto';
import {
  type ChatAdapter,
  PostRefused,
  type ThreadAddress,
  type ThreadStatus,
  type Urgency,
} from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { linkedIn, withPageKeys } from '#core/chat/page-key.ts';
import { show } from '#core/show/task.ts';
import { threadStatus } from '#core/show/thread-status.ts';
import { namedTasks, withoutNames } from '#core/show/unnamed-tasks.ts';
import type { TaskState } from '#core/task/state.ts';
import { senderOf } from '#db/intake/members.ts';
import {
  markPresented,
  markReplied,
  type Post,
  type PresentableReply,
  postsOf,
  presentableTask,
  refusePost,
  savePost,
} from '#db/posts/posts.ts';
import { pageKeysOf } from '#db/tasks/page-keys.ts';
import { privateAt } from '#db/tasks/visible.ts';
import type { Application } from '../application.ts';
import { presentedWorld } from '../show-world.ts';
import { isSettled, type Outbox, type Wanted } from './outbox.ts';
import { offerParts } from './sharing.ts';

/** The thread's own status stands among its posts under this key. */
const statusKey = 'thread-status';

/** What was computed is on its way; `shown` resolves when the thread shows it. */
export interface Presentation {
  readonly seq: number;
  readonly shown: Promise<void>;
}

/** Computes what a task's thread should show and offers the difference. `undefined` when its platform is not there now. */
export async function presentTask(
  application: Application,
  outbox: Outbox,
  taskId: string,
): Promise<Presentation | undefined> {
  const { db, adapters } = application;
  const task = await presentableTask(db, taskId);
  // A platform that is not there now keeps its threads as they are until it is.
  const adapter = task === undefined ? undefined : adapters.get(task.address.platform);
  if (task === undefined || adapter === undefined) return undefined;
  const { state, seq, threadId, address, pageKey } = task;
  const [world, hidden] = await Promise.all([
    presentedWorld(application, state, address),
    privateAt(db, address, namedTasks(state)),
  ]);
  const cards = show(withoutNames(state, hidden), world);
  const called = await calling(application, cards, { task: state, platform: address.platform });
  const view = {
    adapter,
    threadId,
    address,
    prefix: `task:${state.number}:`,
    // Links to what is public need no key.
    cards: pageKey === undefined ? called : await withOwnKey(application, called, { number: state.number, pageKey }),
  };
  const offered = await offerCards(application, outbox, view);
  const status = task.newest ? offerStatus(application, outbox, view, threadStatus(state)) : [];
  const shown = Promise.all([...offered, ...status]).then(() => markPresented(db, taskId, seq));
  return { seq, shown };
}

/** Links to what the task itself made and shows open with the key of its thread; what others made has keys of their own. */
async function withOwnKey(
  { db }: Application,
  cards: readonly Card[],
  { number, pageKey }: { readonly number: number; readonly pageKey: string },
): Promise<readonly Card[]> {
  const { ofOutputs } = await pageKeysOf(db, { numbers: new Set(), outputs: linkedIn(cards).outputs });
  return withPageKeys(cards, ({ number: about, output = '' }) =>
    about === number || ofOutputs.get(output) === pageKey ? pageKey : undefined,
  );
}

/**
 * Whom cards call, once, when they first appear: a reminder names who may answer it, and the report of an end calls who asked: he may
 * have begun the task by a command and be elsewhere by now. `task`: whose cards they are; an answer to a message has none.
 */
async function calling(
  { db }: Application,
  cards: readonly Card[],
  { platform, task }: { readonly platform: string; readonly task?: TaskState },
): Promise<readonly Card[]> {
  const ends = task?.status === 'completed' || task?.status === 'failed';
  const report = ends ? cards.findLast(({ key }) => key.startsWith('report:')) : undefined;
  return Promise.all(
    cards.map(async (card) => {
      const memberId = card === report ? task?.requester.memberId : pingedBy(card);
      const notifies = memberId === undefined ? undefined : await senderOf(db, memberId, platform);
      return notifies === undefined ? card : { ...card, notifies };
    }),
  );
}

/** The member whom a card's own words ping. */
function pingedBy({ blocks }: Card): string | undefined {
  const pieces = blocks.flatMap((block) => (block.kind === 'text' ? block.text : []));
  for (const piece of pieces)
    if (typeof piece === 'object' && piece.kind === 'person' && piece.ping === true) return piece.memberId;
  return undefined;
}

/** Offers the answer to a message; resolves when it is shown. */
export async function presentReply(application: Application, outbox: Outbox, reply: PresentableReply): Promise<void> {
  const adapter = application.adapters.get(reply.address.platform);
  if (adapter === undefined) return;
  const { platform } = reply.address;
  const called = await calling(application, reply.cards, { platform });
  const cards = called.map((card, index) => ({ ...card, key: `${index}:${card.key}` }));
  const view = { ...reply, adapter, prefix: `inbox:${reply.inboxId}:`, cards };
  await Promise.all(await offerCards(application, outbox, view));
  await markReplied(application.db, reply);
}

interface View {
  readonly adapter: ChatAdapter;
  readonly threadId: string;
  readonly address: ThreadAddress;
  /** Of the keys of these cards' posts. */
  readonly prefix: string;
  readonly cards: readonly Card[];
}

async function offerCards(application: Application, outbox: Outbox, view: View): Promise<readonly Promise<void>[]> {
  const { adapter, threadId, address, prefix, cards } = view;
  // Taken before the posts are read: what is sent meanwhile may change what was read.
  const active = outbox.active(threadId);
  const posts = await postsOf(application.db, threadId, prefix);
  return cards.flatMap((card) => {
    const key = `${prefix}${card.key}`;
    const shown = offerCard(card, key);
    const { sharing } = adapter;
    if (sharing === undefined) return shown;
    const after = { threadId, address, group: prefix, key, card, posts, active, shown: shown[0] ?? Promise.resolve() };
    return [...shown, ...offerParts(application, outbox, sharing, after)];
  });

  function offerCard(card: Card, key: string): readonly Promise<void>[] {
    const hash = hashOf(card);
    const post = posts.get(key);
    const urgency = urgencyOf(card, key);
    if (post !== undefined && isSettled(post, { hash, urgency }) && !active.has(key)) return [];
    const wanted: Wanted = {
      hash,
      urgency,
      decides: card.tone === 'waiting',
      send: (now, asUrgent) => sendCard(application, adapter, { address, card, hash, post: now, urgency: asUrgent }),
    };
    return [outbox.offer({ threadId, key, group: prefix, exists: post?.externalId !== undefined }, wanted)];
  }
}

function offerStatus(
  application: Application,
  outbox: Outbox,
  { adapter, threadId, address, prefix }: View,
  status: ThreadStatus,
): readonly Promise<void>[] {
  if (adapter.showStatus === undefined) return [];
  const hash = hashOf(status);
  const wanted: Wanted = {
    hash,
    urgency: 'soon',
    decides: false,
    async send(post) {
      try {
        await adapter.showStatus?.(address, status);
      } catch (error) {
        if (!(error instanceof PostRefused)) throw error;
        application.log.warn({ error, thread: address.thread }, 'the platform does not show how this thread stands');
      }
      const shown = post.inFlight ? undefined : hash;
      await savePost(application.db, post.id, { externalId: statusKey, shown, revision: post.revision + 1 });
      return 'shown';
    },
  };
  return [outbox.offer({ threadId, key: statusKey, group: prefix, exists: true }, wanted)];
}

interface Sending {
  readonly address: ThreadAddress;
  readonly card: Card;
  readonly hash: string;
  readonly post: Post;
  readonly urgency: Urgency;
}

/** The post's row exists before the platform is asked, and its id is the platform's key: a repeat finds what was made. */
async function sendCard(application: Application, adapter: ChatAdapter, sending: Sending): Promise<'shown' | 'again'> {
  const { address, card, hash, post, urgency } = sending;
  const revision = post.revision + 1;
  try {
    if (post.externalId === undefined) {
      const externalId = await adapter.create(address, card, post.id, urgency);
      // A create that is repeated finds the older card: an edit brings it up to date.
      const shown = post.begun === 'now' ? hash : undefined;
      await savePost(application.db, post.id, { externalId, shown, revision });
      return shown === undefined ? 'again' : 'shown';
    }
    const externalId = await adapter.edit(address, post.externalId, card, revision, urgency);
    await savePost(application.db, post.id, { externalId, shown: post.inFlight ? undefined : hash, revision });
  } catch (error) {
    if (!(error instanceof PostRefused)) throw error;
    application.log.warn({ error, post: post.key }, 'the platform refuses this post as it is');
    await refusePost(application.db, post.id, { reason: error.message, shown: hash });
  }
  return 'shown';
}

/** Somebody waits for an answer, for what is asked, and for every end; the rest is progress, as reminders are. */
function urgencyOf({ tone, key: kind }: Card, key: string): Urgency {
  const isProgress = tone === 'progress' || tone === 'neutral';
  const isAnswer = key.startsWith('inbox:') && !/^\d+:reminder:/.test(kind);
  return isProgress && !isAnswer ? 'soon' : 'now';
}

function hashOf(shown: object): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url');
}
