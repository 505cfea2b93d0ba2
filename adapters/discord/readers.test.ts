import { ChannelType } from 'discord.js';
import { afterEach, expect, it, vi } from 'vitest';
import { createReaders, type ReaderParts } from './readers.ts';

afterEach(() => vi.useRealTimers());

const minute = 60_000;

it('who can read a channel is looked up anew beside what is asked there, so that nobody waits for it; a change is seen at once', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const answers: PromiseWithResolvers<readonly object[]>[] = [];
  const get = async (route: string) => {
    if (!route.endsWith('/roles')) return { permission_overwrites: [] };
    const answer = Promise.withResolvers<readonly object[]>();
    answers.push(answer);
    return answer.promise;
  };
  const everybody = (isOpen: boolean) => [{ id: 'guild', permissions: isOpen ? '1024' : '0' }];
  const places = { channel: async () => ({ type: ChannelType.GuildText, guild: 'guild' }) };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const readers = createReaders({ api: { rest: { get } }, places, log } as unknown as ReaderParts);

  const first = readers.of('channel');
  await vi.waitUntil(() => answers.length === 1);
  answers[0]?.resolve(everybody(true));
  expect(await first).toBe('everybody');
  vi.advanceTimersByTime(6 * minute);
  expect([await readers.of('channel'), await readers.of('channel')]).toEqual(['everybody', 'everybody']);
  expect(answers).toHaveLength(2);
  answers[1]?.resolve(everybody(false));
  await vi.waitUntil(async () => (await readers.of('channel')) === 'channel');
  vi.advanceTimersByTime(6 * minute);
  await readers.of('channel');
  readers.forget();
  const asked = readers.of('channel');
  await vi.waitUntil(() => answers.length === 4);
  answers[2]?.resolve(everybody(true));
  answers[3]?.resolve(everybody(false));
  expect(await asked).toBe('channel');
  expect(await readers.of('channel')).toBe('channel');
});
