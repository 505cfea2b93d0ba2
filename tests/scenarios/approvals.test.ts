import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Script } from '#tests/stub-agent/script.ts';
import { stubAgent } from '#tests/stub-agent/stub-agent.ts';
import { discordPlatform } from './discord.ts';
import type { ScenarioPlatform } from './platform.ts';
import { slackPlatform } from './slack.ts';
import { webPlatform } from './web.ts';

/** More than any card takes. */
const longCommand = `deploy ${'x'.repeat(9_000)} --force`;

/** Asks before it runs a command, and says what came of it. */
function asking(command: string): Script {
  const rejected = [{ say: 'Left it.' }];
  const ask = {
    id: '1',
    title: 'Run it',
    kind: 'execute',
    rawInput: { command },
    allowed: [{ say: 'Ran it.' }],
    rejected,
  };
  return [[{ ask: { ...ask, kind: 'execute' } }]];
}

describe.each([
  ['the web chat', webPlatform],
  ['Slack', slackPlatform],
  ['Discord', discordPlatform],
] as const)('what an agent asks on %s', (_, start) => {
  let platform: ScenarioPlatform;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'commander-asking-'));
    const short = stubAgent(folder, asking('npm install left-pad'));
    const long = { ...stubAgent(join(folder, 'long'), asking(longCommand)), id: 'long', name: 'Long' };
    platform = await start({ agents: [short, long] });
  });
  afterAll(async () => {
    await platform.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is shown whole in a file with its hash when it is too long for a card, and what was shown is what counts; one that can not be sent holds up nothing', async () => {
    const mend = platform.failUploads?.();
    const thread = await platform.ask('bring the docs online with long', 'admin');
    await platform.until(thread, createHash('sha256').update(longCommand).digest('hex'));
    await platform.press(thread, 'Deny', 'admin');
    await platform.until(thread, 'Left it.');
    mend?.();
    await expect.poll(() => platform.files(thread), { timeout: 60_000 }).toContain(longCommand);
    expect((await platform.files(thread)).filter((text) => text === longCommand)).toHaveLength(1);
  });

  it('is allowed for good by a rule, which says whose it is, and asked again when somebody ends that', async () => {
    const first = await platform.ask('mend the login in strawberry-api', 'admin');
    await platform.until(first, 'Always allow here');
    expect(await platform.fill(first, 'Always allow here', { scope: 'project', days: '7' }, 'admin')).toBe('');
    await platform.until(first, 'Ran it.');
    const second = await platform.ask('mend the login once more in strawberry-api', 'admin');
    await platform.until(second, 'said always');
    await platform.until(second, 'Ran it.');
    expect(await platform.fill(second, 'Change the rule…', { scope: 'project', days: '90' }, 'admin')).toBe('');
    await platform.press(second, 'Ask again from now on', 'admin');
    const third = await platform.ask('mend the login for good in strawberry-api', 'admin');
    await platform.until(third, 'Always allow here');
    await platform.press(third, 'Approve', 'admin');
    await platform.until(third, 'Ran it.');
  });
});
