import type { Clock } from './clock.ts';

/** How often something may be done: `burst` at once, refilled at `perMinute`. */
export interface Rate {
  readonly perMinute: number;
  readonly burst: number;
}

/**
 * Slack's tiers (docs.slack.dev, rate limits). Slack does not publish bursts: those here are chosen, on the strict side.
 * `special` methods have no published figure.
 */
export const tiers = {
  one: { perMinute: 1, burst: 1 },
  two: { perMinute: 20, burst: 10 },
  three: { perMinute: 50, burst: 20 },
  four: { perMinute: 100, burst: 40 },
  special: { perMinute: 600, burst: 100 },
} as const satisfies Record<string, Rate>;

/** One message a second a channel, short bursts tolerated; the workspace's own limit is said to be several hundred a minute. */
export const postingRates = {
  channel: { perMinute: 60, burst: 5 },
  workspace: { perMinute: 300, burst: 60 },
} as const satisfies Record<string, Rate>;

export interface Limits {
  /** Counts one use of `key`; seconds to wait when there is none left. */
  take(key: string, rate: Rate): number | undefined;
}

/** Counts by the clock of the stand-in. */
export function createLimits(clock: Clock): Limits {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(key, rate) {
      const now = clock.now();
      const perMillisecond = rate.perMinute / 60_000;
      const bucket = buckets.get(key) ?? { left: rate.burst, at: now };
      const left = Math.min(rate.burst, bucket.left + (now - bucket.at) * perMillisecond);
      // A little slack for fractions: a caller that waited exactly Retry-After is let through.
      const taken = left >= 1 - 1e-6;
      buckets.set(key, { left: taken ? left - 1 : left, at: now });
      return taken ? undefined : Math.max(1, Math.ceil((1 - left) / perMillisecond / 1000));
    },
  };
}

/** For tests that are about something else. */
export const noLimits: Limits = { take: () => undefined };
