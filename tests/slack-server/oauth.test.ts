import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, MemoryInstallationStore } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silent } from './bolt.ts';
import { manualClock } from './clock.ts';
import { type SlackServer, startSlackServer } from './server.ts';

let slack: SlackServer;
let http: Server;
let home: string;
let installations: MemoryInstallationStore;

beforeEach(async () => {
  slack = await startSlackServer({ app: { tokens: 'rotating' } });
  http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  home = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  installations = new MemoryInstallationStore();
});

afterEach(async () => {
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
  await slack.stop();
});

/** The real app, to be installed by OAuth. */
function serveApp(): App {
  const clientOptions = { slackApiUrl: slack.url };
  const receiver = new HTTPReceiver({
    signingSecret: slack.signingSecret,
    clientId: slack.settings.clientId,
    clientSecret: slack.settings.clientSecret,
    stateSecret: 'state-secret',
    scopes: [...slack.settings.scopes],
    redirectUri: `${home}/slack/oauth_redirect`,
    installationStore: installations,
    logger: silent,
    installerOptions: {
      authorizationUrl: slack.authorizationUrl,
      directInstall: true,
      redirectUriPath: '/slack/oauth_redirect',
      clientOptions,
    },
  });
  const app = new App({ receiver, logger: silent, clientOptions });
  http.on('request', (request, response) => receiver.requestListener(request, response));
  return app;
}

/** Walks a person's browser through the installation into a workspace; the status of the last page. */
async function install(team: string, state?: string): Promise<number> {
  const begun = await fetch(`${home}/slack/install`, { redirect: 'manual' });
  const asked = new URL(begun.headers.get('location') ?? '');
  asked.searchParams.set('team', team);
  if (state !== undefined) asked.searchParams.set('state', state);
  const agreed = await fetch(asked, { redirect: 'manual' });
  const cookie = begun.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return (await fetch(agreed.headers.get('location') ?? '', { headers: { cookie } })).status;
}

test('two workspaces install the app, and each is answered with its own token', async () => {
  const app = serveApp();
  const second = slack.addWorkspace();
  slack.deliverTo(`${home}/slack/events`);
  app.event('app_mention', async ({ say }) => void (await say('here')));
  // Of a workspace that has not installed it the app hears nothing.
  second.say(second.channel('general'), second.anna, `${second.mention} hi`);
  expect(slack.events).toEqual([]);
  for (const driver of [slack.driver, second]) {
    expect(await install(driver.workspace.id)).toBe(200);
    driver.say(driver.channel('general'), driver.anna, `${driver.mention} hi`);
    await driver.waitFor('the answer', () =>
      driver.messages(driver.channel('general')).some(({ text }) => text === 'here'),
    );
  }
  const tokens = slack.calls.of('chat.postMessage').map(({ token }) => token);
  expect(new Set(tokens).size).toBe(2);
});

test('a state that the app did not give is refused by it', async () => {
  serveApp();
  expect(await install(slack.driver.workspace.id, 'forged')).toBe(400);
  expect(slack.calls.of('oauth.v2.access')).toEqual([]);
});

test('a rotating token ends after 12 hours, and its refresh token works once', async () => {
  const clock = manualClock(Date.now());
  const rotating = await startSlackServer({ clock, app: { tokens: 'rotating' } });
  const { clientId: client_id, clientSecret: client_secret } = rotating.settings;
  const client = new WebClient(undefined, { slackApiUrl: rotating.url, logger: silent });
  const redirect_uri = 'http://127.0.0.1/back';
  const query = new URLSearchParams({ client_id, redirect_uri, scope: 'chat:write', state: 's' });
  const agreed = await fetch(`${rotating.authorizationUrl}?${query}`, { redirect: 'manual' });
  const code = new URL(agreed.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const granted = await client.oauth.v2.access({ client_id, client_secret, code, redirect_uri });
  await client.auth.test({ token: granted.access_token });
  clock.advance(43_200_000);
  await expect(client.auth.test({ token: granted.access_token })).rejects.toMatchObject({
    data: { error: 'token_expired' },
  });
  const refresh = {
    client_id,
    client_secret,
    grant_type: 'refresh_token' as const,
    refresh_token: granted.refresh_token ?? '',
  };
  const fresh = await client.oauth.v2.access(refresh);
  await client.auth.test({ token: fresh.access_token });
  await expect(client.oauth.v2.access(refresh)).rejects.toMatchObject({ data: { error: 'invalid_refresh_token' } });
  rotating.driver.uninstall();
  await expect(client.auth.test({ token: fresh.access_token })).rejects.toMatchObject({
    data: { error: 'token_revoked' },
  });
  await rotating.stop();
});
