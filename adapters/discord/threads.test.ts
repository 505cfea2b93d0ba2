import { afterEach, describe, expect, it } from 'vitest';
import { type AdapterOnDiscord, cardOf, keyOf, startAdapter } from '#tests/discord-server/with-adapter.ts';
import { lateClock } from '#tests/slack-server/clock.ts';
import { lockedThread } from './testing-writes.ts';

let discord: AdapterOnDiscord;

afterEach(() => discord.stop());

/** What a channel shows, a text for each message. */
function texts(channel: string): readonly string[] {
  const { driver } = discord.server;
  return driver.messages(channel).map((message) => driver.text(message));
}

describe('a thread that is not as it was', () => {
  it('is woken when it was archived: by a new message, and by a change of an old one', async () => {
    discord = await startAdapter();
    const { driver, world } = discord.server;
    const thread = await discord.asked();
    const post = await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    driver.archive(thread.thread);
    await discord.adapter.create(thread, cardOf('Two'), keyOf(2), 'now');
    expect(world.channels.get(thread.thread)?.thread?.archived).toBe(false);
    driver.archive(thread.thread);
    await discord.adapter.edit(thread, post, cardOf('Changed'), 2, 'now');
    expect(texts(thread.thread)).toEqual(['### Changed', '### Two']);
  });

  it('goes on in its parent when it was locked, with a note, and people speak to it there; also after a restart', async () => {
    discord = await startAdapter();
    const { driver } = discord.server;
    const thread = await discord.asked();
    const first = await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    driver.lock(thread.thread);
    const asked = await discord.adapter.create(thread, cardOf('Two'), keyOf(2), 'now');
    const moved = await discord.adapter.edit(thread, first, cardOf('One, changed'), 2, 'now');
    expect(moved).not.toBe(first);
    expect(texts(thread.channel).slice(1)).toEqual([
      expect.stringContaining('is locked'),
      '### Two',
      '### One, changed',
    ]);
    await discord.restart();
    await discord.adapter.edit(thread, asked, cardOf('Two, changed'), 2, 'now');
    await discord.adapter.create(thread, cardOf('Three'), keyOf(3), 'now');
    expect(texts(thread.channel).slice(2)).toEqual(['### Two, changed', '### One, changed', '### Three']);
    const replyTo = driver.message(asked);
    if (replyTo === undefined) throw new Error('no card');
    driver.mention(thread.channel, driver.ben, 'yes', { replyTo });
    expect((await discord.host.until(2))[1]).toMatchObject({ text: 'yes', thread });
    driver.mention(thread.channel, driver.ben, 'something else');
    expect((await discord.host.until(3))[2]?.thread.thread).not.toBe(thread.thread);
  });

  it('is meant by what is pressed in its parent, also where it is asked first, and after a form with a problem', async () => {
    discord = await startAdapter();
    const { server, host } = discord;
    const { driver } = server;
    const thread = await discord.asked();
    await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    driver.lock(thread.thread);
    const confirm = { title: 'Stop?', text: 'It stops.', yes: 'Stop' };
    const buttons = [{ label: 'Cancel', action: 'cancel:1', confirm }];
    const post = await discord.adapter.create(
      thread,
      cardOf('Two', { blocks: [{ kind: 'buttons', buttons }] }),
      keyOf(2),
      'now',
    );
    const press = (message: unknown, id: string) => driver.click(message as never, id, { user: driver.ben });
    const sure = await press(driver.message(post), '?cancel:1');
    const fields = [{ kind: 'text', name: 'why', label: 'Why' }] as const;
    host.reply = { kind: 'modal', modal: { id: 'why:1', title: 'Why', intro: [], submit: 'Send', fields } };
    const { modal } = await press(sure.message, 'cancel:1');
    host.reply = { kind: 'problems', problems: { why: 'Say more.' } };
    const again = await driver.submitModal(modal as never, { why: 'so' });
    const once = await press(again.message, '!why:1');
    await driver.submitModal(once.modal as never, { why: 'because' });
    const heard = [...host.presses, ...host.submissions].map((each) => each.thread);
    expect(heard).toEqual([thread, thread, thread]);
  });

  it('goes back when it is unlocked, and leaves again when it is locked again; cards in the channel are changed there', async () => {
    discord = await startAdapter();
    const { driver } = discord.server;
    const thread = await discord.asked();
    await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    driver.lock(thread.thread);
    const moved = await discord.adapter.create(thread, cardOf('Two'), keyOf(2), 'now');
    await discord.restart();
    driver.unlock(thread.thread);
    // What comes after the event in the same channel is heard after it.
    await discord.asked('and again', thread.channel);
    await discord.adapter.create(thread, cardOf('Three'), keyOf(3), 'now');
    await discord.adapter.edit(thread, moved, cardOf('Two, changed'), 2, 'now');
    expect(texts(thread.thread)).toEqual(['### One', '### Three']);
    expect(texts(thread.channel)).toContain('### Two, changed');
    driver.lock(thread.thread);
    await discord.adapter.create(thread, cardOf('Four'), keyOf(4), 'now');
    await discord.adapter.edit(thread, moved, cardOf('Two, again'), 3, 'now');
    expect(texts(thread.channel).slice(1)).toEqual([
      expect.stringContaining('is locked'),
      '### Two, again',
      expect.stringContaining('and again'),
      expect.stringContaining('is locked'),
      '### Four',
    ]);
    expect(texts(thread.thread)).toEqual(['### One', '### Three']);
  });

  it('goes on in its parent when it was deleted; when that is gone too, this is said', async () => {
    discord = await startAdapter();
    const { driver, world } = discord.server;
    const thread = await discord.asked();
    const post = await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    const home = `https://discord.com/channels/${world.guild.id}`;
    expect(await discord.adapter.linkTo(thread)).toBe(`${home}/${thread.thread}`);
    driver.removeChannel(thread.thread);
    const next = await discord.adapter.edit(thread, post, cardOf('End'), 2, 'now');
    expect(texts(thread.channel).slice(1)).toEqual([expect.stringContaining('was deleted'), '### End']);
    const note = driver.messages(thread.channel)[1]?.id;
    expect(await discord.adapter.linkTo(thread)).toBe(`${home}/${thread.channel}/${note}`);
    driver.removeChannel(thread.channel);
    await expect(discord.adapter.create(thread, cardOf('Two'), keyOf(2), 'now')).rejects.toThrow('is gone');
    await expect(discord.adapter.edit(thread, next, cardOf('End!'), 3, 'now')).rejects.toThrow('is gone');
    await discord.restart();
    expect(await discord.adapter.linkTo(thread)).toBeUndefined();
    expect(discord.warnings).toContainEqual(expect.stringContaining('gets no link'));
  });

  it('goes on in the channel when no thread can be made there', async () => {
    discord = await startAdapter();
    const { driver } = discord.server;
    driver.deny(driver.channel('general'), ['createPublicThreads']);
    const thread = await discord.asked();
    await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    expect(texts(thread.channel).slice(1)).toEqual([expect.stringContaining('CREATE_PUBLIC_THREADS'), '### One']);
  });

  it('goes on in the channel when the server has too many open threads; a private one waits until there is room', async () => {
    discord = await startAdapter({ settings: { activeThreads: 1 } });
    const { driver } = discord.server;
    const fill = () => driver.startThread(driver.channel('general'), driver.ben, 'Lunch').id;
    const lunch = fill();
    const thread = await discord.asked();
    await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    const elsewhere = [expect.stringContaining('too many open threads, so “One” goes on here'), '### One'];
    expect(texts(thread.channel).slice(-2)).toEqual(elsewhere);
    const ask = async (options: Readonly<Record<string, string | boolean>>) => {
      const before = (await discord.host.until(0)).length;
      await driver.slash('task', { request: 'go', ...options }, { user: driver.ben });
      return (await discord.host.until(before + 1)).at(-1)?.thread ?? thread;
    };
    const secret = await ask({ private: true });
    const idea = await ask({ where: driver.channel('ideas') });
    driver.archive(lunch);
    for (const apart of [secret, idea]) {
      const full = fill();
      const create = () => discord.adapter.create(apart, cardOf('Two'), keyOf(2), 'now');
      await expect(create()).rejects.toMatchObject({ code: 160_006 });
      driver.archive(full);
      await create();
      const made = driver.threads().at(-1)?.id ?? '';
      expect(texts(made).at(-1)).toBe('### Two');
      driver.archive(made);
    }
    expect(texts(thread.channel).slice(-2)).toEqual(elsewhere);
  });

  it('is named in the note as it is called: nothing of its title is markup, pings or leads anywhere', async () => {
    discord = await startAdapter();
    const { driver } = discord.server;
    const thread = await lockedThread(discord);
    const title = 'see [your bank](https://evil.example/x) **now** @everyone <#1300000000000000001>';
    await discord.adapter.create(thread, cardOf(title), keyOf(2), 'now');
    const [, note] = driver.messages(thread.channel);
    if (note === undefined) throw new Error('no note');
    expect(driver.text(note)).toContain(
      '“see \\[your bank\\](https:\u200b//evil.example/x) \\*\\*now\\*\\* @\u200beveryone \\<#1300000000000000001\\>”',
    );
    expect(note.pings).toEqual({ users: [], roles: [], everyone: false });
  });
});

