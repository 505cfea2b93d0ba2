import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DiscordSettings } from '#core/chat/platform.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import type { DiscordServerOptions } from '#tests/discord-server/server.ts';
import { type AdapterOnDiscord, cardOf, keyOf, startAdapter } from '#tests/discord-server/with-adapter.ts';
import { lateClock } from '#tests/slack-server/clock.ts';
import { createDiscordAdapter } from './adapter.ts';
import { identifyWait } from './identify.ts';

let discord: AdapterOnDiscord;

async function start(options?: DiscordServerOptions): Promise<AdapterOnDiscord> {
  discord = await startAdapter(options);
  return discord;
}
afterEach(() => discord.stop());

const logins = () => discord.server.logins.map(({ kind, result }) => `${kind} ${result}`);

/** The last new session is so long ago that the next need not wait. */
async function forgetSessions(): Promise<void> {
  await discord.store.set('identified', []);
}

describe('a connection that breaks is resumed, and nothing is lost or heard twice', () => {
  it('asked to reconnect, told that its session can not be used now, cut, closed, and without heartbeats', async () => {
    const { server, host, asked } = await start({ settings: { heartbeatInterval: 300 } });
    const { gateway } = server.faults;
    const breaks = [
      () => gateway.reconnect(),
      () => gateway.invalidate('resumable'),
      () => gateway.drop(),
      () => gateway.close(4000),
      () => gateway.deafen(),
    ];
    for (const [index, breaking] of breaks.entries()) {
      breaking();
      await server.driver.waitFor('a resume', () => server.logins.length > index + 1);
      gateway.hear();
      await asked(`after ${index}`);
    }
    expect(logins().filter((login) => login !== 'resume resumed')).toEqual(['identify ready']);
    expect((await host.until(breaks.length)).map(({ text }) => text)).toEqual(
      breaks.map((_, index) => `after ${index}`),
    );
  });
});

describe('what was not dealt with', () => {
  it('is heard by the next process, though what came after it was dealt with', async () => {
    const { server, host, restart } = await start();
    const { driver } = server;
    const { accept } = host;
    host.accept = async (message) => {
      if (message.text === 'lost') throw new Error('the database is away');
      return accept(message);
    };
    for (const text of ['lost', 'kept']) driver.mention(driver.channel('general'), driver.ben, text);
    await host.until(1);
    await restart(async () => {
      host.accept = accept;
    });
    expect((await host.until(2)).map(({ text }) => text)).toEqual(['kept', 'lost']);
    expect(logins()).toEqual(['identify ready', 'resume resumed']);
  });

  it('and never can be holds nothing back: a mistake of ours, and somebody whom Discord does not know', async () => {
    const { server, host, asked, warnings, restart } = await start();
    const { driver } = server;
    const { accept } = host;
    let tries = 0;
    host.accept = async (message) => {
      if (message.text !== 'poison') return accept(message);
      tries += 1;
      throw new TypeError('Cannot read properties of undefined');
    };
    driver.mention(driver.channel('general'), driver.ben, 'poison');
    server.faults.gateway.emit('MESSAGE_REACTION_ADD', {
      user_id: '1300000000000077777',
      channel_id: driver.direct(driver.ben),
      message_id: '1300000000000077778',
      message_author_id: driver.bot,
      emoji: { name: '✅', id: null },
    });
    const left = () => warnings.filter((warning) => warning.includes('it is left'));
    await expect.poll(left, { timeout: 5000 }).toHaveLength(2);
    const sure = tries;
    await restart();
    await asked('heard');
    expect([tries, left().length, logins()]).toEqual([sure, 2, ['identify ready', 'resume resumed']]);
  });
});

it('what a resumed session brings has the time when it was said, and of the connection that brings it', async () => {
  const clock = lateClock(90_000);
  const { server, host, adapter, restart } = await start({ clock });
  const before = Date.now();
  await adapter.stop();
  server.driver.mention(server.driver.channel('general'), server.driver.ben, 'missed');
  const resumedFrom = Date.now();
  await restart();
  const [missed] = await host.until(1);
  const { saidAt = 0, listeningSince = 0 } = missed?.timing ?? {};
  expect(logins()).toEqual(['identify ready', 'resume resumed']);
  expect(saidAt).toBeGreaterThanOrEqual(before - 91_000);
  expect(saidAt).toBeLessThan(resumedFrom - 89_000);
  expect(listeningSince).toBeGreaterThanOrEqual(resumedFrom);
});

