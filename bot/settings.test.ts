import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const plain = { COMMANDER_HOME: '/tmp/commander', DATABASE_URL: 'postgres://localhost/x' };

const many = {
  SLACK_APP_TOKEN: 'xapp-1',
  SLACK_CLIENT_ID: '1.2',
  SLACK_CLIENT_SECRET: 'secret',
  SLACK_WORKSPACES: 'T1, T2',
  COMMANDER_URL: 'https://commander.example.org',
};

describe('settings of chat platforms', () => {
  it('are absent without tokens', async () => {
    expect(await readSettings(plain)).toMatchObject({ slack: undefined, discord: undefined, address: undefined });
  });

  it('take what is set, and the address without its last slash', async () => {
    const settings = await readSettings({
      ...plain,
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_APP_TOKEN: 'xapp-1',
      // The first part of a token is an id in base64.
      DISCORD_TOKEN: 'MTMwMA==.x-_y.token',
      COMMANDER_URL: 'https://commander.example.org/',
    });
    const address = 'https://commander.example.org';
    expect(settings.address).toBe(address);
    expect(settings.slack).toMatchObject({ botToken: 'xoxb-1', appToken: 'xapp-1', address });
    expect(settings.discord).toMatchObject({ token: 'MTMwMA==.x-_y.token', address });
  });

  it('take many workspaces of Slack, named or any', async () => {
    const { slack } = await readSettings({ ...plain, ...many });
    expect(slack?.installing).toMatchObject({ clientId: '1.2', clientSecret: 'secret', workspaces: ['T1', 'T2'] });
    const any = await readSettings({ ...plain, ...many, SLACK_WORKSPACES: '*' });
    expect(any.slack?.installing?.workspaces).toBe('any');
  });

  it.each([
    [{ SLACK_BOT_TOKEN: 'xoxp-1' }, /SLACK_BOT_TOKEN.*xoxb-/],
    [{ SLACK_BOT_TOKEN: 'xoxb-…' }, /SLACK_BOT_TOKEN.*whole/],
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: '"xapp-1"' }, /SLACK_APP_TOKEN.*whole/],
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, /SLACK_APP_TOKEN.*SLACK_SIGNING_SECRET/],
    [{ SLACK_SIGNING_SECRET: 'x' }, /SLACK_BOT_TOKEN is missing/],
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_CLIENT_ID: '1' }, /leave one of them out/],
    [{ SLACK_APP_TOKEN: 'xapp-1', SLACK_CLIENT_ID: '1' }, /SLACK_CLIENT_SECRET is missing/],
    [{ SLACK_APP_TOKEN: 'xapp-1', SLACK_CLIENT_ID: '1', SLACK_CLIENT_SECRET: 's' }, /COMMANDER_URL is missing/],
    [{ ...many, SLACK_WORKSPACES: undefined }, /SLACK_WORKSPACES/],
    [{ ...many, SLACK_WORKSPACES: 'acme' }, /SLACK_WORKSPACES/],
    [{ DISCORD_GUILD: '123456789012345678' }, /DISCORD_TOKEN is missing/],
    [{ DISCORD_TOKEN: 'Bot abc' }, /DISCORD_TOKEN.*alone/],
    [{ DISCORD_TOKEN: 'x', DISCORD_GUILD: 'my server' }, /DISCORD_GUILD/],
    [{ COMMANDER_URL: 'commander' }, /COMMANDER_URL/],
  ])('%j is refused with what to write', async (wrong, message) => {
    await expect(readSettings({ ...plain, ...wrong })).rejects.toThrow(message);
  });
});

describe('the settings file', () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'commander-settings-'));
  });

  afterEach(() => rm(home, { recursive: true, force: true }));

  async function read(file: string, environment: NodeJS.ProcessEnv = {}) {
    await writeFile(join(home, 'settings.yaml'), file);
    return readSettings({ COMMANDER_HOME: home, ...environment });
  }

  it('says all that the environment does not', async () => {
    const file = `
port: 0
listen: 0.0.0.0
hosts: [commander.example.org]
url: https://commander.example.org/
database_url: postgres://commander@db/commander
slots: 12
log_level: info
limits: { per_person: 3, per_project: 5 }
agents: { claude: { sandbox: required } }
`;
    expect(await read(file)).toMatchObject({
      home,
      port: 0,
      listen: '0.0.0.0',
      hosts: ['commander.example.org'],
      address: 'https://commander.example.org',
      databaseUrl: 'postgres://commander@db/commander',
      slots: 12,
      logLevel: 'info',
      limits: { perPerson: 3, perProject: 5 },
    });
  });

  it('gives way to the environment, in which a variable of nothing is not set', async () => {
    const settings = await read('{ port: 8400, slots: 2, hosts: [a.example.org] }', {
      PORT: '0',
      WORKER_SLOTS: '',
      COMMANDER_HOSTS: 'b.example.org, c.example.org',
    });
    expect(settings).toMatchObject({ port: 0, slots: 2, hosts: ['b.example.org', 'c.example.org'] });
  });

  it('may be missing or empty', async () => {
    const plainly = { port: 8300, slots: 4, hosts: [], listen: '127.0.0.1', logLevel: 'warn', limits: {} };
    expect(await read('')).toMatchObject(plainly);
    expect(await readSettings({ COMMANDER_HOME: join(home, 'none') })).toMatchObject(plainly);
  });

  it.each([
    ['prot: 8300', 'line 1: `prot` is not a key that Commander knows: did you mean `port`?'],
    [
      'find: true\nport: "8300"',
      'line 2: `port` must be a whole number from 0 to 65535; you wrote "8300". Write for example `port: 8300`',
    ],
    [
      'slack_bot_token: xoxb-1',
      'line 1: `slack_bot_token` is not a key that Commander knows: the keys here are port, listen, hosts',
    ],
    [
      'limits:\n  perperson: 3',
      'line 2: `limits.perperson` is not a key that Commander knows: did you mean `per_person`?',
    ],
    [
      'agents:\n  claude:\n    limits: { turn: 3 }',
      'line 3: `agents.claude.limits.turn` is not a key that Commander knows: did you mean `turns`?',
    ],
    [
      'policy:\n  - { command: rm, decide: alow }',
      'line 2: `decide` of item 1 of `policy` must be allow, ask or deny; you wrote "alow"',
    ],
    ['url: commander', 'line 1: `url` must be an address such as https://commander.example.org; you wrote "commander"'],
    ['port: 8300\nport: 8400', 'line 2: `port` is here twice'],
    ['port: [', 'line 1: '],
  ])('%j is refused with its file, its line and what to write', async (file, problem) => {
    const refusal = await read(file).then(String, String);
    expect(refusal).toContain(`The settings in ${join(home, 'settings.yaml')} can not be used:`);
    expect(refusal).toContain(problem);
  });
});

describe('how long a question waits for an answer', () => {
  it('is said by the environment, and what is no time is refused with an example', async () => {
    expect((await readSettings(plain)).answerWithin).toBeUndefined();
    expect((await readSettings({ ...plain, COMMANDER_ANSWER_WITHIN: '4h' })).answerWithin).toBe(14_400_000);
    expect((await readSettings({ ...plain, COMMANDER_ANSWER_WITHIN: 'never' })).answerWithin).toBe('never');
    for (const wrong of ['5s', 'soon', '8d'])
      await expect(readSettings({ ...plain, COMMANDER_ANSWER_WITHIN: wrong })).rejects.toThrow(
        /COMMANDER_ANSWER_WITHIN must be never, or a time from 1m to 7d such as 30m or 4h/,
      );
  });
});
