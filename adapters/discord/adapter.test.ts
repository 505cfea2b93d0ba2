import { ComponentType } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatAdapter } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { type HeardHost, heardHost } from '#tests/chat/heard-host.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { showCard } from '#tests/chat/show-card.ts';
import { type DiscordServer, startDiscordServer } from '#tests/discord-server/server.ts';
import { createDiscordAdapter } from './adapter.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const key = '0190a000-0000-7000-8000-00000000000a';
const action = 'approve:0190a000-0000-7000-8000-00000000000b';

let server: DiscordServer;
let host: HeardHost;
let adapter: ChatAdapter;
let store: ReturnType<typeof memoryStore>;

beforeEach(async () => {
  server = await startDiscordServer();
  host = heardHost();
  store = memoryStore();
  adapter = await begin();
});

afterEach(async () => {
  await adapter.stop();
  await server.stop();
  expect(server.calls.rateLimited()).toEqual([]);
  expect(server.contract.violations).toEqual([]);
});

async function begin(log = silent): Promise<ChatAdapter> {
  const settings = { token: server.token, apiUrl: server.api, guildId: server.world.guild.id };
  const next = createDiscordAdapter({ settings, store, log });
  await next.start(host);
  return next;
}

function card(title: string, more: Partial<Card> = {}): Card {
  return { key: 'status', tone: 'waiting', title: [title], blocks: [], summary: title, ...more };
}

const buttons: Card['blocks'] = [{ kind: 'buttons', buttons: [{ label: 'Approve', style: 'primary', action }] }];

