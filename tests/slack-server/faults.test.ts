import type { WebClient } from '@slack/web-api';
import { WebClient as Client } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { botClient, silent } from './bolt.ts';
import { type SlackServer, startSlackServer } from './server.ts';

let slack: SlackServer;
let client: WebClient;
let channel: string;

beforeEach(async () => {
  slack = await startSlackServer();
  client = botClient(slack);
  channel = slack.driver.channel('general');
});

afterEach(() => slack.stop());

const texts = () => slack.driver.messages(channel).map(({ text }) => text);

test.each([
  ['an error before', { kind: 'error', when: 'before' }, []],
  ['an error after', { kind: 'error', when: 'after', status: 503 }, ['x']],
  ['a cut before', { kind: 'drop', when: 'before' }, []],
  ['a cut after', { kind: 'drop', when: 'after' }, ['x']],
  ['a rate limit', { kind: 'rate_limited', seconds: 7 }, []],
  ['a refusal', { kind: 'refuse', error: 'invalid_blocks' }, []],
] as const)('%s strikes once, and does what it says', async (_what, fault, shown) => {
  const injection = slack.faults.http.inject('chat.postMessage', fault);
  await expect(client.chat.postMessage({ channel, text: 'x' })).rejects.toThrow();
  expect(texts()).toEqual(shown);
  await client.chat.postMessage({ channel, text: 'y' });
  expect(texts()).toEqual([...shown, 'y']);
  expect(injection.hits).toBe(1);
  // What a test asked for is not counted against the app.
  expect([slack.calls.rateLimited(), slack.calls.refused()]).toEqual([[], []]);
});

test.each([
  ['before', []],
  ['after', ['x']],
] as const)('no answer, ever, %s doing it', async (when, shown) => {
  slack.faults.http.inject('chat.postMessage', { kind: 'hang', when });
  const impatient = new Client(slack.botToken, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    timeout: 50,
    logger: silent,
  });
  await expect(impatient.chat.postMessage({ channel, text: 'x' })).rejects.toThrow(/timeout/i);
  expect(texts()).toEqual(shown);
});

test('a slow call lands after its caller has given up', async () => {
  slack.faults.http.inject('chat.postMessage', { kind: 'slow', milliseconds: 100 });
  const impatient = new Client(slack.botToken, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    timeout: 20,
    logger: silent,
  });
  await expect(impatient.chat.postMessage({ channel, text: 'late' })).rejects.toThrow(/timeout/i);
  await slack.driver.waitFor('the late message', () => texts().includes('late'));
});

test('a fault can wait for the call that it is meant for', async () => {
  slack.faults.http.inject(
    '*',
    { kind: 'refuse', error: 'fatal_error' },
    { matching: ({ text }) => text === 'second' },
  );
  await client.chat.postMessage({ channel, text: 'first' });
  await expect(client.chat.postMessage({ channel, text: 'second' })).rejects.toMatchObject({
    data: { error: 'fatal_error' },
  });
});

test('a download can be sent elsewhere, where the token must not follow', async () => {
  const file = slack.driver.upload('a.txt', 'bytes');
  slack.faults.http.inject('download', { kind: 'elsewhere' });
  const response = await fetch(file.urlPrivate, {
    headers: { authorization: `Bearer ${slack.botToken}` },
    redirect: 'manual',
  });
  expect(response.status).toBe(302);
  const moved = await fetch(response.headers.get('location') ?? '');
  expect(await moved.text()).toBe('bytes');
  expect(slack.calls.of('elsewhere').map(({ token }) => token)).toEqual([undefined]);
});
