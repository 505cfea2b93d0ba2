import { sql } from 'kysely';
import type { ThreadAddress } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import type { Place } from '#core/policy/visibility.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Database } from '../database.ts';
import { newId } from '../id.ts';
import { placeFrom } from '../place.ts';

/** What a platform shows of one card. */
export interface Post {
  readonly id: string;
  readonly key: string;
  readonly externalId?: string;
  readonly shown?: string;
  readonly revision: number;
  readonly refused?: string;
  /** Whether a change of it was begun whose end was never written down: it may yet land over a newer one. */
  readonly inFlight: boolean;
  /** Whether this call made the row: then the platform was never asked for the post before. */
  readonly begun: 'now' | 'before';
}

/** A thread with what it should show. */
export interface ThreadView {
  readonly threadId: string;
  readonly address: ThreadAddress;
}

/** The posts of a thread whose keys begin with `prefix`. */
export async function postsOf(db: Database, threadId: string, prefix: string): Promise<ReadonlyMap<string, Post>> {
  const rows = await db.kysely
    .selectFrom('posts')
    .selectAll()
    .where('thread_id', '=', threadId)
    .where('key', 'like', `${prefix}%`)
    .execute();
  return new Map(
    rows.map((row) => [
      row.key,
      {
        id: row.id,
        key: row.key,
        externalId: row.external_id ?? undefined,
        shown: row.shown ?? undefined,
        revision: row.revision,
        refused: row.refused ?? undefined,
        inFlight: row.in_flight,
        begun: 'before',
      },
    ]),
  );
}

/** The key of the post that a platform knows by this id in a thread. */
export async function keyOfPost(
  db: Database,
  { platform, channel, thread }: ThreadAddress,
  externalId: string,
): Promise<string | undefined> {
  const row = await db.kysely
    .selectFrom('posts')
    .innerJoin('threads', 'threads.id', 'posts.thread_id')
    .select('key')
    .where('platform', '=', platform)
    .where('channel', '=', channel)
    .where('thread', '=', thread)
    .where('external_id', '=', externalId)
    .executeTakeFirst();
  return row?.key;
}

/**
 * Remembers a post before the platform is asked for it: its id is the key that makes its creation repeatable. One that is there, and
 * shows something else than `hash`, is in flight from now on; `inFlight` says whether it was before.
 */
export async function beginPost(db: Database, threadId: string, key: string, hash: string): Promise<Post> {
  const id = newId();
  const row = await db.kysely
    .insertInto('posts')
    .values({ id, thread_id: threadId, key })
    .onConflict((conflict) =>
      conflict.columns(['thread_id', 'key']).doUpdateSet({
        in_flight: sql<boolean>`posts.in_flight or (posts.external_id is not null and posts.shown is distinct from ${hash})`,
      }),
    )
    .returning(['id', 'external_id', 'shown', 'revision', 'refused'])
    // What is read beside a change is what was there before it.
    .returning(sql<boolean | null>`(select before.in_flight from posts before where before.id = posts.id)`.as('left'))
    .executeTakeFirstOrThrow();
  return {
    begun: row.id === id ? 'now' : 'before',
    id: row.id,
    key,
    externalId: row.external_id ?? undefined,
    shown: row.shown ?? undefined,
    revision: row.revision,
    refused: row.refused ?? undefined,
    inFlight: row.left === true,
  };
}

/** Records what the platform now shows; `shown` absent: the post is there, and has to be changed once more. */
export async function savePost(
  db: Database,
  postId: string,
  shown: { readonly externalId: string; readonly shown: string | undefined; readonly revision: number },
): Promise<void> {
  await db.kysely
    .updateTable('posts')
    .set({ external_id: shown.externalId, shown: shown.shown ?? null, revision: shown.revision, refused: null })
    .$if(shown.shown !== undefined, (update) => update.set({ in_flight: false }))
    .where('id', '=', postId)
    .execute();
}

/** Records that nothing of a change was sent, after all. */
export async function restPost(db: Database, postId: string): Promise<void> {
  await db.kysely.updateTable('posts').set({ in_flight: false }).where('id', '=', postId).execute();
}

/** Records that the platform does not take this post as it is: `shown` is what was refused. */
export async function refusePost(
  db: Database,
  postId: string,
  { reason, shown }: { readonly reason: string; readonly shown: string },
): Promise<void> {
  await db.kysely
    .updateTable('posts')
    .set({ refused: reason, shown, in_flight: false })
    .where('id', '=', postId)
    .execute();
}

