import { describe, expect, it } from 'vitest';
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
      DISCORD_TOKEN: 'token',
      COMMANDER_URL: 'https://commander.example.org/',
    });
    const address = 'https://commander.example.org';
    expect(settings.address).toBe(address);
    expect(settings.slack).toMatchObject({ botToken: 'xoxb-1', appToken: 'xapp-1', address });
    expect(settings.discord).toMatchObject({ token: 'token', address });
  });

  it('take many workspaces of Slack, named or any', async () => {
    const { slack } = await readSettings({ ...plain, ...many });
    expect(slack?.installing).toMatchObject({ clientId: '1.2', clientSecret: 'secret', workspaces: ['T1', 'T2'] });
    const any = await readSettings({ ...plain, ...many, SLACK_WORKSPACES: '*' });
    expect(any.slack?.installing?.workspaces).toBe('any');
  });

  it.each([
    [{ SLACK_BOT_TOKEN: 'xoxp-1' }, /SLACK_BOT_TOKEN.*xoxb-/],
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, /SLACK_APP_TOKEN.*SLACK_SIGNING_SECRET/],
    [{ SLACK_SIGNING_SECRET: 'x' }, /SLACK_BOT_TOKEN is missing/],
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_CLIENT_ID: '1' }, /leave one of them out/],
    [{ SLACK_APP_TOKEN: 'xapp-1', SLACK_CLIENT_ID: '1' }, /SLACK_CLIENT_SECRET is missing/],
    [{ SLACK_APP_TOKEN: 'xapp-1', SLACK_CLIENT_ID: '1', SLACK_CLIENT_SECRET: 's' }, /COMMANDER_URL is missing/],
    [{ ...many, SLACK_WORKSPACES: undefined }, /SLACK_WORKSPACES/],
    [{ ...many, SLACK_WORKSPACES: 'acme' }, /SLACK_WORKSPACES/],
    [{ DISCORD_GUILD: '123456789012345678' }, /DISCORD_TOKEN is missing/],
    [{ DISCORD_TOKEN: 'x', DISCORD_GUILD: 'my server' }, /DISCORD_GUILD/],
    [{ COMMANDER_URL: 'commander' }, /COMMANDER_URL/],
  ])('%j is refused with what to write', async (wrong, message) => {
    await expect(readSettings({ ...plain, ...wrong })).rejects.toThrow(message);
  });
});
