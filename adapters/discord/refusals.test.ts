import { ComponentType, MessageFlags } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Block } from '#core/chat/card.ts';
import type { Call } from '#tests/discord-server/calls.ts';
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

describe('a card that Discord refuses', () => {
  const edits = 'PATCH /channels/{channel_id}/messages/{message_id}';
  const action = 'approve:0190a000-0000-7000-8000-00000000000b';
  const buttons: Block = { kind: 'buttons', buttons: [{ label: 'Approve', style: 'primary', action }] };
  const typesOf = ({ body }: Call) =>
    ((body as { components?: readonly { type: number }[] }).components ?? []).map(({ type }) => type);

  /** Discord takes no message with a component of these types. */
  const refuse = (...types: readonly ComponentType[]) => {
    const refusal = { kind: 'refuse', status: 400, code: 50_035, message: 'Invalid Form Body' } as const;
    const matching = (call: Call) => typesOf(call).some((type) => types.includes(type));
    for (const route of [posts, edits]) discord.server.faults.http.inject(route, refusal, { times: 100, matching });
  };
  const shown = (channel: string) => discord.server.driver.messages(channel);

  it('comes with its buttons, pings whom it names, is changed with what it shows, and its presses are heard', async () => {
    const { adapter, host, server } = discord;
    const { driver } = server;
    const thread = await discord.asked();
    refuse(ComponentType.Container);
    const asks = cardOf('Ask @everyone', { blocks: [buttons], notifies: { externalId: driver.ben, name: 'ben' } });
    const post = await adapter.create(thread, asks, keyOf(1), 'now');
    const [message] = shown(thread.thread);
    expect(message).toMatchObject({
      pings: { users: [driver.ben], everyone: false },
      flags: MessageFlags.SuppressEmbeds,
    });
    expect(message?.content).toContain('### Ask');
    await driver.click(message as never, action, { user: driver.ben });
    expect(host.presses).toMatchObject([{ action, thread, sender: { externalId: driver.ben } }]);
    const long = { kind: 'text', text: ['x'.repeat(3000)] } as const;
    expect(await adapter.edit(thread, post, cardOf('Long', { blocks: [long, buttons] }), 2, 'now')).toBe(post);
    const [changed] = shown(thread.thread);
    expect(changed?.content).toContain('all of it is in this file');
    expect(changed?.attachments.map(({ bytes }) => bytes.includes('x'.repeat(3000)))).toEqual([true]);
    expect(changed?.components).toMatchObject([{ components: [{ custom_id: action }] }]);
    // By now it is known what kind of message it is: what Discord would refuse is not asked for.
    expect(server.calls.of(edits).map(({ status }) => status)).toEqual([200]);
  });

  it('is found again, and changed, by a process that knows nothing of it', async () => {
    const { server } = discord;
    const thread = await discord.asked();
    refuse(ComponentType.Container);
    const post = await discord.adapter.create(thread, cardOf('Done'), keyOf(1), 'now');
    await discord.restart();
    server.calls.clear();
    expect(await discord.adapter.create(thread, cardOf('Done'), keyOf(1), 'now')).toBe(post);
    expect(server.calls.of(posts)).toEqual([]);
    await discord.adapter.edit(thread, post, cardOf('Over'), 2, 'now');
    expect(shown(thread.thread).map(({ content }) => content)).toEqual([expect.stringContaining('### Over')]);
  });

  it('is shown by a message that has a container already as words and buttons', async () => {
    const { adapter, host } = discord;
    const thread = await discord.asked();
    const post = await adapter.create(thread, cardOf('Begun'), keyOf(1), 'now');
    refuse(ComponentType.Container);
    host.output = async () => ({
      name: 'a.csv',
      mediaType: 'text/csv',
      size: 3,
      open: async function* () {
        yield Buffer.from('a,b');
      },
    });
    const file = { outputId: keyOf(9), name: 'a.csv', mediaType: 'text/csv', size: 3, version: 1, href: '/o' };
    const blocks = [{ kind: 'files', files: [file] }, buttons] as const;
    await adapter.edit(thread, post, cardOf('Changed', { blocks }), 2, 'now');
    const [message] = shown(thread.thread);
    expect(message?.components.map(({ type }) => type)).toEqual([ComponentType.TextDisplay, ComponentType.ActionRow]);
    discord.server.faults.http.clear();
    await adapter.edit(thread, post, cardOf('As usual'), 3, 'now');
    expect(shown(thread.thread)[0]?.components.map(({ type }) => type)).toEqual([ComponentType.Container]);
  });

  it('comes in words when its buttons are refused as well, and says so', async () => {
    const { adapter } = discord;
    const thread = await discord.asked();
    refuse(ComponentType.Container, ComponentType.ActionRow);
    const post = await adapter.create(thread, cardOf('Ask', { blocks: [buttons] }), keyOf(1), 'now');
    await adapter.edit(thread, post, cardOf('Ask again', { blocks: [buttons] }), 2, 'now');
    const [message] = shown(thread.thread);
    expect(message?.components).toEqual([]);
    expect(message?.content).toMatch(/^### Ask again\n-# Its buttons are missing/);
  });
});