describe('a message', () => {
  it('that somebody deleted comes again once when somebody waits for it', async () => {
    discord = await startAdapter();
    const { driver } = discord.server;
    const thread = await discord.asked();
    const remove = (id: string) => {
      const message = driver.message(id);
      if (message !== undefined) driver.remove(message);
    };
    const post = await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    remove(post);
    expect(await discord.adapter.edit(thread, post, cardOf('Progress'), 2, 'soon')).toBe(post);
    expect(texts(thread.thread)).toEqual([]);
    const again = await discord.adapter.edit(thread, post, cardOf('End'), 3, 'now');
    expect(texts(thread.thread)).toEqual(['### End']);
    remove(again);
    await expect(discord.adapter.edit(thread, again, cardOf('End'), 4, 'now')).rejects.toThrow('deleted twice');
  });

  it('that is older than 50 minutes stays as it is and leads to the one in which it goes on', async () => {
    const age = 51 * 60_000;
    const clock = lateClock(age);
    discord = await startAdapter({ clock });
    const { driver, world } = discord.server;
    const thread = await discord.asked();
    const post = await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    clock.advance(age);
    const next = await discord.adapter.edit(thread, post, cardOf('Two'), 2, 'now');
    expect(next).not.toBe(post);
    const link = `https://discord.com/channels/${world.guild.id}/${thread.thread}/${next}`;
    expect(texts(thread.thread)).toEqual([expect.stringContaining(link), '### Two']);
    expect(driver.message(next)?.replyTo).toBe(post);
    expect(await discord.adapter.edit(thread, next, cardOf('Three'), 3, 'now')).toBe(next);
    expect(driver.threads()).toHaveLength(1);
    expect(discord.server.calls.of('PATCH /channels/{channel_id}')).toEqual([]);
  });

  it('goes on in a new one also where the bot may not read what was said before', async () => {
    const age = 51 * 60_000;
    const clock = lateClock(age);
    discord = await startAdapter({ clock });
    const thread = await discord.asked();
    const post = await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    clock.advance(age);
    discord.server.driver.deny(thread.channel, ['readMessageHistory']);
    await discord.adapter.edit(thread, post, cardOf('Two'), 2, 'now');
    expect(texts(thread.thread)[1]).toBe('### Two');
  });

  it('that an earlier process posted is found again, however much was said since', async () => {
    const clock = lateClock(10 * 60_000);
    discord = await startAdapter({ clock });
    const { driver } = discord.server;
    const thread = await discord.asked();
    const post = await discord.adapter.create(thread, cardOf('Once'), keyOf(1), 'now');
    await discord.restart(async () => {
      for (let said = 0; said < 110; said += 1) driver.say(thread.thread, driver.ben, 'so much to say');
      clock.advance(5 * 60_000);
    });
    expect(await discord.adapter.create(thread, cardOf('Once'), keyOf(1), 'now')).toBe(post);
  });
});
