import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Message } from '#tests/discord-server/state/message.ts';
import { customIdOf, type DiscordPlatform, discordPlatform } from '#tests/scenarios/discord.ts';
import { letTimePass } from './later.ts';

let platform: DiscordPlatform;

// No privileged intent is switched on: what works here works without.
beforeAll(async () => {
  platform = await discordPlatform();
});
afterAll(async () => {
  vi.useRealTimers();
  await platform.stop();
});

const hasApprove = ({ components }: Message) => customIdOf(components, 'Approve') !== undefined;

/** The message in a thread that asks for an approval. */
async function waitingIn(thread: string) {
  await platform.until(thread, 'Approve');
  const message = platform.server.driver.messages(thread).find(hasApprove);
  const action = message === undefined ? undefined : customIdOf(message.components, 'Approve');
  if (message === undefined || action === undefined) throw new Error('nothing asks for an approval');
  return { thread, message, action };
}

describe('an approval', () => {
  /** What Discord refused because it came too late: by an interaction's token, or as an edit of an old message. */
  const tooLate = () =>
    platform.server.calls.refused().filter(({ code }) => code === 10_062 || code === 50_027 || code === 30_046);

  it('counts when the token of the command that began it is no longer good, in an archived thread, which is opened again', async () => {
    const { driver, world } = platform.server;
    await driver.slash('task', { request: 'release 1.3.0' }, { user: driver.anna });
    const asks = ({ id }: { readonly id: string }) => driver.messages(id).some((each) => hasApprove(each));
    const { id: thread } = await driver.waitFor('the approval', () => driver.threads().find(asks), 60_000);
    const { message, action } = await waitingIn(thread);
    await letTimePass(platform.commander.db, 16 * 60_000);
    driver.archive(thread);
    await driver.click(message, action, { user: driver.anna });
    await platform.until(thread, 'Deliver');
    expect(world.channels.get(thread)?.thread?.archived).toBe(false);
    expect(driver.text(message)).toContain('Approved');
    expect(tooLate()).toEqual([]);
  });

  it('counts hours later in a locked thread, and what comes of it is shown in the channel', async () => {
    const { driver } = platform.server;
    const { thread, message, action } = await waitingIn(await platform.ask('release 1.4.0', 'admin'));
    await letTimePass(platform.commander.db, 2 * 3_600_000);
    driver.lock(thread);
    await driver.click(message, action, { user: driver.anna });
    await platform.until(driver.channel('general'), 'is locked');
    await platform.until(driver.channel('general'), 'Deliver');
    expect(tooLate()).toEqual([]);
  });
});

describe('the command table', () => {
  it('is there as slash commands, whose options are completed from what there is', async () => {
    const { driver } = platform.server;
    const offered = async (command: string, typed: Readonly<Record<string, string>>) =>
      (await driver.autocomplete(command, typed, { user: driver.ben })).choices.map(({ value }) => value);
    await waitingIn(await platform.ask('release 2.0.0', 'admin'));
    expect(await offered('task', { request: 'tests' })).toContain('run the tests');
    const [number] = await offered('status', { task: '2.0.0' });
    expect(number).toMatch(/^#\d+$/);
    expect(await offered('status', { task: 'no such thing' })).toEqual([]);
    const status = await driver.slash('status', { task: number ?? '' }, { user: driver.ben });
    expect(status.acknowledged).toBe(true);
    const answered = () =>
      driver
        .threads()
        .some(({ id }) => driver.messages(id).some((each) => driver.text(each).includes('1 of 2 steps done')));
    await driver.waitFor('the answer', answered, 30_000);
  });

  it('narrows lists by typed options: a choice, a project, a person, a page', async () => {
    const { driver } = platform.server;
    const { choices } = await driver.autocomplete('tasks', { person: 'ann' }, { user: driver.ben });
    const person = String(choices[0]?.value ?? '');
    expect(person.toLowerCase()).toContain('ann');
    await expect(async () => driver.slash('tasks', { which: 'whatever' }, { user: driver.ben })).rejects.toThrow();
    const options = { which: 'waiting', project: 'strawberry-api', person, page: 9 };
    expect((await driver.slash('tasks', options, { user: driver.ben })).acknowledged).toBe(true);
    const words = `Tasks that wait in strawberry-api asked for by ${person}, page 9`;
    const answered = () =>
      driver.threads().some(({ id }) => driver.messages(id).some((each) => driver.text(each).includes(words)));
    await driver.waitFor('the list', answered, 30_000);
  });

  it('sets preferences with the values that there are, and with whom they are for', async () => {
    const { driver } = platform.server;
    await expect(async () => driver.slash('set-tone', { value: 'loud' }, { user: driver.ben })).rejects.toThrow();
    const { choices } = await driver.autocomplete(
      'set-tone',
      { for: 'chan' },
      { user: driver.ben, options: { value: 'terse' } },
    );
    expect(choices).toEqual([{ name: 'this channel', value: 'channel' }]);
    const shown = (words: string) =>
      driver.waitFor(`“${words}”`, () =>
        driver.threads().some(({ id }) => driver.messages(id).some((each) => driver.text(each).includes(words))),
      );
    await driver.slash('set-tone', { value: 'terse', for: 'channel' }, { user: driver.ben });
    await shown('Tone for this channel: terse');
    await driver.slash('preferences', {}, { user: driver.anna });
    await shown('terse, because ben chose it for this channel');
    await driver.slash('set-tone', { value: 'default', for: 'channel' }, { user: driver.ben });
    await shown('Tone for this channel: nothing is chosen there any more');
    await driver.slash('set-tone', { value: 'terse', for: 'strawberry-api' }, { user: driver.ben });
    await shown('the role “admin” is needed');
  });

  it('has “Make this a task” in a message’s menu, with files, once however often the form is sent', async () => {
    const { driver } = platform.server;
    const said = driver.say(driver.channel('general'), driver.anna, 'somebody should look at the tests');
    const { modal } = await driver.contextMenu(said, 'Make this a task', { user: driver.ben });
    if (modal === undefined) throw new Error('no form');
    const files = [{ name: 'notes.txt', content: 'a note' }];
    const values = { what: 'run the tests', project: ['strawberry-api'], runbook: ['-'], priority: ['-'], files };
    const first = await driver.submitModal(modal, values);
    const second = await driver.submitModal(modal, values);
    expect(driver.text(first.message as never)).toContain('Done');
    expect(driver.text(second.message as never)).toContain('already');
    await platform.until(said.id, 'Completed');
    await platform.until(said.id, 'notes.txt');
    expect((await platform.posts(said.id)).filter((text) => text.includes('Understood'))).toHaveLength(1);
    // Who asked is called once, at the end.
    await platform.until(said.id, 'Run again');
    const called = driver.messages(said.id).filter(({ author }) => author.bot);
    expect(called.flatMap(({ pings }) => [...pings.users, ...pings.roles])).toEqual([driver.ben]);
  });
});