/** Records how far a task's thread shows its events; an older answer never takes back a newer one. */
export async function markPresented(db: Database, taskId: string, seq: number): Promise<void> {
  await db.kysely
    .insertInto('presented')
    .values({ task_id: taskId, seq })
    .onConflict((conflict) =>
      conflict.column('task_id').doUpdateSet({ seq: sql<number>`greatest(presented.seq, excluded.seq)` }),
    )
    .execute();
}

/** Which rows a look asks for: of these platforms, at most so many. */
export interface Look {
  readonly platforms: readonly string[];
  readonly limit: number;
}

/** Tasks with events that their thread does not show yet. */
export async function unpresentedTasks(
  db: Database,
  { platforms, limit }: Look,
): Promise<readonly { readonly taskId: string; readonly seq: number }[]> {
  const rows = await db.kysely
    .selectFrom('tasks')
    .innerJoin('threads', 'threads.id', 'tasks.thread_id')
    .leftJoin('presented', 'presented.task_id', 'tasks.id')
    .select(['tasks.id', 'tasks.seq'])
    .where('platform', 'in', [...platforms])
    .where((each) => each.or([each('presented.seq', 'is', null), each('presented.seq', '<', each.ref('tasks.seq'))]))
    .limit(limit)
    .execute();
  return rows.map((row) => ({ taskId: row.id, seq: row.seq }));
}

export interface PresentableTask extends ThreadView {
  readonly state: TaskState;
  readonly seq: number;
  /** Whether it is the newest task of its thread. */
  readonly newest: boolean;
  readonly address: Place;
  /** What opens its pages; those of a public task need none. */
  readonly pageKey?: string;
}

/** A task with its thread. */
export async function presentableTask(db: Database, taskId: string): Promise<PresentableTask | undefined> {
  const row = await db.kysely
    .selectFrom('tasks')
    .innerJoin('threads', 'threads.id', 'tasks.thread_id')
    .select(['state', 'seq', 'thread_id', 'platform', 'channel', 'thread', 'read_by', 'page_key'])
    .select((each) =>
      each
        .not(
          each.exists(
            each
              .selectFrom('tasks as later')
              .select('later.id')
              .whereRef('later.thread_id', '=', 'tasks.thread_id')
              .whereRef('later.number', '>', 'tasks.number'),
          ),
        )
        .as('newest'),
    )
    .where('tasks.id', '=', taskId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { state, seq, page_key: pageKey } = row;
  return {
    state,
    seq,
    newest: row.newest === true,
    threadId: row.thread_id,
    address: placeFrom(row),
    ...(row.read_by === 'everybody' ? {} : { pageKey }),
  };
}

export interface PresentableReply extends ThreadView {
  readonly inboxId: string;
  readonly cards: readonly Card[];
}

/** Answers to messages that their threads do not show yet; `inboxId` narrows it to one. */
export async function unpresentedReplies(
  db: Database,
  { platforms, limit, inboxId }: Look & { readonly inboxId?: string },
): Promise<readonly PresentableReply[]> {
  const all = db.kysely
    .selectFrom('inbox')
    .innerJoin('threads', 'threads.id', 'inbox.thread_id')
    .select(['inbox.id', 'reply', 'threads.id as threadId', 'threads.platform', 'channel', 'thread'])
    .where('reply', 'is not', null)
    .where('replied_at', 'is', null)
    .where('threads.platform', 'in', [...platforms])
    .orderBy('received_at')
    .limit(limit);
  const rows = await (inboxId === undefined ? all : all.where('inbox.id', '=', inboxId)).execute();
  return rows.map((row) => ({
    inboxId: row.id,
    cards: row.reply ?? [],
    threadId: row.threadId,
    address: { platform: row.platform, channel: row.channel, thread: row.thread },
  }));
}

/** The answer to a message is shown; one that was changed meanwhile is shown next. */
export async function markReplied(db: Database, { inboxId, cards }: PresentableReply): Promise<void> {
  await db.kysely
    .updateTable('inbox')
    .set({ replied_at: new Date() })
    .where('id', '=', inboxId)
    .where(sql<boolean>`reply = ${JSON.stringify(cards)}::jsonb`)
    .execute();
}