describe('what people say', () => {
  it('is taken with its own id, its files and without the mention; the answer makes the message’s thread', async () => {
    const { driver } = server;
    const files = [{ name: 'a.txt', content: 'abc' }];
    const asked = driver.mention(driver.channel('general'), driver.ben, 'run the tests', { files });
    const [heard] = await host.until(1);
    expect(heard).toMatchObject({
      externalId: asked.id,
      thread: { platform: 'discord', channel: driver.channel('general'), thread: asked.id },
      sender: { externalId: driver.ben },
      text: 'run the tests',
      addressed: true,
      opensThread: true,
      files: [{ name: 'a.txt', size: 3 }],
    });
    const [file] = heard?.files ?? [];
    if (heard === undefined || file === undefined) throw new Error('no file came');
    const chunks: Uint8Array[] = [];
    for await (const chunk of await adapter.download(file)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('abc');
    await adapter.create(heard.thread, card('Running'), key, 'now');
    expect(driver.threads()).toMatchObject([{ id: asked.id }]);
    expect(driver.text(driver.messages(asked.id)[0] as never)).toContain('Running');
  });

  it('is left alone when it is not for the bot', async () => {
    const { driver } = server;
    driver.say(driver.channel('general'), driver.ben, 'lunch?');
    driver.mention(driver.channel('general'), driver.addPerson('another bot', { bot: true }), 'go');
    server.faults.gateway.emit('MESSAGE_CREATE', {
      ...{ id: '1300000000000000201', channel_id: driver.channel('general'), guild_id: server.world.guild.id },
      ...{ author: { id: '1300000000000000202', username: 'a hook' }, webhook_id: '1300000000000000202' },
      ...{ content: `${driver.mentionText} go`, mentions: [{ id: driver.bot }], attachments: [] },
    });
    driver.mention(driver.channel('general'), driver.ben, 'hello');
    const heard = await host.until(1);
    expect(heard.map(({ text }) => text)).toEqual(['hello']);
  });

  it('brings along what it answers and what was forwarded just before, as somebody else’s words', async () => {
    const { driver } = server;
    const direct = driver.direct(driver.ben);
    const files = [{ name: 'trace.txt', content: 'abc' }];
    const red = driver.say(driver.channel('general'), driver.anna, 'the build is red', { files });
    driver.mention(driver.channel('general'), driver.ben, 'mend this', { replyTo: red });
    driver.say(direct, driver.ben, '', { forwards: red });
    driver.say(direct, driver.ben, 'mend that');
    driver.say(direct, driver.ben, 'and something else');
    const heard = (await host.until(4)).map(({ text, earlier }) => [text, earlier]);
    const words = { text: 'the build is red\n[a file that is not taken along: trace.txt]', brought: true };
    const forwarded = [{ from: 'a forwarded message', ...words }];
    expect(heard.filter(([text]) => text === 'mend this')).toEqual([['mend this', [{ from: 'anna', ...words }]]]);
    expect(heard.filter(([text]) => text !== 'mend this')).toEqual([
      ['', forwarded],
      ['mend that', forwarded],
      ['and something else', undefined],
    ]);
  });

  it('is left where its channel is gone before it was heard, and not tried again for ever', async () => {
    const { driver } = server;
    const warned: unknown[] = [];
    await adapter.stop();
    adapter = await begin({ ...silent, error: (...said: unknown[]) => warned.push(said[1]) });
    const brief = driver.addChannel('brief');
    driver.mention(brief, driver.ben, 'lost');
    driver.removeChannel(brief);
    await expect.poll(() => warned).toEqual([expect.stringContaining('is left')]);
    driver.mention(driver.channel('general'), driver.ben, 'hello');
    expect((await host.until(1)).map(({ text }) => text)).toEqual(['hello']);
  });

  it('says who may manage the server, by his roles as they are in that moment, as a reaction does', async () => {
    const { driver } = server;
    const manages = async (user: string, post?: string) => {
      const count = (await host.until(0)).length + 1;
      if (post === undefined) driver.mention(driver.channel('general'), user, `word ${count}`);
      else driver.react(driver.message(post) as never, user, '✅');
      return post === undefined ? (await host.until(count)).at(-1)?.sender : (await host.reaction()).sender;
    };
    expect(await manages(driver.anna)).toMatchObject({ administers: true });
    expect(await manages(driver.ben)).toMatchObject({ administers: false });
    driver.allow(driver.ben, ['manageGuild']);
    expect(await manages(driver.ben)).toMatchObject({ administers: true });
    const thread = (await host.until(3)).at(-1)?.thread;
    if (thread === undefined) throw new Error('nothing was heard');
    const post = await adapter.create(thread, card('One'), key, 'now');
    driver.dismiss(driver.ben);
    expect(await manages(driver.ben, post)).toMatchObject({ administers: false });
    // Who can not be asked about may have lost it since.
    await adapter.stop();
    server.faults.http.inject('GET /guilds/{guild_id}', { kind: 'refuse', status: 403, code: 50001, message: 'No' });
    adapter = await begin();
    expect(await manages(driver.anna)).toMatchObject({ administers: false });
    expect(await manages(driver.anna)).toMatchObject({ administers: true });
  });

  it('is taken from a direct chat without a mention', async () => {
    const { driver } = server;
    driver.say(driver.direct(driver.ben), driver.ben, 'help');
    expect((await host.until(1))[0]).toMatchObject({ text: 'help', addressed: true });
  });

  it('comes as a slash command, in the words of the command table, and gets a thread of its own, once', async () => {
    const { driver } = server;
    const answered = await driver.slash('task', { request: 'run @everyone' }, { user: driver.ben });
    expect(answered.acknowledged).toBe(true);
    const [heard] = await host.until(1);
    if (heard === undefined) throw new Error('nothing was heard');
    expect(heard).toMatchObject({ text: 'run @everyone', externalId: answered.interaction.id });
    await adapter.create(heard.thread, card('One'), key, 'now');
    await adapter.create(heard.thread, card('Two'), key.replace(/a$/, 'c'), 'now');
    expect(driver.threads()).toHaveLength(1);
    const [thread] = driver.threads();
    expect(driver.messages(thread?.id ?? '')).toHaveLength(2);
    await driver.slash('cancel', { task: '12' }, { user: driver.ben, channel: thread?.id ?? '' });
    expect((await host.until(2))[1]).toMatchObject({ text: 'cancel 12', thread: heard.thread });
    await adapter.stop();
    adapter = await begin();
    expect(await adapter.linkTo(heard.thread)).toMatch(new RegExp(`/${thread?.id}$`));
  });
});

describe('what Commander shows', () => {
  async function asked() {
    const { driver } = server;
    driver.mention(driver.channel('general'), driver.ben, 'go');
    const [heard] = await host.until(1);
    if (heard === undefined) throw new Error('nothing was heard');
    return heard.thread;
  }

  it('is posted once, whatever happens to the answer', async () => {
    const { driver } = server;
    const thread = await asked();
    server.faults.http.inject('POST /channels/{channel_id}/messages', { kind: 'drop', when: 'after' }, { times: 1 });
    const post = await adapter.create(thread, card('Once'), key, 'now');
    expect(await adapter.create(thread, card('Once'), key, 'now')).toBe(post);
    server.faults.http.inject('POST /channels/{channel_id}/messages', { kind: 'error', when: 'after' }, { times: 1 });
    const other = key.replace(/a$/, 'd');
    await adapter.create(thread, card('Twice'), other, 'now');
    expect(driver.messages(thread.thread)).toHaveLength(2);
    await adapter.edit(thread, post, card('Changed'), 2, 'now');
    expect(driver.text(driver.messages(thread.thread)[0] as never)).toContain('Changed');
  });

  it('is found again by the next process', async () => {
    const { driver } = server;
    const thread = await asked();
    const first = await adapter.create(thread, card('Once'), key, 'now');
    await adapter.stop();
    adapter = await begin();
    expect(await adapter.create(thread, card('Once'), key, 'now')).toBe(first);
    expect(driver.messages(thread.thread)).toHaveLength(1);
  });

  it('is not looked for when it can not be there yet, and is by the next process', async () => {
    const lookUps = () => server.calls.of('GET /channels/{channel_id}/messages').length;
    const thread = await asked();
    const digits = Date.now().toString(16).padStart(12, '0');
    const fresh = `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-000000000001`;
    const post = await adapter.create(thread, card('New'), fresh, 'now');
    expect(lookUps()).toBe(0);
    await adapter.stop();
    adapter = await begin();
    expect(await adapter.create(thread, card('New'), fresh, 'now')).toBe(post);
    expect(lookUps()).toBe(1);
  });

  it('brings the produced files along, pictures as pictures, and keeps them when the card changes', async () => {
    const { driver } = server;
    const thread = await asked();
    const bytes = Buffer.from('plain text');
    async function* open() {
      yield bytes;
    }
    host.output = async (id) => ({ name: id, mediaType: 'text/plain', size: bytes.length, open });
    const file = { mediaType: 'text/plain', size: 10, version: 1, href: '/outputs/o1' };
    const files = [
      { ...file, outputId: 'o1', name: 'Bericht Übersicht.pdf' },
      { ...file, outputId: 'o2', name: 'a.png', mediaType: 'image/png' },
    ];
    const output = card('Output', { blocks: [{ kind: 'files', files }] });
    const post = await showCard(adapter, thread, output, key);
    await adapter.edit(thread, post, { ...output, title: ['Changed'] }, 2, 'now');
    const [own, ...brought] = driver.messages(thread.thread);
    expect(JSON.stringify(own?.components)).toContain('Changed');
    const kinds = brought.flatMap(({ attachments, components: [container] }) => {
      expect(attachments).toHaveLength(1);
      const { components = [] } = (container ?? {}) as { components?: readonly { type: number }[] };
      return components.map(({ type }) => type);
    });
    expect(kinds).toEqual(expect.arrayContaining([ComponentType.MediaGallery, ComponentType.File]));
  });

  it('pings nobody but the one whom the card names', async () => {
    const { driver } = server;
    const thread = await asked();
    const hostile = '@everyone <@1300000000000000001> [x](https://evil.example) ```';
    const blocks: Card['blocks'] = [
      { kind: 'text', text: [hostile] },
      { kind: 'code', text: hostile },
      { kind: 'quote', from: hostile, text: hostile },
    ];
    const notifies = { externalId: driver.ben, name: 'ben' };
    await adapter.create(thread, card(hostile, { blocks, notifies }), key, 'now');
    expect(driver.messages(thread.thread)[0]?.pings).toEqual({ everyone: false, roles: [], users: [driver.ben] });
  });

  it('takes presses, asks first where the card says so, and tells only the presser what was refused', async () => {
    const { driver } = server;
    const thread = await asked();
    const confirm = { title: 'Cancel?', text: 'It stops.', yes: 'Stop' };
    const blocks: Card['blocks'] = [
      {
        kind: 'buttons',
        buttons: [
          { label: 'Approve', style: 'primary', action },
          { label: 'Cancel', style: 'danger', action: 'cancel:x', confirm },
        ],
      },
    ];
    await adapter.create(thread, card('Ask', { blocks }), key, 'now');
    const message = driver.messages(thread.thread)[0];
    if (message === undefined) throw new Error('no card');
    host.reply = { kind: 'notice', tone: 'warning', text: 'You may not.' };
    const refused = await driver.click(message, action, { user: driver.ben });
    expect(driver.text(refused.message as never)).toContain('You may not.');
    expect(host.presses).toMatchObject([{ action, sender: { externalId: driver.ben }, thread }]);
    server.faults.gateway.repeatLast();
    await expect.poll(() => host.presses).toHaveLength(2);
    const sure = await driver.click(message, '?cancel:x', { user: driver.ben });
    expect(host.presses).toHaveLength(2);
    host.reply = { kind: 'done' };
    await driver.click(sure.message as never, 'cancel:x', { user: driver.ben });
    expect(host.presses[2]).toMatchObject({ action: 'cancel:x' });
    const [first, again, another] = host.presses.map(({ externalId }) => externalId);
    expect([again, typeof first, another === first]).toEqual([first, 'string', false]);
  });

  it('opens forms and takes what is filled in', async () => {
    const { driver } = server;
    const thread = await asked();
    await adapter.create(thread, card('Ask', { blocks: buttons }), key, 'now');
    host.reply = {
      kind: 'modal',
      modal: {
        id: 'refine:x',
        title: 'Refine',
        intro: ['Say what to change.'],
        submit: 'Send',
        fields: [
          { kind: 'text', name: 'note', label: 'Note', optional: true },
          { kind: 'select', name: 'days', label: 'Days', options: [{ value: '7', label: 'A week' }] },
        ],
      },
    };
    const opened = await driver.click(driver.messages(thread.thread)[0] as never, action, { user: driver.ben });
    if (opened.modal === undefined) throw new Error('no form');
    host.reply = { kind: 'done' };
    await driver.submitModal(opened.modal, { note: 'faster', days: ['7'] });
    expect(host.submissions).toMatchObject([{ modalId: 'refine:x', values: { note: 'faster', days: '7' } }]);
  });
});

describe('across restarts', () => {
  it('the session is resumed, and what was said in between is heard, once', async () => {
    const { driver } = server;
    driver.mention(driver.channel('general'), driver.ben, 'one');
    await host.until(1);
    await adapter.stop();
    driver.mention(driver.channel('general'), driver.ben, 'two');
    adapter = await begin();
    const heard = await host.until(2);
    expect(heard.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(server.logins.map(({ kind }) => kind)).toEqual(['identify', 'resume']);
  });

  it('an event that could not be stored comes again', async () => {
    const { driver } = server;
    host.failures = 2;
    driver.mention(driver.channel('general'), driver.ben, 'patience');
    expect(await host.until(1)).toMatchObject([{ text: 'patience' }]);
  });

  it('commands are declared once, and again only when they change', async () => {
    const route = 'PUT /applications/{application_id}/guilds/{guild_id}/commands';
    expect(server.calls.of(route)).toHaveLength(1);
    await adapter.stop();
    adapter = await begin();
    expect(server.calls.of(route)).toHaveLength(1);
  });
});
