import { afterEach, expect, test, vi } from 'vitest';
import { fakeHost } from '#tests/chat/fake-host.ts';
import { memoryChatStore } from '#tests/chat/memory-chat-store.ts';
import { type Preview, startPreview } from '#tests/chat/preview.ts';

let previews: Preview[] = [];

afterEach(async () => {
  await Promise.all(previews.map((preview) => preview.stop()));
  previews = [];
});

const silent = { warn: () => undefined, error: () => undefined };

async function begin(options: Parameters<typeof startPreview>[0]): Promise<Preview> {
  const preview = await startPreview({ log: silent, ...options });
  previews.push(preview);
  return preview;
}

/** Stores a message without telling any bot: what a process leaves behind that dies in between. */
async function leave(store: ReturnType<typeof memoryChatStore>, text: string, rootId?: string): Promise<string> {
  const { id: channelId } = await store.addChannel('general');
  const { id: personId } = await store.person('ana');
  const { message } = await store.append({ channelId, rootId, author: { personId }, text, key: crypto.randomUUID() });
  return message.id;
}

test('a message whose process died before passing it on is passed on at the next start', async () => {
  const store = memoryChatStore();
  const id = await leave(store, '@commander run the tests');
  const host = fakeHost();
  await begin({ store, host });
  await host.untilAccepted(1);
  expect(host.accepted).toMatchObject([{ externalId: id, text: 'run the tests', addressed: true, opensThread: true }]);
});

test('a message that another process stored and did not pass on is passed on without a restart', async () => {
  const store = memoryChatStore();
  const host = fakeHost();
  await begin({ store, host });
  const id = await leave(store, '@commander help');
  await host.untilAccepted(1);
  expect(host.accepted[0]?.externalId).toBe(id);
});

test('a bot that can not take a message now gets it later', async () => {
  const host = fakeHost();
  const accept = vi.spyOn(host, 'accept').mockRejectedValueOnce(new Error('database gone'));
  const { store } = await begin({ host });
  await leave(store, '@commander help');
  await host.untilAccepted(1);
  expect(accept).toHaveBeenCalledTimes(2);
});

test('what people said before they called the bot stays between them, after a restart too', async () => {
  const store = memoryChatStore();
  const root = await leave(store, 'the build is slow');
  await leave(store, 'should we look at it?', root);
  const called = await leave(store, '@commander run the tests', root);
  const after = await leave(store, 'and tell us how long it took', root);
  const host = fakeHost();
  // After a restart the bot knows from its database that it takes part.
  vi.spyOn(host, 'follows').mockResolvedValue(true);
  await begin({ store, host });
  await host.untilAccepted(2);
  expect(host.accepted.map(({ externalId }) => externalId)).toEqual([called, after]);
  expect(host.accepted.map(({ addressed }) => addressed)).toEqual([true, false]);
});

test('edits and replies do not hand a message on again', async () => {
  const preview = await begin({ log: silent });
  await leave(preview.store, '@commander release 1.2.0');
  await preview.host.untilAccepted(1);
  await preview.host.idle();
  const last = await leave(preview.store, '@commander help');
  await preview.host.untilAccepted(2);
  expect(preview.host.deliveries).toHaveLength(2);
  expect(preview.host.deliveries[1]).toBe(last);
});

test('a channel that another process added has a link after its first message', async () => {
  const store = memoryChatStore();
  const { adapter, host } = await begin({ store });
  const channel = await store.addChannel('elsewhere');
  const { id: personId } = await store.person('ana');
  const said = { channelId: channel.id, author: { personId }, text: '@commander help', key: 'one' };
  const { message } = await store.append(said);
  await host.untilAccepted(1);
  expect(await adapter.linkTo({ platform: 'web', channel: channel.id, thread: message.id })).toBe(
    `/c/elsewhere/${message.id}`,
  );
});
