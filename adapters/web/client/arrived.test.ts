import { expect, it } from 'vitest';
import { withoutArrived } from './arrived.ts';
import type { Outgoing } from './state.ts';
import { messageOf } from './testing.ts';

const one = (key: string, parts: Partial<Outgoing> = {}): Outgoing => ({
  key,
  target: { channelId: 'general' },
  text: 'hello',
  files: [],
  at: '',
  status: 'sending',
  ...parts,
});
const arrived = messageOf({ id: 'a', text: 'hello', author: { id: 'me', name: 'me' } });
const keys = (outgoing: readonly Outgoing[]) => outgoing.map(({ key }) => key);

it('takes the first of equal messages on their way for the one that arrived', () => {
  expect(keys(withoutArrived([one('k'), one('l')], arrived, 'me'))).toEqual(['l']);
  expect(keys(withoutArrived([one('k', { status: 'failed', offline: true })], arrived, 'me'))).toEqual([]);
});

it('leaves other words, other places, failed ones, and what others write', () => {
  const others = [
    one('k', { text: 'bye' }),
    one('l', { target: { channelId: 'general', rootId: 'r' } }),
    one('m', { status: 'failed' }),
  ];
  expect(keys(withoutArrived(others, arrived, 'me'))).toEqual(['k', 'l', 'm']);
  expect(keys(withoutArrived([one('k')], arrived, 'somebody'))).toEqual(['k']);
  expect(keys(withoutArrived([one('k')], { ...arrived, author: 'commander' }, 'me'))).toEqual(['k']);
});
