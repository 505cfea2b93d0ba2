import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { PostLater, type Urgency } from '#core/chat/adapter.ts';
import type { Database } from '#db/database.ts';
import { beginPost, type Post, restPost } from '#db/posts/posts.ts';
import type { AnswersFirst } from '../answers-first.ts';
import { createTurns } from './turns.ts';

/** What a post should show now. */
export interface Wanted {
  /** Of what is shown: the same hash is not sent again. */
  readonly hash: string;
  /** Whether somebody waits for it. */
  readonly urgency: Urgency;
  /** Whether a person has to decide it. */
  readonly decides: boolean;
  /**
   * Makes the post show it, in one or more passes: `again` when another one is needed. `urgency` is its own, or that of a post which
   * can only be made after it. Of a post in flight nothing is written down as shown: it is sent once more.
   * @throws any error: nobody knows whether the platform did it; the same is asked again later.
   */
  send(post: Post, urgency: Urgency): Promise<'shown' | 'again'>;
}

/**
 * Whether a post needs nothing: it shows this already, or the platform refused it. What somebody waits for is tried once more whenever it
 * changes, for what was in the way may be gone; news are not.
 */
export function isSettled(
  post: Pick<Post, 'shown' | 'refused' | 'inFlight'>,
  { hash, urgency }: Pick<Wanted, 'hash' | 'urgency'>,
): boolean {
  return (post.shown === hash && !post.inFlight) || (post.refused !== undefined && urgency === 'soon');
}

export interface PostPlace {
  readonly threadId: string;
  readonly key: string;
  /** What it belongs to: a task, or the answer to a message. */
  readonly group: string;
  /** Whether the platform has it already. New posts of one thread are made in an order (`Turns`). */
  readonly exists: boolean;
}

/** Sends what posts should show: one call at a time for each post, any number of posts at once, the newest wish only. */
export interface Outbox {
  /** Resolves when the post shows this or something newer, or was refused for good; rejects when the outbox is stopped before. */
  offer(place: PostPlace, wanted: Wanted): Promise<void>;
  /** Keys of the thread's posts that are being sent. */
  active(threadId: string): ReadonlySet<string>;
  /** Begins no call any more and waits for those under way. */
  stop(): Promise<void>;
}

export interface OutboxOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly answersFirst: AnswersFirst;
  /** The wait after a first failure, in milliseconds; it doubles with each. Default: 500. */
  readonly retryMs?: number;
  /** For so long what a process that is gone has sent may yet land, in milliseconds. Default: 15,000. */
  readonly lateMs?: number;
}

const firstRetryMs = 500;

/** As long as an adapter waits for what was never answered (seen live: a message that landed seconds later). */
const longestLateMs = 15_000;

/** What may yet be overtaken is looked at this often, in milliseconds: meanwhile there may be something newer to show. */
const lookMs = 250;

/** A platform that is away is asked about once a minute. */
const longestRetryMs = 60_000;

interface Lane {
  readonly place: PostPlace;
  /** Whether the platform has the post. */
  made: boolean;
  /** The newest wish; absent when it is shown. */
  wish: Wish | undefined;
  /** Whether nobody knows what became of the last call. */
  hasFailed: boolean;
  /** The post's id, while nothing of it is on its way: the platform had no room. */
  resting?: string | undefined;
  /** Whether it is known if an earlier process left it in flight. */
  isKnown: boolean;
  /** It did: what was sent then may land until this time, in milliseconds since 1970; `sent` is the hash of what was sent here meanwhile. */
  doubt?: { readonly until: number; sent?: string } | undefined;
}

/** `laterMs`: the platform had no room just then; when it has, there may be a newer wish. */
type Passed = 'done' | 'failed' | { readonly laterMs: number };

interface Wish {
  readonly wanted: Wanted;
  /** Those who offered it, or something older that it replaced before it was sent. */
  readonly waiting: PromiseWithResolvers<void>[];
}

