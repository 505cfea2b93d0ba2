import type { APIMessage } from 'discord.js';
import { expect, it } from 'vitest';
import { createForwards } from './forwards.ts';

function message(id: string, forwarded?: string): APIMessage {
  const snapshots = forwarded === undefined ? [] : [{ message: { content: forwarded, attachments: [] } }];
  return { id, channel_id: 'c', author: { id: 'ben' }, message_snapshots: snapshots } as unknown as APIMessage;
}

it('what was forwarded goes along with one message, and again when that one has to be taken again', () => {
  const forwards = createForwards();
  const words = () => forwards.before(message('2')).map(({ text }) => text);
  forwards.keep(message('1', 'the build is red'));
  expect(words()).toEqual(['the build is red']);
  expect(forwards.before(message('3'))).toEqual([]);
  expect(words()).toEqual(['the build is red']);
});
