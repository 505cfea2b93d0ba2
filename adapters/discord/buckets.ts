import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { AdapterStore } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { keepRecent } from './recent.ts';

/**
 * Keeps requests from coming before Discord takes them. discord.js waits by what it was told, but a process that has just begun
 * was told nothing, and the first answers of a route give it a second queue for it (read): both can send too much.
 */
export interface Buckets {
  /** Sends a request when no other one of its bucket is under way and the bucket is not known to be empty. */
  through(method: string, path: string, send: () => Promise<Response>): Promise<Response>;
  /** Sends one that may take long, beside the others of its bucket, for which it leaves some room. */
  beside(method: string, path: string, send: () => Promise<Response>): Promise<Response>;
}

/** Key in the adapter's store: when buckets that are empty have room again, in milliseconds since 1970. */
const emptyKey = 'empty-buckets';

/** The longest wait, in milliseconds: discord.js gives a request up after 10 s. What takes longer may be refused and is waited out. */
const longestMs = 6000;

/** A little later than Discord says: its clock is not ours. */
const graceMs = 50;

/** Requests of a bucket that those which may take long leave to the others. */
const leftToOthers = 2;

/** What Discord said of a bucket last, less what was sent since and may not be counted in it. */
interface Room {
  readonly limit: number;
  left: number;
  /** Then it is full again, in milliseconds since 1970. */
  until: number;
}

const storedShape = z.record(z.string(), z.number());

export function createBuckets(store: AdapterStore, log: AdapterLog): Buckets {
  const empty = new Map<string, number>();
  const turns = new Map<string, Promise<unknown>>();
  const rooms = new Map<string, Room>();
  const underWay = new Map<string, number>();
  let loading: Promise<void> | undefined;
  let saving: Promise<void> = Promise.resolve();

  async function load(): Promise<void> {
    const stored = storedShape.safeParse(await store.get(emptyKey));
    for (const [key, until] of Object.entries(stored.success ? stored.data : {})) empty.set(key, until);
  }

  /** What an earlier process was told. Without it a request may be refused once, which does no harm. */
  function loaded(): Promise<void> {
    loading ??= load().catch((error: unknown) => log.info({ error }, 'what is known of rate limits could not be read'));
    return loading;
  }

  function note(key: string, headers: Headers): void {
    const remaining = headers.get('x-ratelimit-remaining');
    const afterMs = Number(headers.get('x-ratelimit-reset-after') ?? Number.NaN) * 1000;
    if (remaining === null || !(afterMs >= 0)) return;
    const now = Date.now();
    const limit = Number(headers.get('x-ratelimit-limit') ?? 1);
    keepRecent(rooms, key, {
      limit,
      left: Number(remaining) - (underWay.get(key) ?? 0),
      until: now + afterMs + graceMs,
    });
    for (const [each, until] of empty) if (until <= now || each === key) empty.delete(each);
    if (Number(remaining) > 0) return;
    empty.set(key, now + afterMs + graceMs);
    // One write at a time, in order; each writes what is known by then.
    saving = saving
      .then(() => store.set(emptyKey, Object.fromEntries(empty)))
      .catch((error: unknown) => log.info({ error }, 'what is known of rate limits could not be kept'));
  }

  /** Milliseconds until there is room in a bucket for one more than `others`. */
  function waitFor(key: string, others: number): number {
    const now = Date.now();
    const room = rooms.get(key);
    const isFull = room !== undefined && now < room.until && room.left <= Math.min(others, room.limit - 1);
    return Math.max(empty.get(key) ?? 0, isFull ? room.until : 0) - now;
  }

  function take(key: string): void {
    const room = rooms.get(key);
    const sent = underWay.get(key) ?? 0;
    if (room !== undefined && Date.now() >= room.until)
      keepRecent(rooms, key, { ...room, left: room.limit - sent - 1, until: Date.now() + longestMs });
    else if (room !== undefined) room.left -= 1;
    underWay.set(key, sent + 1);
  }

  async function whenRoom(
    key: string,
    how: { readonly others: number; readonly untilMs: number },
    send: () => Promise<Response>,
  ) {
    await loaded();
    const begun = Date.now();
    for (let wait = waitFor(key, how.others); wait > 0; wait = waitFor(key, how.others)) {
      const left = how.untilMs - (Date.now() - begun);
      if (left <= 0) break;
      await pause(Math.min(wait, left));
    }
    take(key);
    const response = await send().finally(() => {
      const left = (underWay.get(key) ?? 1) - 1;
      if (left === 0) underWay.delete(key);
      else underWay.set(key, left);
    });
    note(key, response.headers);
    return response;
  }

  return {
    through(method, path, send) {
      const key = bucketOf(method, path);
      if (key === undefined) return send();
      const turn = (turns.get(key) ?? Promise.resolve()).then(() =>
        whenRoom(key, { others: 0, untilMs: longestMs }, send),
      );
      const settled = turn
        .catch(() => undefined)
        .finally(() => {
          if (turns.get(key) === settled) turns.delete(key);
        });
      turns.set(key, settled);
      return turn;
    },
    beside(method, path, send) {
      const key = bucketOf(method, path);
      return key === undefined
        ? send()
        : whenRoom(key, { others: leftToOthers, untilMs: Number.POSITIVE_INFINITY }, send);
    },
  };
}

/** A route together with the channel that it is about (docs, Rate Limits: top-level resources); other routes are used rarely. */
function bucketOf(method: string, path: string): string | undefined {
  const [, channel, rest] = /^\/channels\/(\d+)(\/.*)?$/.exec(path) ?? [];
  return channel === undefined ? undefined : `${method} ${channel}${(rest ?? '').replace(/\d{17,19}/g, ':id')}`;
}
