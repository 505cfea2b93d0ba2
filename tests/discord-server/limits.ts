import { createHash } from 'node:crypto';
import type { Clock } from '#tests/slack-server/clock.ts';

/** `limit` requests in a window of `window` milliseconds that begins with the first of them. */
export interface Rate {
  readonly limit: number;
  readonly window: number;
}

/**
 * Discord publishes no figures ("must not be hard coded"): five messages in five seconds a channel, about four reactions a second
 * and two names of a channel in ten minutes are what was seen; the rest is chosen.
 */
export const rates = {
  ordinary: { limit: 50, window: 1000 },
  messages: { limit: 5, window: 5000 },
  reactions: { limit: 1, window: 250 },
  channelNames: { limit: 2, window: 600_000 },
  interactions: { limit: 30, window: 1000 },
} as const satisfies Record<string, Rate>;

/** Requests of a bot in a second, over all routes but those of interactions (docs, Rate Limits: Global). */
const globalRate: Rate = { limit: 50, window: 1000 };
/** Answers of 401, 403 and 429 (not `shared`) in ten minutes, then the address is banned (docs, Rate Limits: Invalid). */
const invalidRate: Rate = { limit: 10_000, window: 600_000 };

export interface Verdict {
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds to wait, when there is none left. */
  readonly wait?: number;
  readonly scope?: 'user' | 'shared' | 'global';
}

export interface Limits {
  /** Counts a request of a bucket: a route together with the channel, guild or webhook that it is about. */
  take(bucket: string, major: string, rate: Rate): Verdict;
  /** Counts a request against the whole bot. */
  takeGlobal(): Verdict;
  /** Counts an answer of 401, 403 or 429. */
  countInvalid(): void;
  /** Such answers in the last ten minutes. */
  readonly invalid: number;
  readonly banned: boolean;
}

export function createLimits(clock: Clock): Limits {
  const windows = new Map<string, { used: number; until: number }>();
  const windowOf = (key: string, rate: Rate) => {
    const known = windows.get(key);
    if (known !== undefined && known.until > clock.now()) return known;
    const fresh = { used: 0, until: clock.now() + rate.window };
    windows.set(key, fresh);
    return fresh;
  };
  const invalid = () => windowOf('invalid', invalidRate);
  return {
    take(bucket, major, rate) {
      const window = windowOf(`${bucket} ${major}`, rate);
      const full = window.used >= rate.limit;
      if (!full) window.used += 1;
      const after = (window.until - clock.now()) / 1000;
      const headers = {
        'x-ratelimit-limit': String(rate.limit),
        'x-ratelimit-remaining': String(rate.limit - window.used),
        'x-ratelimit-reset': (window.until / 1000).toFixed(3),
        'x-ratelimit-reset-after': after.toFixed(3),
        'x-ratelimit-bucket': createHash('md5').update(bucket).digest('hex'),
      };
      return full ? { headers, wait: after, scope: 'user' } : { headers };
    },
    takeGlobal() {
      const window = windowOf('global', globalRate);
      if (window.used >= globalRate.limit) {
        return { headers: {}, wait: (window.until - clock.now()) / 1000, scope: 'global' };
      }
      window.used += 1;
      return { headers: {} };
    },
    countInvalid: () => {
      invalid().used += 1;
    },
    get invalid() {
      return invalid().used;
    },
    get banned() {
      return invalid().used > invalidRate.limit;
    },
  };
}

/** For tests that are about something else. */
export function noLimits(): Limits {
  return {
    take: () => ({ headers: {} }),
    takeGlobal: () => ({ headers: {} }),
    countInvalid: () => {},
    invalid: 0,
    banned: false,
  };
}
