import { describe, expect, it } from 'vitest';
import { daysOf, type Line } from './lines.ts';
import type { Outgoing } from './state.ts';
import { messageOf } from './testing.ts';

/** The reader's own time zone, as the page has it. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 4, day, hour, minute).toISOString();
const now = new Date(2026, 4, 3, 18);
const nothingSeen = { until: '', me: 'me' };

const outgoing = (parts: Partial<Outgoing>): Outgoing => ({
  key: 'k',
  target: { channelId: 'general' },
  text: 'x',
  files: [],
  at: at(3, 12),
  status: 'sending',
  ...parts,
});

function sketch(line: Line): string {
  if (line.kind === 'new') return 'NEW';
  return `${line.continues ? '' : 'named '}${line.key}`;
}

describe('daysOf', () => {
  it('parts by days of the reader', () => {
    const messages = [
      messageOf({ id: 'a', at: at(1, 23, 59) }),
      messageOf({ id: 'b', at: at(2, 0, 1) }),
      messageOf({ id: 'c', at: at(3, 9) }),
    ];
    const days = daysOf(messages, [], nothingSeen, now);
    expect(days.map(({ heading }) => heading)).toEqual(['Friday 1 May', 'Yesterday', 'Today']);
    expect(days.map(({ lines }) => lines.map(sketch))).toEqual([['named a'], ['named b'], ['named c']]);
  });

  it('needs no heading for the day of what stands above', () => {
    const [day] = daysOf([messageOf({ id: 'a', at: at(3, 9) })], [], { ...nothingSeen, above: at(3, 8) }, now);
    expect(day?.heading).toBeUndefined();
  });

  it('says a name once for messages moments apart, and again after another person, a while, or a thread', () => {
    const messages = [
      messageOf({ id: 'a', at: at(3, 9, 0) }),
      messageOf({ id: 'b', at: at(3, 9, 1) }),
      messageOf({ id: 'c', at: at(3, 9, 2), author: 'commander' }),
      messageOf({ id: 'd', at: at(3, 9, 3), replies: 1 }),
      messageOf({ id: 'e', at: at(3, 9, 4) }),
      messageOf({ id: 'f', at: at(3, 9, 10) }),
    ];
    const [day] = daysOf(messages, [], nothingSeen, now);
    expect(day?.lines.map(sketch)).toEqual(['named a', 'b', 'named c', 'named d', 'named e', 'named f']);
  });

  it('marks the first message of another person that was not seen', () => {
    const messages = [
      messageOf({ id: 'a', at: at(3, 9, 0) }),
      messageOf({ id: 'mine', at: at(3, 9, 1), author: { id: 'me', name: 'me' } }),
      messageOf({ id: 'b', at: at(3, 9, 2) }),
      messageOf({ id: 'c', at: at(3, 9, 3) }),
    ];
    const [day] = daysOf(messages, [], { until: at(3, 9, 0), me: 'me' }, now);
    expect(day?.lines.map(sketch)).toEqual(['named a', 'named mine', 'NEW', 'named b', 'c']);
  });

  it('ends with what is on its way, under a name when the last one is not the sender’s', () => {
    const mine = messageOf({ id: 'a', at: at(3, 11, 59), author: { id: 'me', name: 'me' } });
    const waiting = [outgoing({ key: 'k' }), outgoing({ key: 'l' })];
    expect(daysOf([mine], waiting, nothingSeen, now)[0]?.lines.map(sketch)).toEqual(['named a', 'k', 'l']);
    expect(
      daysOf([messageOf({ id: 'b', at: at(3, 11, 59) })], waiting, nothingSeen, now)[0]?.lines.map(sketch),
    ).toEqual(['named b', 'named k', 'l']);
  });
});
