import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeAnswer, mergeEvents, noMemory, repliesOf, topLevel } from './merge.ts';
import { messageOf } from './testing.ts';

const minute = (count: number) => new Date(Date.UTC(2026, 4, 3, 12, count)).toISOString();

describe('what is newer', () => {
  it('keeps an event that came while an older answer was on its way', () => {
    const asked = noMemory.moment;
    const live = mergeEvents(new Map(), noMemory, [messageOf({ id: 'a', text: 'new' })]);
    const messages = mergeAnswer(live.messages, live.memory, [messageOf({ id: 'a', text: 'old' })], asked);
    expect(messages.get('a')?.text).toBe('new');
  });

  it('takes an answer that was asked for after the event', () => {
    const live = mergeEvents(new Map(), noMemory, [messageOf({ id: 'a', text: 'old' })]);
    const messages = mergeAnswer(live.messages, live.memory, [messageOf({ id: 'a', text: 'new' })], live.memory.moment);
    expect(messages.get('a')?.text).toBe('new');
  });

  it('always ends with the last event, whenever answers come', () => {
    const step = fc.record({ id: fc.constantFrom('a', 'b', 'c'), how: fc.constantFrom('event', 'answer') });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let messages: ReadonlyMap<string, ReturnType<typeof messageOf>> = new Map();
        let memory = noMemory;
        const last = new Map<string, string>();
        steps.forEach(({ id, how }, index) => {
          if (how === 'event') {
            last.set(id, `event ${index}`);
            ({ messages, memory } = mergeEvents(messages, memory, [messageOf({ id, text: `event ${index}` })]));
          } else messages = mergeAnswer(messages, memory, [messageOf({ id, text: 'stale' })], 0);
        });
        for (const [id, text] of last) expect(messages.get(id)?.text).toBe(text);
      }),
    );
  });
});

describe('what is shown', () => {
  const all = new Map(
    [
      messageOf({ id: 'late', at: minute(9) }),
      messageOf({ id: 'early', at: minute(1) }),
      messageOf({ id: 'middle', at: minute(5) }),
      messageOf({ id: 'reply', rootId: 'middle', at: minute(6) }),
      messageOf({ id: 'elsewhere', channelId: 'other', at: minute(6) }),
    ].map((message) => [message.id, message]),
  );

  it('is in order of time, without replies and other channels', () => {
    expect(topLevel(all, 'general', undefined).map(({ id }) => id)).toEqual(['early', 'middle', 'late']);
    expect(repliesOf(all, 'middle').map(({ id }) => id)).toEqual(['reply']);
  });

  it('has no gap: a message above the loaded stretch waits until its neighbours are loaded', () => {
    expect(topLevel(all, 'general', { more: true, oldest: 'middle' }).map(({ id }) => id)).toEqual(['middle', 'late']);
    expect(topLevel(all, 'general', { more: false, oldest: 'middle' }).map(({ id }) => id)).toEqual([
      'early',
      'middle',
      'late',
    ]);
  });
});
