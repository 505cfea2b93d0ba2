import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '#tests/discord-server/faults.ts';
import { type AdapterOnDiscord, cardOf, keyOf, startAdapter } from '#tests/discord-server/with-adapter.ts';
import { realClock } from '#tests/slack-server/clock.ts';

const route = 'POST /interactions/{interaction_id}/{interaction_token}/callback';

let discord: AdapterOnDiscord;

beforeEach(async () => {
  discord = await startAdapter();
});
afterEach(() => discord.stop());

describe('the answer to an interaction arrives within 3 s, and what was asked is taken once', () => {
  const faults: readonly (readonly [string, Fault, number])[] = [
    ['its connection is cut before', { kind: 'drop', when: 'before' }, 2],
    ['its connection is cut after', { kind: 'drop', when: 'after' }, 1],
    ['Discord fails before', { kind: 'error', when: 'before' }, 2],
    ['Discord fails after, and then says that it was acknowledged already', { kind: 'error', when: 'after' }, 1],
    ['there is no answer at all', { kind: 'hang', when: 'before' }, 1],
    ['Discord asks for a moment', { kind: 'rate_limited', seconds: 0.5 }, 1],
  ];

  it.each(faults)('when %s', async (_, fault, times) => {
    const { server, host } = discord;
    const injected = server.faults.http.inject(route, fault, { times });
    const { driver } = server;
    const { acknowledged } = await driver.slash('task', { request: 'go' }, { user: driver.ben });
    expect(acknowledged).toBe(true);
    expect(injected.hits).toBe(times);
    expect(await host.until(1)).toHaveLength(1);
    await driver.waitFor('every try', () => server.calls.of(route).length === times + 1);
  });

  it('and one that comes too late, or is refused, does no harm', async () => {
    const { server, host, warnings } = discord;
    const { driver } = server;
    server.faults.http.inject(route, { kind: 'refuse', status: 404, code: 10_062, message: 'Unknown interaction' });
    const first = driver.slash('task', { request: 'one' }, { user: driver.ben });
    await driver.slash('task', { request: 'two' }, { user: driver.ben });
    expect((await host.until(2)).map(({ text }) => text)).toEqual(['one', 'two']);
    expect(warnings).toEqual([]);
    expect((await first).acknowledged).toBe(false);
  });
});

describe('a slash command’s thread', () => {
  const key = keyOf(1);

  it('is begun once, also when its beginning was interrupted longer ago than Discord remembers nonces', async () => {
    await discord.stop();
    const past = { ...realClock, now: () => Date.now() - 120_000 };
    discord = await startAdapter({ clock: past, settings: { nonceWindow: 0 } });
    const { server, host, adapter } = discord;
    const { driver } = server;
    await driver.slash('task', { request: 'go' }, { user: driver.ben });
    const [heard] = await host.until(1);
    if (heard === undefined) throw new Error('nothing was heard');
    const threads = 'POST /channels/{channel_id}/messages/{message_id}/threads';
    server.faults.http.inject(threads, { kind: 'refuse', status: 400, code: 0, message: 'No' });
    await expect(adapter.create(heard.thread, cardOf('Running'), key, 'now')).rejects.toThrow();
    await discord.restart();
    await discord.adapter.create(heard.thread, cardOf('Running'), key, 'now');
    expect(driver.threads()).toHaveLength(1);
    const roots = driver.messages(driver.channel('general'));
    expect(roots.map((message) => driver.text(message))).toEqual([expect.stringContaining('go')]);
  });

  it('is there when the process died before it kept the words: it begins with what the card says', async () => {
    const { server, host } = discord;
    const { driver } = server;
    await driver.slash('task', { request: 'go' }, { user: driver.ben });
    const [heard] = await host.until(1);
    if (heard === undefined) throw new Error('nothing was heard');
    await discord.restart();
    await discord.store.delete(`command:${heard.thread.thread}`);
    await discord.adapter.create(heard.thread, cardOf('Running'), key, 'now');
    await discord.adapter.create(heard.thread, cardOf('Report'), keyOf(2), 'now');
    const [thread] = driver.threads();
    expect(driver.threads()).toHaveLength(1);
    expect(driver.messages(thread?.id ?? '')).toHaveLength(2);
    expect(driver.text(driver.message(thread?.id ?? '') as never)).toContain('Running');
  });

  it('is the same one after a restart', async () => {
    const { server, host } = discord;
    const { driver } = server;
    await driver.slash('task', { request: 'go' }, { user: driver.ben });
    const [heard] = await host.until(1);
    if (heard === undefined) throw new Error('nothing was heard');
    await discord.adapter.create(heard.thread, cardOf('One'), key, 'now');
    await discord.restart();
    await discord.adapter.create(heard.thread, cardOf('Two'), keyOf(2), 'now');
    expect(driver.threads()).toHaveLength(1);
  });
});