describe('a session that is gone', () => {
  it('is begun anew; what was said meanwhile is found and marked late, and the adapter says nothing of its own', async () => {
    const { server, host, asked, adapter } = await start();
    const { driver } = server;
    const thread = await asked('one');
    await adapter.create(thread, cardOf('Running'), keyOf(1), 'now');
    await discord.store.set('heard-until', Date.now());
    await forgetSessions();
    server.faults.gateway.invalidate('gone');
    driver.mention(driver.channel('general'), driver.ben, 'two');
    driver.mention(thread.thread, driver.ben, 'three');
    driver.mention(thread.thread, driver.ben, 'four');
    const heard = await host.until(4);
    expect(heard.map(({ text, late }) => [text, late ?? false])).toEqual(
      expect.arrayContaining([
        ['one', false],
        ['two', true],
        ['three', true],
        ['four', true],
      ]),
    );
    await expect.poll(() => discord.store.get('session')).toMatchObject({ owesLook: false });
    expect(driver.messages(thread.thread).filter(({ author }) => author.bot)).toHaveLength(1);
  });
});

describe('a session that is gone and has to wait for the next', () => {
  it('hears nothing by the heartbeats of its connection', async () => {
    const { server, store, adapter } = await start({ settings: { heartbeatInterval: 20 } });
    await expect.poll(() => store.get('heard-until')).toBeTypeOf('number');
    server.faults.gateway.invalidate('gone');
    await expect.poll(() => store.get('session')).toBeNull();
    const gone = Date.now();
    const beats = vi.spyOn(server.faults.gateway, 'acknowledges');
    await expect.poll(() => beats.mock.calls.length).toBeGreaterThan(3);
    await adapter.stop();
    expect(await store.get('heard-until')).toBeLessThanOrEqual(gone);
  });
});

describe('after an absence', () => {
  const day = 24 * 3_600_000;
  const texts = (channel: string) =>
    discord.server.driver.messages(channel).map((message) => discord.server.driver.text(message));
  const notes = (channel: string) => texts(channel).filter((text) => text.includes('was away from'));

  /** Nobody listened since a time; now somebody does, with a session that knows nothing of it. */
  async function comeBack(since: number): Promise<void> {
    await discord.store.set('session', null);
    await discord.store.set('heard-until', since);
    await forgetSessions();
    await discord.restart();
  }

  it('the newest messages of a place are read, oldest first; that there were more is said there once, and where nobody knows Commander only noted', async () => {
    const { server, host, asked, adapter, warnings } = await start();
    const { driver } = server;
    const [busy, other] = [driver.channel('general'), driver.addChannel('other')];
    const thread = await asked('one', busy);
    host.followed = async () => [thread];
    const since = Date.now();
    await adapter.stop();
    for (const channel of [busy, other]) {
      driver.mention(channel, driver.ben, `lost in ${channel}`);
      for (let line = 0; line < 998; line += 1) driver.say(channel, driver.ben, 'lunch?');
    }
    for (const text of ['two', 'three']) driver.mention(busy, driver.ben, text);
    for (const text of ['lunch!', 'yes']) driver.say(other, driver.ben, text);
    server.faults.http.inject('POST /channels/{channel_id}/messages', { kind: 'error', when: 'after' });
    await comeBack(since);
    await expect.poll(() => notes(busy)).toEqual([expect.stringContaining('the last 1000 messages')]);
    await expect.poll(() => warnings.filter((warning) => warning.includes('"left":"more"'))).toHaveLength(2);
    expect((await host.until(3)).map(({ text, late }) => [text, late])).toEqual([
      ['one', undefined],
      ['two', true],
      ['three', true],
    ]);
    await comeBack(since);
    await expect.poll(() => discord.store.get('session')).toMatchObject({ owesLook: false });
    expect([notes(busy).length, notes(other)]).toEqual([1, []]);
  });

  it('what was asked within a week is taken up, in a thread that was archived too; what is older is left, and that is said', async () => {
    const clock = lateClock(9 * day);
    const { server, host, asked } = await start({ clock });
    const { driver } = server;
    const thread = await asked('one');
    await discord.adapter.create(thread, cardOf('Running'), keyOf(1), 'now');
    host.followed = async () => [thread];
    await discord.adapter.stop();
    driver.mention(thread.thread, driver.ben, 'too old');
    clock.advance(4 * day);
    driver.mention(thread.thread, driver.ben, 'from Monday');
    driver.archive(thread.thread);
    clock.advance(5 * day);
    await comeBack(Date.now() - 9.5 * day);
    await expect.poll(() => notes(thread.thread)).toEqual([expect.stringContaining('in the last 7 days')]);
    expect((await host.until(2)).map(({ text }) => text)).toEqual(['one', 'from Monday']);
  });

  it('a process that ends while it looks back leaves the rest to the next one, though the session goes on', async () => {
    const { server, host, asked, store } = await start();
    const { driver } = server;
    await asked('one');
    const since = Date.now();
    await discord.adapter.stop();
    driver.mention(driver.channel('general'), driver.ben, 'two');
    const route = 'GET /users/@me/guilds';
    const failing = server.faults.http.inject(
      route,
      { kind: 'refuse', status: 400, code: 1, message: 'No' },
      { times: 9 },
    );
    await comeBack(since);
    await expect.poll(() => failing.hits).toBeGreaterThan(0);
    await expect.poll(() => store.get('session')).toMatchObject({ owesLook: true });
    await discord.adapter.stop();
    failing.remove();
    await discord.restart();
    expect((await host.until(2)).map(({ text }) => text)).toEqual(['one', 'two']);
    expect(logins().at(-1)).toBe('resume resumed');
    await expect.poll(() => store.get('session')).toMatchObject({ owesLook: false });
  });
});

