import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLane } from './lanes.ts';

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
