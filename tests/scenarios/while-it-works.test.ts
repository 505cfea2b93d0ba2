import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stubAgent, toldTo } from '#tests/stub-agent/stub-agent.ts';
import { discordPlatform } from './discord.ts';
import type { ScenarioOptions, ScenarioPlatform } from './platform.ts';
import { slackPlatform } from './slack.ts';
import { webPlatform } from './web.ts';

/** Works until it is told something. */
const busy = [
  [{ tool: { id: '1', title: 'Look around', kind: 'read' } }, { waitForCancel: true }],
  [{ say: 'Done as told.' }],
] as const;

/** Discord with the privileged intent: what is said in a task's thread need not name the bot. */
const hearsAll = (options: ScenarioOptions) =>
  discordPlatform({ ...options, settings: { privilegedIntents: ['messageContent'] } });

describe.each([
  ['the web chat', webPlatform, 'no reactions'],
  ['Slack', slackPlatform, 'reactions'],
  ['Discord', hearsAll, 'reactions'],
] as const)('while a task is under way on %s', (_, start, has) => {
  let platform: ScenarioPlatform;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'commander-busy-'));
    platform = await start({ agents: [stubAgent(folder, busy, { aside: [{ say: 'At the login.' }] })] });
  });
  afterAll(async () => {
    await platform.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const count = async (thread: string, words: string) =>
    (await platform.posts(thread)).filter((text) => text.includes(words)).length;

  async function waiting(version: string): Promise<string> {
    const thread = await platform.ask(`release ${version}`, 'admin');
    await platform.until(thread, 'Approve');
    return thread;
  }

  /** A reaction to a post that Commander has not been told yet to be its own is only a sign. */
  const posted = () =>
    expect
      .poll(() =>
        platform.commander.db.kysely.selectFrom('posts').select('key').where('external_id', 'is', null).execute(),
      )
      .toEqual([]);

  it('what is queued shows its place, follows an edit over a restart, and becomes a task of its own at the end, with its files', async () => {
    const thread = await waiting('1.2.0');
    const said = await platform.say(thread, 'queue: report as HTML', 'admin', { name: 'like.txt', content: 'this' });
    await platform.until(thread, 'report as HTML');
    await platform.until(thread, 'With like.txt (4 B)');
    await platform.until(thread, 'number 1');
    await platform.commander.restartBot();
    await said.edit('queue: run the tests');
    await platform.until(thread, 'run the tests');
    await platform.press(thread, 'Approve', 'admin');
    await platform.until(thread, 'Taken up when the work before it ended');
    await platform.until(thread, 'Run the tests in strawberry-api');
    await platform.until(thread, 'Files with it');
  });

  it('what is queued is dropped with its message, and an aside is answered where the steps are fixed', async () => {
    const thread = await waiting('1.3.0');
    const said = await platform.say(thread, 'queue: run the tests', 'admin');
    await platform.until(thread, 'number 1');
    await said.remove();
    await platform.until(thread, 'Taken back');
    await platform.say(thread, 'btw: what do you wait for?', 'admin');
    await platform.until(thread, '1 of 2 steps done');
    await platform.press(thread, 'Cancel', 'admin');
    await platform.until(thread, 'Cancelled');
    expect(await count(thread, 'Run the tests in')).toBe(0);
  });

  it('an agent answers asides beside its work, and is steered by what is said, and by a file alone', async () => {
    const thread = await platform.ask('indent the sources in strawberry-api', 'admin');
    await platform.until(thread, 'Look around');
    await platform.say(thread, 'btw: where are you?', 'admin');
    await platform.until(thread, 'At the login.');
    await platform.say(thread, '', 'admin', { name: 'style.txt', content: 'use tabs' });
    await platform.until(thread, 'With style.txt (8 B). Taken as a new instruction');
    await platform.until(thread, 'Done as told.');
    expect(JSON.stringify(toldTo(folder))).toMatch(/attachments\/[^/]+\/style.txt/);
  });

  it('a button interrupts an agent, which stops at once, hears what is wanted and goes on', async () => {
    const thread = await platform.ask('indent the tests in strawberry-api', 'admin');
    await platform.until(thread, 'Look around');
    expect(await platform.fill(thread, 'Interrupt…', { note: ' ' }, 'admin')).not.toBe('');
    expect(await platform.fill(thread, 'Interrupt…', { note: 'use spaces' }, 'admin')).toBe('');
    await platform.until(thread, 'Done as told.');
    expect(JSON.stringify(toldTo(folder))).toContain('use spaces');
  });

  it.runIf(has === 'reactions')('✅ approves and 🛑 stops, for those who may', async () => {
    const thread = await waiting('1.4.0');
    await posted();
    platform.react?.(thread, 'Approve', 'approve', 'member');
    platform.react?.(thread, 'Approve', 'approve', 'admin');
    await platform.until(thread, 'Deliver');
    // Until it is edited the last time, the status card says so too.
    await expect.poll(() => count(thread, 'approved by anna')).toBe(1);
    const slow = await platform.ask('slow', 'admin');
    await platform.until(slow, 'Pause');
    await posted();
    platform.react?.(slow, 'Cancel', 'stop', 'admin');
    await platform.until(slow, 'Cancelled');
  });
});