it('what was said while the first process of all was not yet able to store its session, and before the next came, is found', async () => {
  const store = memoryStore();
  let isLater = false;
  /** Of what the first process writes only what it writes before it has a session comes into the store. */
  const reaches = async (key: string) => isLater || (key !== 'session' && (await store.get(key)) === undefined);
  const set: typeof store.set = async (key, value) => ((await reaches(key)) ? store.set(key, value) : undefined);
  discord = await startAdapter({}, {}, { ...store, set });
  await discord.asked('one');
  const { driver } = discord.server;
  await discord.restart(async () => {
    isLater = true;
    await forgetSessions();
    driver.mention(driver.channel('general'), driver.ben, 'two');
  });
  expect((await discord.host.until(2)).map(({ text, late }) => [text, late ?? false])).toEqual([
    ['one', false],
    ['two', true],
  ]);
  expect(logins()).toEqual(['identify ready', 'identify ready']);
});

describe('new sessions are spared', () => {
  it('none is begun when few are left today, and the person is told why', async () => {
    await start();
    await discord.stop();
    await expect(startAdapter({ settings: { identifiesADay: 49 } })).rejects.toThrow('Only 49 new sessions are left');
    await start();
  });

  it('nor in a process that loses its session then: it waits, and says why', async () => {
    const { server, told } = await start({ settings: { identifiesADay: 50 } });
    server.faults.gateway.invalidate('gone');
    await expect.poll(() => told.at(-1)).toContain('Discord: Only 49 new sessions are left');
    expect(logins()).toEqual(['identify ready']);
  });

  it('a process that is restarted for ever stays far below the thousand of a day', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 120_000 }), { minLength: 1, maxLength: 50 }), (lives) => {
        const day = 24 * 3_600_000;
        const times: number[] = [];
        for (let now = 0, life = 0; now < day; life += 1) {
          const begun = now + identifyWait(times, now);
          if (begun < day) times.push(begun);
          now = begun + (lives[life % lives.length] ?? 0);
        }
        expect(times.length).toBeLessThan(300);
        for (const [index, time] of times.entries())
          expect(time - (times[index - 1] ?? -5000)).toBeGreaterThanOrEqual(5000);
      }),
      { numRuns: 30 },
    );
  });
});

describe('what Discord ends for good', () => {
  it.each([
    [4004, 'DISCORD_TOKEN'],
    [4014, 'Message Content Intent'],
  ])('is said plainly (%i), and not tried at once again', async (code, words) => {
    const { server, told } = await start();
    server.faults.gateway.close(code);
    await server.driver.waitFor('the end', () => server.faults.gateway.count() === 0 && told.length > 1);
    expect(told.at(-1)).toContain(words);
    expect(logins()).toEqual(['identify ready']);
  });
});

describe('a start that can not succeed says what to do', () => {
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const started = (settings: DiscordSettings, store = memoryStore()) =>
    createDiscordAdapter({ settings, store, log }).start(discord.host);

  it('with a wrong token, without a network, and with an intent that is not switched on', async () => {
    const { server } = await start();
    await expect(started({ token: 'wrong', apiUrl: server.api })).rejects.toThrow(
      'Discord does not know DISCORD_TOKEN',
    );
    await expect(started({ token: 'x', apiUrl: 'http://127.0.0.1:9/api' })).rejects.toThrow('can not be reached');
    const wish = { token: server.token, apiUrl: server.api, messageContent: true };
    await expect(started(wish)).rejects.toThrow('Switch on “Message Content Intent”');
    // Nor is a session resumed that was begun without it: it would stay without.
    await discord.adapter.stop();
    await forgetSessions();
    await expect(started(wish, discord.store)).rejects.toThrow('Switch on “Message Content Intent”');
    server.calls.clear();
  });
});

