import type { App, SocketModeReceiver } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { socketApp, socketReceiver, stopApp } from '../bolt.ts';
import { type ManualClock, manualClock } from '../clock.ts';
import { type SlackServer, startSlackServer } from '../server.ts';

/** How Bolt's receivers hand over what came. */
type Arrival = Parameters<App['processEvent']>[0];

let slack: SlackServer;
let app: App;
let receiver: SocketModeReceiver;
let clock: ManualClock;
let arrivals: Arrival[];

beforeEach(async () => {
  clock = manualClock(Date.parse('2026-11-01T12:00:00Z'));
  slack = await startSlackServer({ clock, app: { events: ['app_mention'] } });
  receiver = socketReceiver(slack);
  app = socketApp(slack, receiver);
  arrivals = [];
});

afterEach(async () => {
  await stopApp(app, slack);
  await slack.stop();
});

/** Starts the app with `handle` in the place where an adapter stores what came. */
async function startWith(handle: (arrival: Arrival) => Promise<void>): Promise<void> {
  app.processEvent = async (arrival) => {
    arrivals.push(arrival);
    await handle(arrival);
    slack.driver.workspace.changes.notify();
  };
  await app.start();
}

const acknowledge = (arrival: Arrival): Promise<void> => arrival.ack();
const mention = () =>
  slack.driver.say(slack.driver.channel('general'), slack.driver.anna, `${slack.driver.mention} go`);
const arrived = (count: number) => slack.driver.waitFor(`${count} arrivals`, () => arrivals.length >= count);

/** A second Socket Mode connection of the same app. */
async function connectAgain(): Promise<SocketModeReceiver> {
  const second = socketReceiver(slack);
  second.init(app);
  await second.start();
  return second;
}

test('an event without acknowledgement comes again at once, after a minute and after five, then never', async () => {
  await startWith(async () => undefined);
  mention();
  for (const [count, wait] of [3000, 3000, 63_000, 303_000].entries()) {
    // Time moves only when the attempt before has arrived.
    if (count > 0) clock.advance(wait - 3000);
    await arrived(count + 1);
    clock.advance(3000);
    await slack.driver.waitFor('the failure', () => slack.events[0]?.attempts.length === count + 1);
  }
  expect(arrivals.map(({ retryNum, retryReason }) => [retryNum, retryReason])).toEqual([
    [0, ''],
    [1, 'timeout'],
    [2, 'timeout'],
    [3, 'timeout'],
  ]);
  expect(new Set(arrivals.map(({ body }) => body.event_id)).size).toBe(1);
  expect(slack.events[0]).toMatchObject({ state: 'given up' });
});

test('an acknowledged repetition is the last one', async () => {
  await startWith(async (arrival) => {
    if (arrival.retryNum === 1) await arrival.ack();
  });
  mention();
  await arrived(1);
  clock.advance(3000);
  await slack.driver.settled();
  expect(slack.events[0]).toMatchObject({ state: 'acknowledged', attempts: [{ failed: 'timeout' }, { retry: 1 }] });
});

test('an event can come twice, and the same envelope again', async () => {
  await startWith(acknowledge);
  slack.faults.events.duplicate(1);
  mention();
  await arrived(2);
  expect(arrivals[0]?.body.event_id).toBe(arrivals[1]?.body.event_id);
  slack.faults.sockets.repeatLast();
  await arrived(3);
  expect(arrivals[2]?.body.event_id).toBe(arrivals[0]?.body.event_id);
});

test('an acknowledgement can be lost: the event comes again, marked', async () => {
  await startWith(acknowledge);
  slack.faults.events.loseAcknowledgements(1);
  mention();
  await arrived(2);
  await slack.driver.settled();
  expect(arrivals.map(({ retryNum, retryReason }) => [retryNum, retryReason])).toEqual([
    [0, ''],
    [1, 'timeout'],
  ]);
});

test('events can change places or be lost', async () => {
  await startWith(acknowledge);
  slack.faults.events.reorder(2);
  const [first, second] = [mention(), mention()];
  await arrived(2);
  slack.faults.events.lose(1);
  mention();
  const last = mention();
  await arrived(3);
  expect(arrivals.map(({ body }) => body.event.ts)).toEqual([second.ts, first.ts, last.ts]);
});

test('what is due while no connection stands waits for one', async () => {
  mention();
  await startWith(acknowledge);
  await slack.driver.settled();
  expect(slack.events[0]?.attempts).toMatchObject([{ at: clock.now(), retry: 0 }]);
});

test('a connection that is asked to come again gets nothing more; the other takes all, and it comes again', async () => {
  await startWith(acknowledge);
  const second = await connectAgain();
  expect(slack.faults.sockets.count()).toBe(2);
  // Bolt cannot be stopped while it connects (it rejects into nowhere): the test waits until it has.
  const again = new Promise((resolve) => receiver.client.once('connected', resolve));
  slack.faults.sockets.refresh();
  for (let count = 0; count < 10; count += 1) mention();
  await slack.driver.settled();
  expect(slack.events.every(({ attempts }) => attempts.length === 1)).toBe(true);
  await again;
  await second.stop();
});

test('a connection can be cut, and be dead without being cut', async () => {
  await startWith(acknowledge);
  const second = await connectAgain();
  slack.faults.sockets.drop();
  await slack.driver.waitFor('the cut', () => slack.faults.sockets.count() === 1);
  slack.faults.sockets.silence();
  mention();
  clock.advance(3000);
  await slack.driver.waitFor('the loss', () => slack.events[0]?.attempts.length === 1);
  expect([arrivals.length, slack.events[0]?.attempts[0]?.failed]).toEqual([0, 'timeout']);
  await second.stop();
});

test('an envelope without an inner event comes when Slack holds events back; Bolt 5.1 needs a guard against it', async () => {
  await startWith(acknowledge);
  const failures: unknown[] = [];
  // Without this the failure goes into nowhere and ends the process.
  receiver.client.removeAllListeners('ws_message');
  const { client } = receiver as unknown as {
    client: { onWebSocketMessage(data: string, binary: boolean): Promise<void> };
  };
  receiver.client.on('ws_message', (data: string, binary: boolean) =>
    client.onWebSocketMessage(data, binary).catch((error: unknown) => failures.push(error)),
  );
  slack.faults.sockets.eventsRateLimited();
  mention();
  await slack.driver.settled();
  expect(failures).toEqual([expect.any(TypeError)]);
});

test('frames that Bolt does not know do not hurt it', async () => {
  await startWith(acknowledge);
  for (const frame of ['garbage', '{"type":"unheard_of"}', '{"type":"interactive"}']) slack.faults.sockets.raw(frame);
  mention();
  await slack.driver.settled();
  expect(arrivals.some(({ body }) => body?.event?.type === 'app_mention')).toBe(true);
});
