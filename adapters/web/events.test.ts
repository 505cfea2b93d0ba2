import { afterEach, expect, test, vi } from 'vitest';
import type { ChatStore } from '#core/chat/chat-store.ts';
import { memoryChatStore } from '#tests/chat/memory-chat-store.ts';
import { type Follower, followChanges } from './events.ts';

const silent = { warn: () => undefined, error: () => undefined };
let followers: Follower[] = [];

afterEach(() => {
  for (const follower of followers) follower.stop();
  followers = [];
});

async function begin(store: ChatStore, log = silent): Promise<Follower> {
  const follower = await followChanges(store, log);
  followers.push(follower);
  return follower;
}

async function talk(store: ChatStore, count: number): Promise<void> {
  const channel = await store.addChannel('general');
  const { id: personId } = await store.person('ana');
  for (let number = 0; number < count; number += 1) {
    await store.append({ channelId: channel.id, author: { personId }, text: String(number), key: crypto.randomUUID() });
  }
}

/** The texts of the next so many messages after a cursor. */
async function read(follower: Follower, cursor: string, count: number): Promise<(string | undefined)[]> {
  const texts: (string | undefined)[] = [];
  for await (const messages of follower.follow(cursor, new AbortController().signal)) {
    texts.push(...messages.map(({ text }) => text));
    if (texts.length >= count) break;
  }
  return texts;
}

const numbers = (count: number) => Array.from({ length: count }, (_, number) => String(number));

test('fifty followers cost the store no more reads than one', async () => {
  async function readsFor(count: number): Promise<number> {
    const store = memoryChatStore();
    const reads = vi.spyOn(store, 'changesSince');
    const follower = await begin(store);
    const start = await store.head();
    const all = Promise.all(Array.from({ length: count }, () => read(follower, start, 20)));
    await talk(store, 20);
    for (const texts of await all) expect(texts).toEqual(numbers(20));
    return reads.mock.calls.length;
  }
  expect(await readsFor(50)).toBe(await readsFor(1));
});

test('one that is far behind reads the store and then goes on with the rest, missing and doubling nothing', async () => {
  const store = memoryChatStore();
  const follower = await begin(store);
  const start = await store.head();
  await talk(store, 1200);
  expect(await read(follower, start, 1200)).toEqual(numbers(1200));
});

test('what was said before it began is told too', async () => {
  const store = memoryChatStore();
  const start = await store.head();
  await talk(store, 3);
  expect(await read(await begin(store), start, 3)).toEqual(numbers(3));
});

test('a read that fails is tried again, and the operator hears of it', async () => {
  const store = memoryChatStore();
  const warn = vi.fn();
  const follower = await begin(store, { ...silent, warn });
  const start = await store.head();
  vi.spyOn(store, 'changesSince').mockRejectedValueOnce(new Error('database gone'));
  await talk(store, 1);
  expect(await read(follower, start, 1)).toEqual(['0']);
  expect(warn).toHaveBeenCalledOnce();
});

test('its end ends everybody who follows', async () => {
  const store = memoryChatStore();
  const follower = await begin(store);
  const following = read(follower, await store.head(), 1);
  follower.stop();
  expect(await following).toEqual([]);
});