describe('what Discord adds, or sends broken, does no harm', () => {
  const names = [
    'MESSAGE_CREATE',
    'MESSAGE_UPDATE',
    'MESSAGE_DELETE',
    'MESSAGE_REACTION_ADD',
    'INTERACTION_CREATE',
    'NEWS',
  ];
  const fields = [
    'id',
    'token',
    'type',
    'data',
    'channel_id',
    'channel',
    'author',
    'content',
    'mentions',
    'attachments',
    'emoji',
    'user_id',
    'message_id',
    'message_author_id',
  ];
  const beside = ['message_snapshots', 'referenced_message', 'message_reference', 'member'];
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constant('1300000000000000099'),
    fc.integer({ min: 0, max: 20 }),
  );
  const data = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.dictionary(fc.constantFrom(...fields), value));

  it('and what is whole among it is heard, without what is broken beside it; nothing is held back', async () => {
    const { server, host, asked, store } = await start();
    const { driver } = server;
    const ben = { id: driver.ben, username: 'ben' };
    const about = { channel_id: driver.channel('general'), author: ben, mentions: [{ ...ben, id: driver.bot }] };
    const parts = fc.sample(fc.dictionary(fc.constantFrom(...beside), value), { numRuns: 40, seed: 7 });
    for (const [index, part] of [{ message_snapshots: [{ message: { content: 'x' } }] }, ...parts].entries()) {
      const id = `${1_300_000_000_000_009_000n + BigInt(index)}`;
      server.faults.gateway.emit('MESSAGE_CREATE', {
        ...part,
        ...about,
        id,
        type: 0,
        content: 'broken',
        attachments: [],
      });
    }
    const frames = fc.sample(fc.tuple(fc.constantFrom(...names), data), { numRuns: 300, seed: 7 });
    for (const [name, frame] of frames) server.faults.gateway.emit(name, frame);
    server.faults.gateway.raw('{');
    server.faults.gateway.raw('{"op":99,"d":null}');
    await asked('still there?');
    const heard = await host.until(parts.length + 2);
    expect(heard.filter(({ text }) => text === 'broken')).toHaveLength(parts.length + 1);
    const sequence = async () => (await store.get('session')) as { readonly sequence: number };
    await expect.poll(async () => (await sequence()).sequence).toBeGreaterThan(parts.length + frames.length);
    expect(logins()).toEqual(['identify ready']);
    server.calls.clear();
  });

  it('kinds of interactions and components that are not known among them: the rest of a form is taken', async () => {
    const { server, host, asked, warnings } = await start();
    const { driver } = server;
    const thread = await asked();
    const guild = server.world.guild.id;
    const place = { guild_id: guild, authorizing_integration_owners: { 0: guild }, channel_id: thread.channel };
    const person = { member: { user: { id: driver.ben, username: 'ben' }, roles: [], permissions: '0' } };
    const base = {
      application_id: driver.bot,
      token: 't',
      channel: { id: thread.channel, type: 0 },
      ...place,
      ...person,
    };
    const known = { type: 18, component: { type: 4, custom_id: 'note', value: 'faster' } };
    const components = [{ type: 99 }, { type: 18, component: { type: 77, custom_id: 'x' } }, { type: 18 }, known];
    const strange = [
      { type: 42 },
      { type: 2, data: { type: 9, name: 'x' } },
      { type: 3, data: { component_type: 99, custom_id: 'approve:x' } },
      { type: 5, data: { custom_id: 'refine:x', components } },
    ];
    for (const [index, each] of strange.entries())
      server.faults.gateway.emit('INTERACTION_CREATE', { ...base, ...each, id: `130000000000000010${index}` });
    await expect.poll(() => host.submissions).toMatchObject([{ modalId: 'refine:x', values: { note: 'faster' } }]);
    expect(host.presses).toMatchObject([{ action: 'approve:x' }]);
    const unknown = (about: string) =>
      warnings.filter((warning) => /does not know/.test(warning) && warning.includes(about));
    expect([unknown('"interaction":"1300000000000000100"').length, unknown('').length]).toEqual([1, 2]);
    await asked('still there?');
    expect(logins()).toEqual(['identify ready']);
    server.calls.clear();
  });
});

it('the invite link is told: before the bot is in its server, and when it is', async () => {
  const { server, told } = await start();
  expect(told).toEqual([
    expect.stringMatching(
      /^Discord: connected as Commander\. .*https:\/\/discord\.com\/oauth2\/authorize\?client_id=\d+&scope=bot\+applications\.commands&permissions=\d+$/,
    ),
  ]);
  const settings = { token: server.token, apiUrl: server.api, guildId: '1300000000000000777' };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const elsewhere = createDiscordAdapter({ settings, store: memoryStore(), log });
  await expect(elsewhere.start(discord.host)).rejects.toThrow(/not in the server .*https:\/\/discord\.com\/oauth2/);
  server.calls.clear();
});
