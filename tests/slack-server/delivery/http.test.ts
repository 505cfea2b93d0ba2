import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { httpApp } from '../bolt.ts';
import { type SlackServer, startSlackServer } from '../server.ts';
import { signature } from './http.ts';

let slack: SlackServer;
let app: App;
let address: string;

beforeEach(async () => {
  slack = await startSlackServer({ retries: [0] });
  app = httpApp(slack);
  const server = (await app.start(0)) as Server;
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  slack.deliverTo(address);
});

afterEach(async () => {
  await app.stop();
  await slack.stop();
});

test('the app answers the check of its address', async () => {
  expect(await slack.verify(address)).toBe(true);
});

test('a mention, a button and a command come signed, and are answered', async () => {
  app.event('app_mention', async ({ event, client }) => {
    await client.chat.postMessage({
      channel: event.channel,
      thread_ts: event.ts,
      text: 'Sure?',
      blocks: [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'yes', text: { type: 'plain_text', text: 'Yes' } }],
        },
      ],
    });
  });
  app.action('yes', async ({ ack, respond }) => {
    await ack();
    await respond({ text: 'Done', replace_original: true });
  });
  app.command('/commander', async ({ ack }) => ack('Help'));
  const { driver } = slack;
  const message = driver.say(driver.channel('general'), driver.ben, `${driver.mention} deploy`);
  const question = await driver.waitFor('the question', () => driver.thread(message)[0]);
  await driver.click(question, 'yes');
  await driver.waitFor('the answer', () => question.text === 'Done' && question.blocks.length === 0);
  expect(await driver.command('/commander', 'help')).toMatchObject({ acknowledged: true });
  expect(driver.ephemerals()).toMatchObject([{ text: 'Help' }]);
});

test('a listener that fails to acknowledge a button is told apart from one that does', async () => {
  app.action('broken', async () => {
    throw new Error('before the acknowledgement');
  });
  const { driver } = slack;
  await app.client.chat.postMessage({
    channel: driver.channel('general'),
    text: 'x',
    blocks: [
      { type: 'actions', elements: [{ type: 'button', action_id: 'broken', text: { type: 'plain_text', text: 'x' } }] },
    ],
  });
  const [message] = driver.messages(driver.channel('general'));
  if (message === undefined) throw new Error('nothing posted');
  expect(await driver.click(message, 'broken')).toEqual({ acknowledged: false, reason: 'http_error' });
});

test('an event that failed comes again with the headers of a retry', async () => {
  const attempts: Array<readonly [number | undefined, string | undefined]> = [];
  const original = app.processEvent.bind(app);
  app.processEvent = async (arrival) => {
    attempts.push([arrival.retryNum, arrival.retryReason]);
    if (attempts.length === 1) throw new Error('the store is away');
    await original(arrival);
  };
  slack.driver.say(slack.driver.direct(slack.driver.anna), slack.driver.anna, 'hello');
  await slack.driver.settled();
  expect(attempts).toEqual([
    [undefined, undefined],
    [1, 'http_error'],
  ]);
  expect(slack.events).toMatchObject([{ state: 'acknowledged' }]);
});

test.each([
  ['another secret', 'wrong', 0],
  ['six minutes ago', undefined, -360],
])('Bolt refuses what was signed with %s', async (_what, secret, seconds) => {
  const body = JSON.stringify({ type: 'event_callback', event: { type: 'app_mention' } });
  const at = Math.floor(Date.now() / 1000) + seconds;
  const headers = { 'content-type': 'application/json', ...signature(secret ?? slack.signingSecret, body, at) };
  expect((await fetch(address, { method: 'POST', body, headers })).status).toBe(401);
});
