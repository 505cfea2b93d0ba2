import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { PostLater, type ThreadAddress } from '#core/chat/adapter.ts';
import { type AdapterOnDiscord, cardOf, keyOf, startAdapter } from '#tests/discord-server/with-adapter.ts';

/** Shows progress as the presenter does, the newest first, until `over`; then the end. */
async function stream(
  { adapter }: AdapterOnDiscord,
  thread: ThreadAddress,
  post: string,
  over: () => boolean,
): Promise<number> {
  let shown = 0;
  for (let line = 0; !over(); line += 1) {
    try {
      await adapter.edit(thread, post, cardOf(`Line ${line}`), line, 'soon');
      shown += 1;
    } catch (error) {
      if (!(error instanceof PostLater)) throw error;
      await pause(error.afterMs);
    }
  }
  await adapter.edit(thread, post, cardOf('End'), 1_000_000, 'now');
  return shown;
}

/** Milliseconds that the tasks are under way. */
const streaming = 3000;

it.concurrent('progress of many tasks, some of them in one channel, keeps within Discord’s limits, and the ends are shown', async () => {
  const discord = await startAdapter();
  const { driver } = discord.server;
  const direct = driver.direct(driver.ben);
  const shared: ThreadAddress = { platform: 'discord', channel: direct, thread: direct };
  const own = [await discord.asked('one'), await discord.asked('two'), await discord.asked('three')];
  const threads = [...own, shared, shared, shared];
  const posts = await Promise.all(
    threads.map((thread, index) => discord.adapter.create(thread, cardOf('Begun'), keyOf(index + 1), 'now')),
  );
  const end = Date.now() + streaming;
  const shown = await Promise.all(
    threads.map((thread, index) => stream(discord, thread, posts[index] ?? '', () => Date.now() > end)),
  );
  expect(Math.min(...shown.slice(0, own.length))).toBeGreaterThan(0);
  expect(posts.map((post) => driver.text(driver.message(post) as never))).toEqual(posts.map(() => '### End'));
  // Also checks that nothing was refused for coming too often.
  await discord.stop();
});

it.concurrent('a process that has just begun knows what the one before had used up, and nothing of it is refused', async () => {
  const discord = await startAdapter();
  const { server, adapter } = discord;
  const { driver } = server;
  const thread = await discord.asked();
  const posts: string[] = [];
  // Five messages in five seconds, and five edits: then both are used up.
  for (let number = 1; number <= 5; number += 1)
    posts.push(await adapter.create(thread, cardOf(`Card ${number}`), keyOf(number), 'now'));
  for (const post of posts) await adapter.edit(thread, post, cardOf('Changed'), 2, 'now');
  await discord.restart();
  const edits = posts.map((post) => discord.adapter.edit(thread, post, cardOf('Changed again'), 3, 'now'));
  posts.push(await discord.adapter.create(thread, cardOf('Card 6'), keyOf(6), 'now'));
  await Promise.all(edits);
  const texts = driver.messages(thread.thread).map((message) => driver.text(message));
  expect(texts).toEqual([...edits.map(() => '### Changed again'), '### Card 6']);
  expect(server.calls.rateLimited()).toEqual([]);
  await discord.stop();
});
