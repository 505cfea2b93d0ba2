import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customIdOf, type DiscordPlatform, discordPlatform } from '#tests/scenarios/discord.ts';
import { lateClock } from '#tests/slack-server/clock.ts';

const minutes = 60_000;

/** How late Discord's clock begins, so that it can be moved on to now. */
const behind = 16 * minutes;

let platform: DiscordPlatform;
const clock = lateClock(behind);

// No privileged intent is switched on: what works here works without.
beforeAll(async () => {
  platform = await discordPlatform({ clock });
});
afterAll(async () => {
  await platform.stop();
  expect(platform.server.calls.rateLimited()).toEqual([]);
  expect(platform.server.contract.violations).toEqual([]);
});

/** A release that waits for its approval: its thread, and the message that asks. */
async function waiting(version: string) {
  const { driver } = platform.server;
  const thread = await platform.ask(`release ${version}`, 'admin');
  await platform.until(thread, 'Approve');
  const message = driver.messages(thread).find(({ components }) => customIdOf(components, 'Approve') !== undefined);
  const action = message === undefined ? undefined : customIdOf(message.components, 'Approve');
  if (message === undefined || action === undefined) throw new Error('nothing asks for an approval');
  return { thread, message, action };
}

describe('an approval', () => {
  it('counts after a restart and after the 16 minutes in which an interaction lives, from one who may, once', async () => {
    const { driver } = platform.server;
    const { thread, message, action } = await waiting('1.2.0');
    clock.advance(behind);
    await platform.commander.restartBot();
    const refused = await driver.click(message, action, { user: driver.ben });
    expect(refused.message?.onlyFor).toBe(driver.ben);
    expect(driver.text(refused.message as never)).toContain('approver');
    const [first, second] = await Promise.all([
      driver.click(message, action, { user: driver.anna }),
      driver.click(message, action, { user: driver.anna }),
    ]);
    expect([first.acknowledged, second.acknowledged]).toEqual([true, true]);
    await platform.until(thread, 'Deliver');
    const approvals = await platform.commander.db.kysely
      .selectFrom('events')
      .select('task_id')
      .where('type', '=', 'approval.decided')
      .execute();
    expect(approvals).toHaveLength(1);
  });

  it('counts in an archived thread, which is opened again', async () => {
    const { driver, world } = platform.server;
    const { thread, message, action } = await waiting('1.3.0');
    driver.archive(thread);
    await driver.click(message, action, { user: driver.anna });
    await platform.until(thread, 'Deliver');
    expect(world.channels.get(thread)?.thread?.archived).toBe(false);
  });

  it('counts in a locked thread, and what comes of it is shown in the channel', async () => {
    const { driver } = platform.server;
    const { thread, message, action } = await waiting('1.4.0');
    driver.lock(thread);
    await driver.click(message, action, { user: driver.anna });
    await platform.until(driver.channel('general'), 'is locked');
    await platform.until(driver.channel('general'), 'Deliver');
  });
});

describe('while a task is under way, without the words of those who do not name the bot', () => {
  it('what is queued follows its edit, and its deletion; asides are answered; 🛑 stops', async () => {
    const { driver } = platform.server;
    const { thread } = await waiting('1.5.0');
    const said = driver.mention(thread, driver.anna, 'queue: report as HTML');
    driver.edit(said, `${driver.mentionText} queue: run the tests`);
    await platform.until(thread, 'run the tests');
    driver.mention(thread, driver.anna, 'btw: what do you wait for?');
    await platform.until(thread, '1 of 2 steps done');
    driver.remove(said);
    await platform.until(thread, 'Taken back');
    const status = driver.messages(thread).find(({ components }) => customIdOf(components, 'Cancel') !== undefined);
    driver.react(status as never, driver.anna, '🛑');
    await platform.until(thread, 'Cancelled');
  });
});
