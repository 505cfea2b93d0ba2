import { afterEach, beforeEach, expect, it } from 'vitest';
import { type SlackServer, startSlackServer } from '#tests/slack-server/server.ts';
import type { Delivery } from './line.ts';
import { createSockets, type Sockets } from './sockets.ts';

let slack: SlackServer;
let sockets: Sockets;
let handled: unknown[];
let warnings: string[];

/** What becomes of a delivery: acknowledged at once, unless a test holds it. */
let handle: (delivery: Delivery) => Promise<void>;

beforeEach(async () => {
  slack = await startSlackServer({ patience: 1000, retries: [0, 0, 50] });
  handled = [];
  warnings = [];
  handle = async ({ body, acknowledge }) => {
    handled.push((body as { readonly event?: { readonly text?: string } }).event?.text);
    await acknowledge();
  };
});
afterEach(async () => {
  await sockets.stop();
  await slack.stop();
});

async function begin(silenceMs?: number): Promise<void> {
  const log = { info: () => {}, error: () => {}, warn: (_: object, sentence: string) => void warnings.push(sentence) };
  sockets = createSockets({
    appToken: slack.appToken,
    apiUrl: slack.url,
    log,
    handle: (delivery) => handle(delivery),
    ...(silenceMs === undefined ? {} : { silenceMs }),
  });
  await sockets.start();
}

function say(text: string): void {
  slack.driver.say(slack.driver.direct(slack.driver.ben), slack.driver.ben, text);
}

const standing = () => slack.driver.waitFor('two connections', () => slack.faults.sockets.count() === 2);

it('hears through frames that make no sense', async () => {
  await begin();
  const { raw, eventsRateLimited } = slack.faults.sockets;
  for (const frame of ['nonsense', '[]', 'null', '{"type":"weather"}', '{"type":"events_api","envelope_id":"x"}'])
    raw(frame);
  raw(Buffer.from([0, 1, 2]));
  eventsRateLimited();
  say('still there?');
  await slack.driver.settled();
  expect(handled).toEqual(['still there?']);
  expect(sockets.open()).toEqual({ now: 2, of: 2 });
});

it('loses nothing, and has nothing sent again, while Slack renews one connection after the other', async () => {
  await begin();
  const words = Array.from({ length: 40 }, (_, index) => `word ${index}`);
  for (const [index, word] of words.entries()) {
    if (index % 10 === 5) {
      await standing();
      slack.faults.sockets.refresh();
    }
    say(word);
    await slack.driver.settled();
  }
  expect(handled).toEqual(words);
  expect(slack.events.filter(({ attempts }) => attempts.length > 1)).toEqual([]);
});

it('opens its lines anew when they break, also when Slack itself is away for a while', async () => {
  await begin();
  const away = slack.faults.http.inject('apps.connections.open', { kind: 'error', when: 'before' }, { times: 4 });
  for (const left of [1, 0]) {
    slack.faults.sockets.drop();
    await slack.driver.waitFor('the broken line', () => slack.faults.sockets.count() === left);
  }
  const broken = Date.now();
  await standing();
  expect(away.hits).toBe(4);
  expect(sockets.since()).toBeGreaterThanOrEqual(broken);
  say('back again');
  await slack.driver.settled();
  expect(handled).toEqual(['back again']);
});

it('gives up a line on which Slack is silent, and opens another one', async () => {
  await begin(2500);
  slack.faults.sockets.silence();
  await standing();
  expect(warnings).toContain('Slack is silent on a connection; it is opened anew');
  say('heard');
  await slack.driver.settled();
  expect(handled).toContain('heard');
});

it('says why when it can not be opened at all', async () => {
  slack.faults.http.inject('apps.connections.open', { kind: 'refuse', error: 'invalid_auth' }, { times: 2 });
  await expect(begin()).rejects.toThrow(/invalid_auth/);
  expect(slack.faults.sockets.count()).toBe(0);
});

it('stops when what is under way is done', async () => {
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  handle = async ({ acknowledge }) => {
    begun.resolve();
    await held.promise;
    await acknowledge();
    handled.push('done');
  };
  await begin();
  say('the last word');
  await begun.promise;
  const stopped = sockets.stop();
  held.resolve();
  await stopped;
  expect(handled).toEqual(['done']);
});
