import { expect, it } from 'vitest';
import { goalsOf, matching } from './jump-goals.ts';
import { messageOf } from './testing.ts';

const channels = [
  { id: 'c1', name: 'general' },
  { id: 'c2', name: 'releases' },
];
const messages = new Map(
  [
    messageOf({ id: 'm1', channelId: 'c1', text: '@commander release 1.2.0', replies: 2, lastReplyAt: '2026-05-02' }),
    messageOf({ id: 'm2', channelId: 'c1', text: 'no thread' }),
    messageOf({
      id: 'm3',
      channelId: 'c1',
      text: '@commander\nrun the tests',
      replies: 1,
      lastReplyAt: '2026-05-03',
      threadStatus: { title: '#7 Tests · Running', tone: 'progress' },
    }),
    messageOf({ id: 'm4', channelId: 'unknown', text: 'elsewhere', replies: 1 }),
  ].map((message) => [message.id, message]),
);
const labels = (typed: string) => matching(goalsOf({ channels, messages }), typed).map(({ label }) => label);

it('offers channels, then threads by their last reply', () => {
  expect(labels('')).toEqual(['general', 'releases', '@commander run the tests', '@commander release 1.2.0']);
});

it('finds by every typed word, beginnings first', () => {
  expect(labels('rel')).toEqual(['releases', '@commander release 1.2.0']);
  expect(labels('#gen')).toEqual(['general', '@commander run the tests', '@commander release 1.2.0']);
  expect(labels('tests running')).toEqual(['@commander run the tests']);
  expect(labels('nowhere')).toEqual([]);
});
