import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askers, places, seenTasks } from './testing-visibility.ts';
import { maySee, type Place, type Seen } from './visibility.ts';

const ana = { memberId: 'ana' };
const none: ReadonlySet<string> = new Set();
const open: Place = { platform: 'slack', channel: 'C1', thread: '1', readBy: 'everybody' };
const team: Place = { platform: 'slack', channel: 'C2', thread: '2', readBy: 'channel' };
const direct: Place = { platform: 'slack', channel: 'D1', thread: '3', readBy: 'person' };
const unknown: Place = { platform: 'slack', channel: 'C3', thread: '4' };

const member = (memberId: string, at?: Place) => ({ as: 'member', memberId, role: 'requester', at }) as const;
const answer = (memberId: string, at: Place) => ({ as: 'answer', memberId, role: 'requester', at }) as const;
const task = (place: Place, participants = none): Seen => ({ requester: ana, place, pageKey: 'key', participants });

describe('a task', () => {
  it('that was asked for in public is seen by every member, anywhere', () => {
    expect(maySee(member('bo'), task(open))).toBe(true);
    expect(maySee(answer('bo', open), task(open))).toBe(true);
  });

  it('of a private place is seen by its requester, who takes part, people of the place, and administrators', () => {
    for (const place of [team, direct, unknown]) {
      expect(maySee(member('bo'), task(place))).toBe(false);
      expect(maySee(member('ana'), task(place))).toBe(true);
      expect(maySee(member('bo'), task(place, new Set(['bo'])))).toBe(true);
      expect(maySee({ as: 'member', memberId: 'bo', role: 'admin' }, task(place))).toBe(true);
    }
    expect(maySee(member('bo', { ...team, thread: '9' }), task(team))).toBe(true);
    expect(maySee(member('bo', { ...unknown, thread: '9' }), task(unknown))).toBe(false);
  });

  it('of a private place is not told where others read, neither to its requester nor to an administrator', () => {
    expect(maySee(answer('ana', open), task(direct))).toBe(false);
    expect(maySee({ as: 'answer', memberId: 'bo', role: 'admin', at: team }, task(direct))).toBe(false);
    expect(maySee(answer('ana', direct), task(team))).toBe(true);
    expect(maySee(answer('bo', { ...team, thread: '9' }), task(team))).toBe(true);
  });

  it('where outsiders read is told there alone, and nothing else is told there', () => {
    const shared: Place = { platform: 'slack', channel: 'C9', thread: '9', readBy: 'outsiders' };
    for (const place of [open, team, direct, unknown]) {
      expect(maySee(answer('ana', shared), task(place))).toBe(false);
      expect(maySee({ as: 'answer', memberId: 'bo', role: 'admin', at: shared }, task(place))).toBe(false);
      expect(maySee(member('bo', shared), task(place))).toBe(false);
    }
    expect(maySee(answer('bo', { ...shared, thread: '8' }), task(shared))).toBe(true);
    expect(maySee(answer('bo', shared), task({ ...open, channel: 'C9' }))).toBe(true);
    expect(maySee(answer('ana', open), task(shared))).toBe(false);
    expect(maySee(member('bo'), task(shared))).toBe(false);
  });

  it('of a private place is seen on a page by who has its key', () => {
    expect(maySee({ as: 'page', keys: [] }, task(open))).toBe(true);
    expect(maySee({ as: 'page', keys: ['other'] }, task(direct))).toBe(false);
    expect(maySee({ as: 'page', keys: ['other', 'key'] }, task(direct))).toBe(true);
  });

  it('is seen by an agent only if it is of its own person, and fit for where its own task is talked about', () => {
    expect(maySee({ as: 'agent', memberId: 'bo', at: open }, task(open))).toBe(false);
    expect(maySee({ as: 'agent', memberId: 'ana', at: open }, task(open))).toBe(true);
    expect(maySee({ as: 'agent', memberId: 'ana', at: open }, task(direct))).toBe(false);
    expect(maySee({ as: 'agent', memberId: 'ana', at: direct }, task(team))).toBe(true);
  });
});

it('never tells more in an answer that others read than its asker may see alone, nor differently to two who ask there', () => {
  fc.assert(
    fc.property(askers, askers, seenTasks, places, (one, other, seen, at) => {
      const { memberId, role } = one;
      if (maySee({ as: 'answer', memberId, role, at }, seen))
        expect(maySee({ as: 'member', memberId, role, at }, seen)).toBe(true);
      if (at.readBy === 'person') return;
      const same = [one, other].map((each) => maySee({ as: 'answer', memberId: each.memberId, role, at }, seen));
      expect(same[0]).toBe(same[1]);
    }),
  );
});
