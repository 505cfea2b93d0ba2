import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SlackPlatform, slackPlatform } from '#tests/scenarios/slack.ts';
import type { Message } from '#tests/slack-server/state/message.ts';
import { otherTeam } from '#tests/slack-server/state/workspace.ts';

let platform: SlackPlatform;

/** A busy machine may need long. */
const patient = { timeout: 30_000 };

beforeAll(async () => {
  platform = await slackPlatform();
});
afterAll(async () => {
  await platform.stop();
  expect(platform.server.calls.rateLimited()).toEqual([]);
});

it('a press of a button from another version is answered in words', async () => {
  const { driver } = platform.server;
  const thread = await platform.ask('help', 'admin');
  await platform.until(thread, 'What you can say');
  const button = { type: 'button', action_id: 'teleport:1', text: { type: 'plain_text', text: 'Teleport' } };
  const blocks = [{ type: 'actions', block_id: 'b', elements: [button] }];
  const old = { ...platform.thread(thread)[0], blocks } as unknown as Message;
  expect(await driver.click(old, 'teleport:1', { user: driver.anna })).toMatchObject({ acknowledged: true });
  const told = await driver.waitFor('the answer', () => driver.ephemerals(driver.anna)[0]);
  expect(told.text).toContain('another version');
});

it('a report and files that were refused are shown when the bot is let into the channel again', async () => {
  const { driver } = platform.server;
  const thread = await platform.ask('release 3.0.0', 'admin');
  await platform.until(thread, 'Approve');
  const channel = thread.split('/')[0] ?? '';
  const screen = await platform.screen(thread, 'Approve');
  driver.workspace.channels.get(channel)?.members.delete(driver.workspace.bot.userId);
  await screen.press('admin');
  const { kysely } = platform.commander.db;
  const refused = kysely.selectFrom('posts').select('key').where('refused', 'is not', null);
  await expect
    .poll(async () => (await refused.execute()).map(({ key }) => key), patient)
    .toEqual(expect.arrayContaining([expect.stringContaining(':report')]));
  driver.invite(channel);
  await platform.until(thread, 'Deliver');
  await expect.poll(() => refused.execute(), patient).toEqual([]);
  expect((await platform.posts(thread)).filter((text) => text.includes('Deliver'))).toHaveLength(1);
});

describe('guests', () => {
  it('and people of other companies may look until an admin gives them a role, whatever they are at home', async () => {
    const { driver } = platform.server;
    let channels = 0;
    const says = async (user: string, text: string, words: string) => {
      channels += 1;
      const channel = driver.addChannel(`guests-${channels}`, 'public', otherTeam);
      driver.invite(channel);
      const { ts } = driver.say(channel, user, `${driver.mention} ${text}`);
      await platform.until(`${channel}/${ts}`, words);
    };
    const [gus, stella] = [driver.addPerson('gus', 'guest'), driver.addPerson('stella', 'stranger')];
    await says(gus, 'run the tests', 'gus may look, but not ask for work');
    await says(stella, 'run the tests', 'stella may look, but not ask for work');
    await says(stella, 'set role admin for stella', 'needs the role “admin”');
    const open = await platform.ask('run the tests', 'member');
    await platform.until(open, 'Completed');
    await says(stella, 'tasks recent', 'There are none');
    await says(driver.anna, 'tasks recent', 'There are none');
    await says(driver.anna, 'people', 'stella (slack, ');
    await says(driver.anna, `set role requester for <@${gus}>`, 'gus is requester now');
    await platform.commander.restartBot();
    await says(gus, 'run the tests', 'Completed');
    await says(driver.addPerson('Gus'), 'help', 'What you can say');
    await says(driver.anna, 'set role admin for gus', 'Several are called “gus”');
    const { kysely } = platform.commander.db;
    const others = kysely.updateTable('members').where('name', '!=', 'anna').where('role', '=', 'admin');
    await others.set({ role: 'requester' }).execute();
    await says(driver.anna, 'set role viewer for anna', 'anna is the only admin');
  });
});

describe('a person’s own page', () => {
  it('has the menus of his preferences, which change at once and are taken back there', async () => {
    const { driver } = platform.server;
    const page = () => driver.home(driver.ben);
    const shows = (words: string) =>
      driver.waitFor(`“${words}”`, () => JSON.stringify(page()?.shown.blocks ?? []).includes(words) && page());
    driver.openHome(driver.ben);
    const first = await shows('professional (nobody chose)');
    await shows('What a channel or a project prefers is changed there');
    const choose = async (on: typeof first, value: string) =>
      expect(await driver.select(on, 'menu:Tone', `prefer:home:tone-${value}`, { user: driver.ben })).toMatchObject({
        acknowledged: true,
      });
    await choose(first, 'friendly');
    const chosen = await shows('friendly, because ben prefers it');
    const thread = await platform.ask('make me a sandwich', 'member');
    await platform.until(thread, 'Sorry, I did not understand that');
    await choose(chosen, 'default');
    await shows('professional (nobody chose)');
  });

  it('lists what he may answer, or by menus that stay as chosen all that waits, of a project, or what is urgent', async () => {
    const { driver } = platform.server;
    const page = () => driver.home(driver.ben);
    const shows = (...words: readonly string[]) =>
      driver.waitFor(words.join(), () => {
        const blocks = JSON.stringify(page()?.shown.blocks ?? []);
        return words.every((each) => blocks.includes(each)) && page();
      });
    const chosen = (label: string) => `"initial_option":{"text":{"type":"plain_text","text":"${label}"`;
    const thread = await platform.ask('release 7.7.7', 'member');
    await platform.until(thread, 'Approval needed');
    driver.openHome(driver.ben);
    const mine = await shows('Nothing waits for you', chosen('What I may answer'));
    const choose = (on: typeof mine, menu: string, choice: string) =>
      driver.select(on, `menu:${menu}`, `filter:inbox:${choice}`, { user: driver.ben });
    await choose(mine, 'Whose', 'w-all');
    const all = await shows('waits for a person', 'Approval', chosen('Everybody’s'));
    await choose(all, 'Urgency', 'u-urgent');
    await shows('Nothing waits for you', chosen('Everybody’s'), chosen('Only what is urgent'));
    await choose(all, 'Urgency', 'u-soonest');
    driver.openHome(driver.ben);
    const again = await shows('waits for a person', chosen('Everybody’s'), chosen('What ends first'));
    const person = (on: typeof mine, user: string) =>
      driver.select(on, 'filter:inbox:person', user, { user: driver.ben });
    await person(again, driver.ben);
    const own = await shows('waits for a person', chosen('Of ben'), `"initial_user":"${driver.ben}"`);
    await person(own, driver.addPerson('nina'));
    await driver.waitFor('a form that says why', () => driver.views(driver.ben)[0]);
    await shows('waits for a person', chosen('Of ben'));
    await choose(own, 'Whose', 'w-mine');
    await shows('Nothing waits for you', chosen('What I may answer'));
    expect(JSON.stringify(page()?.shown.blocks)).not.toContain('initial_user');
  });
});
