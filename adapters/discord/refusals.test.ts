import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AdapterOnDiscord, cardOf, keyOf, startAdapter } from '#tests/discord-server/with-adapter.ts';

let discord: AdapterOnDiscord;

beforeEach(async () => {
  discord = await startAdapter();
});
afterEach(() => discord.stop());

const posts = 'POST /channels/{channel_id}/messages';

it('a token that Discord once did not know is used again', async () => {
  const thread = await discord.asked();
  discord.server.faults.http.inject(posts, { kind: 'unauthorized' });
  await expect(discord.adapter.create(thread, cardOf('Running'), keyOf(1), 'now')).rejects.toThrow();
  await discord.adapter.create(thread, cardOf('Running'), keyOf(1), 'now');
  expect(discord.server.driver.messages(thread.thread)).toHaveLength(1);
});

it('what Discord keeps refusing is not asked for ever', async () => {
  const thread = await discord.asked();
  const { http } = discord.server.faults;
  http.inject(posts, { kind: 'refuse', status: 403, code: 50_001, message: 'Missing Access' }, { times: 100 });
  for (let tries = 0; tries < 10; tries += 1)
    await expect(discord.adapter.create(thread, cardOf('Running'), keyOf(tries), 'now')).rejects.toThrow();
  expect(discord.server.calls.of(posts).filter(({ status }) => status === 403).length).toBeLessThanOrEqual(4);
  http.clear();
});
