import { afterEach, describe, expect, it } from 'vitest';
import { type AdapterOnDiscord, cardOf, keyOf, startAdapter } from '#tests/discord-server/with-adapter.ts';

let discord: AdapterOnDiscord;

afterEach(() => discord.stop());

function texts(channel: string): readonly string[] {
  const { driver } = discord.server;
  return driver.messages(channel).map((message) => driver.text(message));
}

/** `/task` by Ben with these options; what he alone is told. */
async function task(options: Readonly<Record<string, string | boolean>>, channel?: string): Promise<string> {
  const { driver } = discord.server;
  const by = { user: driver.ben, ...(channel === undefined ? {} : { channel }) };
  const { message } = await driver.slash('task', { request: 'run the tests', ...options }, by);
  // On a busy machine it is promised first.
  return driver.waitFor('the answer', () => message && driver.text(message));
}

/** Where the newest message wants its answer. */
async function heard(count = 1) {
  const message = (await discord.host.until(count)).at(-1);
  if (message === undefined) throw new Error('nothing was heard');
  return message.thread;
}

describe('a task', () => {
  it('that is asked for in a forum gets a post of its own, once, with a tag where the forum asks for one', async () => {
    discord = await startAdapter();
    const { driver, world, faults } = discord.server;
    const ideas = driver.channel('ideas');
    const forum = world.channels.get(ideas);
    if (forum !== undefined) forum.needsTag = true;
    expect(await task({ where: ideas })).toContain('Heard: the answer comes in a post in <#');
    const thread = await heard();
    faults.http.inject('POST /channels/{channel_id}/threads', { kind: 'drop', when: 'after' }, { times: 1 });
    await expect(discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now')).rejects.toThrow();
    await discord.restart();
    await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    const [post, ...others] = driver.threads(ideas);
    expect(others).toEqual([]);
    expect(post?.appliedTags).toEqual([ideas]);
    expect(texts(post?.id ?? '')).toEqual(['**ben**: run the tests', '### One']);
    expect(texts(driver.channel('general'))).toEqual([]);
    driver.mention(post?.id ?? '', driver.ben, 'cancel');
    expect((await discord.host.until(2))[1]).toMatchObject({ thread, opensThread: false });
  });

  it('goes on in another post when its post is locked', async () => {
    discord = await startAdapter();
    const { driver } = discord.server;
    const ideas = driver.channel('ideas');
    await task({ where: ideas });
    const thread = await heard();
    await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    driver.lock(driver.threads(ideas)[0]?.id ?? '');
    await discord.adapter.create(thread, cardOf('Two'), keyOf(2), 'now');
    const [, next] = driver.threads(ideas);
    expect(texts(next?.id ?? '')).toEqual([expect.stringContaining('is locked'), '### Two']);
    driver.mention(next?.id ?? '', driver.ben, 'yes');
    expect((await discord.host.until(2))[1]?.thread.thread).toBe(thread.thread);
  });

  it('that is mentioned in a post of a forum is talked about in it', async () => {
    discord = await startAdapter();
    const { driver } = discord.server;
    const post = driver.startThread(driver.channel('ideas'), driver.ben, 'An idea');
    const thread = await discord.asked('do it', post.id);
    await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    expect(texts(post.id)).toEqual([expect.stringContaining('do it'), '### One']);
  });

  it('that is asked for privately is seen by who asked, and never anywhere else', async () => {
    discord = await startAdapter();
    const { driver, world } = discord.server;
    expect(await task({ private: true })).toContain('a private thread');
    const thread = await heard();
    await discord.restart();
    await discord.adapter.create(thread, cardOf('Secret'), keyOf(1), 'now');
    const [made] = driver.threads();
    expect(made?.kind).toBe('private_thread');
    expect(made?.members.has(driver.ben)).toBe(true);
    expect(texts(made?.id ?? '')).toEqual(['**ben**: run the tests', '### Secret']);
    driver.lock(made?.id ?? '');
    await expect(discord.adapter.create(thread, cardOf('More'), keyOf(2), 'now')).rejects.toThrow('private');
    expect(texts(driver.channel('general'))).toEqual([]);
    expect(world.channels.get(made?.id ?? '')?.thread?.locked).toBe(true);
    expect(await task({ private: true, where: driver.channel('ideas') })).toContain('text channel only');
  });

  it('is not opened where who asks may not write', async () => {
    discord = await startAdapter();
    const { driver, world } = discord.server;
    const closed = driver.addChannel('closed');
    world.channels.get(closed)?.overwrites.set(driver.ben, { type: 1, allow: 0n, deny: 1n << 11n });
    expect(await task({ where: closed })).toContain('You may not write in');
    driver.deny(driver.channel('ideas'), ['sendMessages']);
    expect(await task({ where: driver.channel('ideas') })).toContain('The bot lacks “Send Messages” (SEND_MESSAGES)');
    expect(await discord.host.until(0)).toEqual([]);
  });

  it('of an announcement channel gets a thread there', async () => {
    discord = await startAdapter();
    const { driver } = discord.server;
    const news = driver.addChannel('news', 'announcement');
    const thread = await discord.asked('go', news);
    await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    expect(driver.threads(news)).toMatchObject([{ kind: 'announcement_thread' }]);
  });

  it.each(['voice', 'stage'] as const)(
    'of the text beside a %s channel is talked about there: it has no threads',
    async (kind) => {
      discord = await startAdapter();
      const { driver } = discord.server;
      const voice = driver.addChannel('lounge', kind);
      const thread = await discord.asked('go', voice);
      expect(thread).toEqual({ platform: 'discord', channel: voice, thread: voice });
      await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
      expect(texts(voice).slice(1)).toEqual(['### One']);
      driver.say(voice, driver.ben, 'and what do you think?');
      await task({}, voice);
      expect((await discord.host.until(2)).map(({ text }) => text)).toEqual(['go', 'run the tests']);
    },
  );

  it('of a direct chat is talked about there, with reactions as elsewhere', async () => {
    discord = await startAdapter();
    const { driver } = discord.server;
    const direct = driver.direct(driver.ben);
    driver.say(direct, driver.ben, 'go');
    const thread = await heard();
    const post = await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    driver.react(driver.message(post) as never, driver.ben, '✅');
    expect(await discord.host.reaction()).toMatchObject({ thread, post, meaning: 'approve', sender: { name: 'ben' } });
  });
});

describe('who is of another server', () => {
  const strange = '1300000000000000777';

  it('is not heard there, nor directly, and is told so by what he types and presses', async () => {
    discord = await startAdapter();
    const { driver, world } = discord.server;
    const theirs = world.channels.get(driver.addChannel('theirs'));
    if (theirs === undefined) throw new Error('no channel');
    world.channels.set(theirs.id, { ...theirs, guildId: strange });
    const stranger = driver.addPerson('stranger', { member: false });
    driver.mention(theirs.id, driver.anna, 'go');
    driver.say(driver.direct(stranger), stranger, 'go');
    expect(await task({}, theirs.id)).toContain('does not work for you here');
    const { choices } = await driver.autocomplete('task', { request: 'r' }, { user: driver.anna, channel: theirs.id });
    expect(choices).toEqual([]);
    const thread = await discord.asked('home', driver.direct(driver.ben));
    const post = await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    expect(await discord.adapter.linkTo(thread)).toBe(`https://discord.com/channels/@me/${driver.direct(driver.ben)}`);
    expect(await discord.host.until(1)).toMatchObject([{ text: 'home' }]);
    expect(driver.message(post)).toBeDefined();
  });

  it('and who has added the bot to himself alone, whatever he may do where he is', async () => {
    discord = await startAdapter({}, { guildId: undefined });
    const { driver, faults, world } = discord.server;
    const channel = { id: driver.channel('general'), type: 0 };
    const member = { user: { id: driver.ben, username: 'ben' }, permissions: '8' };
    faults.gateway.emit('INTERACTION_CREATE', {
      ...{ id: '1300000000000000105', application_id: driver.bot, token: 't', type: 2, channel, member },
      ...{ guild_id: strange, app_permissions: '0', authorizing_integration_owners: { '1': driver.ben } },
      data: { id: '1', type: 1, name: 'task', options: [{ name: 'request', type: 3, value: 'go' }] },
    });
    const thread = await discord.asked('home');
    expect((await discord.host.until(1)).map(({ text }) => text)).toEqual(['home']);
    expect(await discord.adapter.linkTo(thread)).toBe(
      `https://discord.com/channels/${world.guild.id}/${thread.thread}`,
    );
    const declared = [...discord.server.commands.global.values()];
    expect(declared.every(({ body }) => JSON.stringify(body.integration_types) === '[0]')).toBe(true);
  });
});

it('says who can read the place that something is asked for in', async () => {
  discord = await startAdapter();
  const { driver } = discord.server;
  const team = driver.addChannel('team');
  await discord.asked('one', team);
  driver.hide(team, [driver.ben]);
  await discord.asked('two', team);
  await discord.asked('three', driver.direct(driver.ben));
  await task({ private: true }, driver.channel('general'));
  await task({}, team);
  const heard = await discord.host.until(5);
  expect(heard.map(({ readBy }) => readBy)).toEqual(['everybody', 'channel', 'person', 'thread', 'channel']);
});
