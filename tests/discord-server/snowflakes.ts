import type { Clock } from '#tests/slack-server/clock.ts';

/** Discord counts from the first second of 2015. */
const epoch = 1_420_070_400_000;

/**
 * Makes ids as Discord does: milliseconds since 2015, then a counter. 17 to 19 digits from 2015-02 to 2088, which discord.js relies on:
 * it puts shorter ids of all channels into one rate limit.
 */
export function createSnowflakes(clock: Clock): () => string {
  let last = 0n;
  return () => {
    const now = BigInt(Math.floor(clock.now()) - epoch) << 22n;
    last = now > last ? now : last + 1n;
    return String(last);
  };
}
