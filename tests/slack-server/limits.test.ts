import { expect, test } from 'vitest';
import { manualClock } from './clock.ts';
import { createLimits, postingRates, tiers } from './limits.ts';

test('a burst passes, the next one waits as long as Retry-After says and not a second less', () => {
  const clock = manualClock(0);
  const limits = createLimits(clock);
  for (let use = 0; use < tiers.three.burst; use += 1) expect(limits.take('a', tiers.three)).toBeUndefined();
  // 50 a minute: the next is there in 1.2 s, told in whole seconds.
  expect(limits.take('a', tiers.three)).toBe(2);
  clock.advance(1000);
  expect(limits.take('a', tiers.three)).toBe(1);
  clock.advance(1000);
  expect(limits.take('a', tiers.three)).toBeUndefined();
});

test('one message a second passes a channel for ever, and channels do not count for one another', () => {
  const clock = manualClock(0);
  const limits = createLimits(clock);
  for (let second = 0; second < 600; second += 1) {
    expect(limits.take('one', postingRates.channel)).toBeUndefined();
    expect(limits.take('two', postingRates.channel)).toBeUndefined();
    clock.advance(1000);
  }
});
