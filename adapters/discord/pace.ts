import { type PostId, PostLater } from '#core/chat/adapter.ts';
import type { Api } from './api.ts';
import { madeAt } from './nonce.ts';
import { keepRecent } from './recent.ts';

/** Keeps progress from using up what decisions and ends need. */
export interface Pace {
  /** @throws PostLater when an edit that only shows progress should wait; by then it may be newer progress. */
  progress(channel: string, post: PostId): void;
  /** Carries an edit out and remembers that it was made. */
  edit<Result>(channel: string, post: PostId, work: () => Promise<Result>): Promise<Result>;
}

/** Between two edits of one message that only show progress, in milliseconds. */
const progressMs = 2000;

/** The same of a message that has stood for long: nobody watches each line of it. */
const slowProgressMs = 5000;
const slowAfterMs = 10 * 60_000;

/** The longest wait before it is asked again, in milliseconds: the end of a task is shown about as late. */
const laterMs = 500;

/** Edits of progress in a second, in all channels: half of what the client may send. */
const progressASecond = 12;

/** Edits of one channel at once, before Discord has said how many it takes. */
const guessedRoom = 2;

/** What Discord said of the edits of a channel with its last answer. */
interface Bucket {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: number;
}

export function createPace({ onAnswer }: Pick<Api, 'onAnswer'>): Pace {
  const buckets = new Map<string, Bucket>();
  const underWay = new Map<string, number>();
  const edited = new Map<PostId, number>();
  let second = { begun: 0, count: 0 };

  onAnswer(({ method, path, headers }) => {
    const [, channel] = /^\/channels\/(\d+)\/messages\/\d+$/.exec(path) ?? [];
    if (method !== 'PATCH' || channel === undefined) return;
    const [limit, remaining, after] = ['limit', 'remaining', 'reset-after'].map((name) =>
      Number(headers.get(`x-ratelimit-${name}`) ?? Number.NaN),
    );
    if (limit === undefined || remaining === undefined || !(after !== undefined && after >= 0)) return;
    keepRecent(buckets, channel, { limit, remaining, resetAt: Date.now() + after * 1000 });
  });

  /** Edits of a channel that progress may still make: half of them are kept for what people wait for. */
  function roomIn(channel: string): number {
    const busy = underWay.get(channel) ?? 0;
    const bucket = buckets.get(channel);
    if (bucket === undefined) return guessedRoom - busy;
    const left = Date.now() >= bucket.resetAt ? bucket.limit : bucket.remaining;
    return left - busy - Math.floor(bucket.limit / 2);
  }

  return {
    progress(channel, post) {
      const now = Date.now();
      const between = now - madeAt(post) > slowAfterMs ? slowProgressMs : progressMs;
      const wait = (edited.get(post) ?? 0) + between - now;
      if (wait > 0) throw new PostLater(Math.min(wait, laterMs));
      if (roomIn(channel) <= 0) throw new PostLater(laterMs);
      if (now - second.begun >= 1000) second = { begun: now, count: 0 };
      if (second.count >= progressASecond) throw new PostLater(laterMs);
      second.count += 1;
    },
    async edit(channel, post, work) {
      keepRecent(edited, post, Date.now());
      underWay.set(channel, (underWay.get(channel) ?? 0) + 1);
      try {
        return await work();
      } finally {
        const left = (underWay.get(channel) ?? 1) - 1;
        if (left === 0) underWay.delete(channel);
        else underWay.set(channel, left);
      }
    },
  };
}
