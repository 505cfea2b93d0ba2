import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '#tests/slack-server/clock.ts';
import { createLimits, postingRates, tiers } from '#tests/slack-server/limits.ts';
import { createLane, limitsOf } from './lanes.ts';

const limits = fc.record({
  burst: fc.integer({ min: 2, max: 20 }),
  perSecond: fc.double({ min: 0.1, max: 5, noNaN: true }),
  reserve: fc.integer({ min: 0, max: 1 }),
});
const asks = fc.array(
  fc.record({ after: fc.integer({ min: 0, max: 3000 }), urgency: fc.constantFrom('now' as const, 'soon' as const) }),
  { minLength: 1, maxLength: 60 },
);

describe('a lane', () => {
  it('never lets out more than Slack takes', () => {
    fc.assert(
      fc.property(limits, asks, (given, list) => {
        const lane = createLane(given);
        let now = 0;
        const taken: number[] = [];
        for (const { after, urgency } of list) {
          now += after;
          if (lane.take(urgency, now) === 0) taken.push(now);
        }
        for (const [index, start] of taken.entries()) {
          for (const [further, end] of taken.slice(index).entries())
            expect(further + 1).toBeLessThanOrEqual(given.burst + ((end - start) / 1000) * given.perSecond + 1e-6);
        }
      }),
    );
  });

  it('keeps room for what a person waits for', () => {
    const lane = createLane({ burst: 5, perSecond: 0.1, reserve: 2 });
    const soon = Array.from({ length: 5 }, () => lane.take('soon', 0));
    expect(soon.filter((wait) => wait === 0)).toHaveLength(3);
    expect([lane.take('now', 0), lane.take('now', 0)]).toEqual([0, 0]);
    expect(lane.take('now', 0)).toBeGreaterThan(0);
  });

  it('rests when Slack asks for it, and says how long', () => {
    const lane = createLane({ burst: 5, perSecond: 1, reserve: 0 });
    lane.take('now', 0);
    lane.rest(3000);
    expect(lane.take('now', 1000)).toBe(2000);
    expect(lane.take('now', 3000)).toBe(0);
  });
});

describe('20 tasks that say something new each second in one channel, for a minute of time that a test moves', () => {
  const tasks = 20;
  const endMs = 60_000;

  it('are never refused by Slack, all ends are shown within 3 s, and approvals at once', () => {
    const clock = manualClock(0);
    const slack = createLimits(clock);
    const refused: string[] = [];
    const edits = createLane(limitsOf('chat.update', 'all'));
    const inWorkspace = createLane(limitsOf('chat.postMessage', 'all'));
    const inChannel = createLane(limitsOf('chat.postMessage', 'channel'));

    function call(method: string, rate: (typeof tiers)['three'] | (typeof postingRates)['channel']): void {
      if (slack.take(method, rate) !== undefined) refused.push(`${method} at ${clock.now()}`);
    }

    let edited = 0;
    const ended: number[] = [];
    const asked: number[] = [];
    for (; ended.length < tasks && clock.now() < 2 * endMs; clock.advance(50)) {
      const now = clock.now();
      if (now >= endMs) {
        while (ended.length < tasks && edits.take('now', now) === 0) {
          call('chat.update', tiers.three);
          ended.push(now - endMs);
        }
        continue;
      }
      for (let task = 0; task < tasks; task += 1) {
        if (edits.take('soon', now) !== 0) continue;
        call('chat.update', tiers.three);
        edited += 1;
      }
      // Four approvals at once, twice.
      if (now !== 20_000 && now !== 40_000) continue;
      for (let approval = 0; approval < 4; approval += 1) {
        asked.push(Math.max(inWorkspace.take('now', now), inChannel.take('now', now)));
        call('chat.postMessage', postingRates.channel);
      }
    }
    expect(refused).toEqual([]);
    expect(Math.max(...ended)).toBeLessThanOrEqual(3000);
    expect(ended).toHaveLength(tasks);
    expect(asked).toEqual(Array.from({ length: 8 }, () => 0));
    expect(edited).toBeGreaterThan(45);
  });
});