export function createOutbox({
  db,
  log,
  answersFirst,
  retryMs = firstRetryMs,
  lateMs = longestLateMs,
}: OutboxOptions): Outbox {
  const lanes = new Map<string, Map<string, Lane>>();
  const turns = createTurns();
  const running = new Set<Promise<void>>();
  const ending = new AbortController();

  function offer(place: PostPlace, wanted: Wanted): Promise<void> {
    const offered = Promise.withResolvers<void>();
    const ofThread = lanes.get(place.threadId) ?? new Map<string, Lane>();
    lanes.set(place.threadId, ofThread);
    const lane = ofThread.get(place.key);
    if (lane?.wish?.wanted.hash === wanted.hash) lane.wish.waiting.push(offered);
    else if (lane !== undefined) lane.wish = { wanted, waiting: [...(lane.wish?.waiting ?? []), offered] };
    else
      begin(ofThread, {
        place,
        made: place.exists,
        hasFailed: false,
        isKnown: false,
        wish: { wanted, waiting: [offered] },
      });
    return offered.promise;
  }

  function begin(ofThread: Map<string, Lane>, lane: Lane): void {
    const { threadId, key, exists } = lane.place;
    ofThread.set(key, lane);
    const work = (exists ? untilShown(lane) : untilMade(lane).then(() => untilShown(lane)))
      .catch(async (error: unknown) => {
        // The next process has nothing to fear of it.
        if (lane.resting !== undefined)
          await restPost(db, lane.resting).catch((cause: unknown) =>
            log.info({ error: cause, key }, 'that a post is not in flight could not be kept; it is shown twice'),
          );
        for (const offered of lane.wish?.waiting ?? []) offered.reject(error);
      })
      .finally(() => {
        ofThread.delete(key);
        if (ofThread.size === 0) lanes.delete(threadId);
        running.delete(work);
      });
    running.add(work);
  }

  /** One pass that succeeds: then the platform has the post, or refused it. */
  async function untilMade(lane: Lane): Promise<void> {
    const { threadId, group } = lane.place;
    const turn = turns.enter(threadId, { group, wish: () => lane.wish?.wanted });
    try {
      for (let failures = 0; !lane.made; ) {
        // Where the platform has no room yet the others wait too: there is none for them either.
        const result = await turn.take(async () => {
          const passed = await pass(lane);
          if (failures === 0) await room(passed);
          return passed;
        });
        if (result === 'done') lane.made = true;
        else if (result === 'failed') {
          turn.failed();
          await backOff(failures++);
        } else if (failures > 0) await room(result);
      }
    } finally {
      turn.leave();
    }
  }

  async function untilShown(lane: Lane): Promise<void> {
    for (let failures = 0; lane.wish !== undefined; ) {
      const result = await pass(lane);
      if (result === 'failed') await backOff(failures++);
      else failures = 0;
      await room(result);
    }
  }

  async function pass(lane: Lane): Promise<Passed> {
    await answersFirst.turn();
    ending.signal.throwIfAborted();
    const { wish } = lane;
    if (wish === undefined) return 'done';
    try {
      const passed = await attempt(lane, wish);
      if (passed !== 'shown') return passed;
    } catch (error) {
      if (error instanceof PostLater) return { laterMs: error.afterMs };
      log.warn({ error, key: lane.place.key }, 'a post could not be shown; it is tried again');
      return 'failed';
    }
    for (const offered of wish.waiting.splice(0)) offered.resolve();
    if (lane.wish === wish) lane.wish = undefined;
    return 'done';
  }

  async function attempt(lane: Lane, wish: Wish): Promise<'shown' | Passed> {
    const { threadId, key } = lane.place;
    const { wanted } = wish;
    const post = await beginPost(db, threadId, key, wanted.hash);
    const begun = Date.now();
    if (!lane.isKnown && post.inFlight) lane.doubt = { until: begun + lateMs };
    lane.isKnown = true;
    lane.resting = undefined;
    const { doubt } = lane;
    const left = doubt === undefined ? 0 : doubt.until - begun;
    const later = { laterMs: Math.min(lookMs, left) };
    if (left > 0 && doubt?.sent === wanted.hash) return later;
    if (isSettled(post, wanted)) return 'shown';
    const sent = await wanted.send({ ...post, inFlight: left > 0 }, urgencyOf(lane, wish)).catch((error: unknown) => {
      const isFree = error instanceof PostLater && !lane.hasFailed && doubt === undefined;
      lane.resting = isFree ? post.id : undefined;
      lane.hasFailed ||= !(error instanceof PostLater);
      throw error;
    });
    lane.hasFailed = false;
    if (doubt !== undefined && left > 0) {
      doubt.sent = wanted.hash;
      return later;
    }
    lane.doubt = undefined;
    return sent === 'again' ? 'done' : sent;
  }

  /** What somebody waits for is not held up by posts that are only news and have to be made before it. */
  function urgencyOf({ place, made }: Lane, { wanted }: Wish): Urgency {
    const ofThread = [...(lanes.get(place.threadId)?.values() ?? [])];
    const holdsUp = !made && ofThread.some((other) => !other.made && other.wish?.wanted.urgency === 'now');
    return holdsUp ? 'now' : wanted.urgency;
  }

  async function room(passed: Passed): Promise<void> {
    if (typeof passed === 'object') await wait(passed.laterMs, undefined, { signal: ending.signal });
  }

  function backOff(failures: number): Promise<void> {
    return wait(Math.min(longestRetryMs, retryMs * 2 ** failures), undefined, { signal: ending.signal });
  }

  return {
    offer,
    active: (threadId) => new Set(lanes.get(threadId)?.keys()),
    async stop() {
      ending.abort();
      await Promise.all(running);
    },
  };
}
