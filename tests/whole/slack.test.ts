import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionOf, type SlackPlatform, slackPlatform } from '#tests/scenarios/slack.ts';
import { lateClock } from '#tests/slack-server/clock.ts';
import type { Message } from '#tests/slack-server/state/message.ts';

const days = 24 * 3600_000;

/** How late Slack's clock begins, so that it can be moved on to now. */
const behind = 3 * days;

let platform: SlackPlatform;
const clock = lateClock(behind);

beforeAll(async () => {
  platform = await slackPlatform({ clock });
});
afterAll(async () => {
  await platform.stop();
  expect(platform.server.calls.rateLimited()).toEqual([]);
});

const texts = (thread: string) => platform.posts(thread).then((posts) => posts.join('\n'));

/** A release that waits for its approval: its thread, the message that asks as it is now, and its button. */
async function waiting(version: string) {
  const thread = await platform.ask(`release ${version}`, 'admin');
  await platform.until(thread, 'Approve');
  const found = platform.thread(thread).find(({ blocks }) => actionOf(blocks, 'Approve') !== undefined);
  const action = found === undefined ? undefined : actionOf(found.blocks, 'Approve');
  if (found === undefined || action === undefined) throw new Error('nothing asks for an approval');
  // A copy: what somebody still has on his screen.
  return { thread, message: { ...found } as Message, action };
}

/** Presses, and waits for what only the presser is told then. */
async function told(message: Message, action: string, user: string): Promise<string> {
  const { driver } = platform.server;
  const before = driver.ephemerals(user).length;
  expect(await driver.click(message, action, { user })).toMatchObject({ acknowledged: true });
  return (await driver.waitFor('the answer', () => driver.ephemerals(user)[before])).text;
}

/** How often it was decided. */
async function decisions(thread: string): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from events e join tasks t on t.id = e.task_id join threads h on h.id = t.thread_id
    where h.thread = ${thread.split('/')[1]} and e.type = 'approval.decided'`.execute(platform.commander.db.kysely);
  return Number(rows[0]?.count);
}

describe('a press', () => {
  it('by two persons at once decides once; the other is told who did', async () => {
    const { driver } = platform.server;
    const carl = driver.addPerson('carl', 'admin');
    await driver.command('/commander', 'inbox', { user: carl });
    const { thread, message, action } = await waiting('1.0.0');
    await Promise.all([driver.anna, carl].map((user) => driver.click(message, action, { user })));
    const loser = await driver.waitFor('who lost', () =>
      [driver.anna, carl].flatMap((user) => driver.ephemerals(user)).find(({ threadTs }) => threadTs !== undefined),
    );
    expect(loser.text).toMatch(/approved.*(anna|carl)|(anna|carl).*approved/i);
    await platform.until(thread, 'Deliver');
    expect(await decisions(thread)).toBe(1);
  });

  it('twice by the same person decides once, and says so', async () => {
    const { driver } = platform.server;
    const { thread, message, action } = await waiting('1.7.0');
    await driver.click(message, action, { user: driver.anna });
    expect(await told(message, action, driver.anna)).toMatch(/approved/i);
    await platform.until(thread, 'Deliver');
    expect(await decisions(thread)).toBe(1);
  });

  it('by one who may not changes nothing, and tells him alone why', async () => {
    const { driver } = platform.server;
    const { thread, message, action } = await waiting('1.2.0');
    await platform.until(thread, 'Waiting for approval');
    const before = await texts(thread);
    expect(await told(message, action, driver.ben)).toContain('approver');
    expect(await texts(thread)).toBe(before);
    expect(await decisions(thread)).toBe(0);
    await platform.press(thread, 'Deny', 'admin');
    await platform.until(thread, 'denied');
  });

  it('after the end is answered with how it ended', async () => {
    const { driver } = platform.server;
    const { thread, message, action } = await waiting('1.3.0');
    await platform.press(thread, 'Cancel', 'admin');
    await platform.until(thread, 'Cancelled');
    expect(await told(message, action, driver.anna)).not.toBe('');
    expect(await decisions(thread)).toBe(0);
  });

  it('on a deleted message counts, and the card comes again once', async () => {
    const { driver } = platform.server;
    const { thread, message, action } = await waiting('1.4.0');
    const card = platform.thread(thread).find(({ ts }) => ts === message.ts);
    if (card === undefined) throw new Error('the card is gone');
    driver.remove(card);
    await driver.click(message, action, { user: driver.anna });
    await platform.until(thread, 'Deliver');
    await platform.until(thread, 'Exactly this was approved');
    expect(platform.thread(thread).some(({ ts }) => ts === message.ts)).toBe(false);
    expect(await decisions(thread)).toBe(1);
  });

  it('three days later and after a restart still counts, once', async () => {
    const { driver } = platform.server;
    const { thread, message, action } = await waiting('1.5.0');
    clock.advance(behind);
    await platform.commander.restartBot();
    expect(await told(message, action, driver.ben)).toContain('approver');
    await driver.click(message, action, { user: driver.anna });
    await platform.until(thread, 'Deliver');
    expect(await told(message, action, driver.anna)).toMatch(/approved/i);
    expect(await decisions(thread)).toBe(1);
  });

  it('of a button from another version is answered in words', async () => {
    const { driver } = platform.server;
    const { thread } = await waiting('1.6.0');
    const [card] = platform.thread(thread);
    const button = { type: 'button', action_id: 'teleport:1', text: { type: 'plain_text', text: 'Teleport' } };
    const blocks = [{ type: 'actions', block_id: 'b', elements: [button] }];
    const old = { ...card, blocks } as unknown as Message;
    expect(await told(old, 'teleport:1', driver.anna)).toContain('another version');
  });
});

describe('guests', () => {
  it('and people of other companies may look until an admin gives them a role, whatever they are at home', async () => {
    const { driver } = platform.server;
    let channels = 0;
    const says = async (user: string, text: string, words: string) => {
      channels += 1;
      const channel = driver.addChannel(`guests-${channels}`);
      driver.invite(channel);
      const { ts } = driver.say(channel, user, `${driver.mention} ${text}`);
      await platform.until(`${channel}/${ts}`, words);
    };
    const [gus, stella] = [driver.addPerson('gus', 'guest'), driver.addPerson('stella', 'stranger')];
    await says(gus, 'run the tests', 'gus may look, but not ask for work');
    await says(stella, 'run the tests', 'stella may look, but not ask for work');
    await says(stella, 'set role admin for stella', 'needs the role “admin”');
    await says(driver.anna, 'people', 'stella (slack, ');
    await says(driver.anna, 'set role requester for gus', 'gus is requester now');
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
});
