import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ThreadAddress } from '#core/chat/adapter.ts';
import type { Fault } from '#tests/discord-server/faults.ts';
import { type AdapterOnDiscord, cardOf, keyOf, startAdapter } from '#tests/discord-server/with-adapter.ts';

let discord: AdapterOnDiscord;

beforeEach(async () => {
  discord = await startAdapter();
});
afterEach(() => discord.stop());

const faults: readonly (readonly [string, Fault])[] = [
  ['Discord fails before it', { kind: 'error', when: 'before' }],
  ['Discord fails after it', { kind: 'error', when: 'after' }],
  ['the connection is cut before it', { kind: 'drop', when: 'before' }],
  ['the connection is cut after it', { kind: 'drop', when: 'after' }],
];

/** As the presenter does: the same call again until it succeeds. */
async function untilPosted(thread: ThreadAddress): Promise<void> {
  for (let tries = 0; tries < 4; tries += 1) {
    try {
      await discord.adapter.create(thread, cardOf('Running'), keyOf(1), 'now');
      return;
    } catch {
      // Nobody knows what became of it.
    }
  }
  throw new Error('it was never posted');
}

const posts = 'POST /channels/{channel_id}/messages';

describe.each(faults)('when %s', (_, fault) => {
  it('a card is posted once', async () => {
    const thread = await discord.asked();
    discord.server.faults.http.inject(posts, fault);
    await untilPosted(thread);
    expect(discord.server.driver.messages(thread.thread)).toHaveLength(1);
  });

  it('a mention’s thread is made once', async () => {
    const thread = await discord.asked();
    discord.server.faults.http.inject('POST /channels/{channel_id}/messages/{message_id}/threads', fault);
    await untilPosted(thread);
    expect(discord.server.driver.threads()).toHaveLength(1);
    expect(discord.server.driver.messages(thread.thread)).toHaveLength(1);
  });

  it('a command’s thread is begun once', async () => {
    const { server, host } = discord;
    const { driver } = server;
    await driver.slash('task', { request: 'go' }, { user: driver.ben });
    const [heard] = await host.until(1);
    if (heard === undefined) throw new Error('nothing was heard');
    server.faults.http.inject(posts, fault);
    await untilPosted(heard.thread);
    expect(driver.messages(driver.channel('general'))).toHaveLength(1);
    expect(driver.threads()).toHaveLength(1);
  });

  it('a forum’s post that goes on for a locked one is made once', async () => {
    const { server } = discord;
    const { driver } = server;
    const question = driver.startThread(driver.channel('ideas'), driver.ben, 'Broken build');
    const thread = await discord.asked('go', question.id);
    driver.lock(question.id);
    const injected = server.faults.http.inject('POST /channels/{channel_id}/threads', fault);
    await untilPosted(thread);
    expect(injected.hits).toBe(1);
    expect(driver.threads(driver.channel('ideas'))).toHaveLength(2);
  });
});

it('a token that Discord once did not know is used again', async () => {
  const thread = await discord.asked();
  discord.server.faults.http.inject(posts, { kind: 'unauthorized' });
  await untilPosted(thread);
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
