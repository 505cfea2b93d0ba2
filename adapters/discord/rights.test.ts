import { afterEach, describe, expect, it } from 'vitest';
import { bitsOf, permission } from '#tests/discord-server/permissions.ts';
import { defaultSettings } from '#tests/discord-server/settings.ts';
import { type AdapterOnDiscord, cardOf, keyOf, startAdapter } from '#tests/discord-server/with-adapter.ts';
import { checkDiscord } from './check.ts';
import { invitedBits, lacking } from './rights.ts';

let discord: AdapterOnDiscord;

afterEach(() => discord?.stop());

describe('what the bot lacks', () => {
  it('is said at the start, by name: of its role, and of channels that it sees', async () => {
    discord = await startAdapter({
      settings: { botPermissions: invitedBits & ~permission.createPrivateThreads },
    });
    const { driver, world } = discord.server;
    // Everybody may do all but the one thing here, as people's roles allow it.
    expect(discord.adapter.concerns?.()).toEqual([]);
    const everybody = world.guild.roles.get(world.guild.id);
    if (everybody === undefined) throw new Error('no role of everybody');
    everybody.permissions = 0n;
    driver.deny(driver.channel('general'), ['attachFiles']);
    driver.deny(driver.channel('ideas'), ['viewChannel']);
    await discord.restart();
    expect(discord.adapter.concerns?.()).toEqual([
      expect.stringContaining('role in the server lacks “Create Private Threads” (CREATE_PRIVATE_THREADS)'),
      'In #general the bot lacks “Attach Files” (ATTACH_FILES).',
    ]);
    const settings = { token: discord.server.token, apiUrl: discord.server.api, guildId: world.guild.id };
    expect(await checkDiscord(settings)).toMatchObject({
      name: defaultSettings.botName,
      concerns: [
        expect.stringContaining('CREATE_PRIVATE_THREADS'),
        expect.stringContaining('#general'),
        expect.stringContaining(`permissions=${invitedBits}`),
      ],
    });
    expect((await checkDiscord({ ...settings, token: 'wrong' })).concerns[0]).toContain('does not know DISCORD_TOKEN');
    expect((await checkDiscord({ ...settings, guildId: '1300000000000009999' })).concerns[0]).toContain(
      'not in the server',
    );
    const away = await checkDiscord({ ...settings, apiUrl: 'http://127.0.0.1:9/api' });
    expect(away.concerns[0]).toContain('can not be reached from here');
    expect((await checkDiscord({ ...settings, messageContent: true })).concerns[0]).toContain('Message Content Intent');
  });

  it('is said on use: a command that could not be answered starts nothing, one that loses something says so', async () => {
    discord = await startAdapter();
    const { driver } = discord.server;
    const general = driver.channel('general');
    driver.deny(general, ['sendMessages']);
    const refused = await driver.slash('task', { request: 'run the tests' }, { user: driver.ben });
    expect(driver.text(refused.message as never)).toContain('“Send Messages” (SEND_MESSAGES)');
    driver.deny(general, ['attachFiles', 'embedLinks']);
    const taken = await driver.slash('task', { request: 'run the tests' }, { user: driver.ben });
    expect(driver.text(taken.message as never)).toMatch(/Heard.*EMBED_LINKS.*ATTACH_FILES/);
    expect(await discord.host.until(1)).toHaveLength(1);
  });

  it('is told to who mentioned the bot where it can not answer, directly and once', async () => {
    discord = await startAdapter();
    const { driver } = discord.server;
    driver.deny(driver.channel('general'), ['sendMessages', 'sendMessagesInThreads']);
    const thread = await discord.asked();
    await expect(discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now')).rejects.toThrow('SEND_MESSAGES');
    await expect(discord.adapter.create(thread, cardOf('Two'), keyOf(2), 'now')).rejects.toThrow('SEND_MESSAGES');
    const direct = driver.messages(driver.direct(driver.ben));
    expect(direct.map((message) => driver.text(message))).toEqual([
      expect.stringContaining('SEND_MESSAGES_IN_THREADS'),
    ]);
    expect(discord.adapter.concerns?.()).toEqual([expect.stringContaining('SEND_MESSAGES')]);
    await expect(discord.adapter.create(thread, cardOf('Two'), keyOf(2), 'now')).rejects.toThrow('SEND_MESSAGES');
    const readmitted = Promise.withResolvers<string>();
    discord.host.readmitted = async (channel) => readmitted.resolve(channel);
    driver.deny(driver.channel('general'), []);
    expect(await readmitted.promise).toBe(thread.channel);
    expect(discord.adapter.concerns?.()).toEqual([]);
    // What was refused three times is asked at once.
    await discord.adapter.create(thread, cardOf('Two'), keyOf(2), 'now');
    expect(driver.threads()).toHaveLength(1);
  });
});

describe('rights', () => {
  it('of an administrator are all', () => {
    expect(lacking('channel', permission.administrator)).toEqual({ needed: [], wanted: [] });
  });

  it('that are missing are named for the place', () => {
    const some = bitsOf(['viewChannel', 'sendMessages', 'readMessageHistory']);
    const names = (rights: readonly { readonly name: string }[]) => rights.map(({ name }) => name);
    expect(names(lacking('thread', some).needed)).toEqual(['SEND_MESSAGES_IN_THREADS']);
    expect(names(lacking('room', some).needed)).toEqual([]);
    expect(names(lacking('channel', some).wanted)).toEqual([
      'CREATE_PUBLIC_THREADS',
      'SEND_MESSAGES_IN_THREADS',
      'EMBED_LINKS',
      'ATTACH_FILES',
    ]);
  });
});
