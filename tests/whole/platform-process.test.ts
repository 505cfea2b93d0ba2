import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { type SlackServer, startSlackServer } from '#tests/slack-server/server.ts';
import type { Message } from '#tests/slack-server/state/message.ts';
import { type CommitPoint, holdAt } from './hold.ts';
import { readyAddress, spawnCommander } from './process.ts';

let folder: string;
let database: TestDatabase;
let slack: SlackServer;
/** The one that runs: the next test goes on with the process that took over in the last one. */
let child: ChildProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-platforms-'));
  database = await testDatabase();
  slack = await startSlackServer({ patience: 1000, retries: Array.from({ length: 100 }, () => 500) });
  child = await start();
});

afterAll(async () => {
  await end('SIGINT');
  await slack.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** The real process, as `npm start` starts it. */
async function start(): Promise<ChildProcess> {
  const settings = {
    DATABASE_URL: database.url,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.url,
  };
  const started = spawnCommander({ home: join(folder, 'home'), folder, settings });
  await readyAddress(started);
  return started;
}

async function end(signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await once(child, 'exit');
}

function connected(): Promise<unknown> {
  return slack.driver.waitFor('the connections', () => slack.faults.sockets.count() === 2, 30_000);
}

/** How often the process is killed, each time while messages are on their way. */
const kills = Number(process.env.COMMANDER_KILLS ?? 2);

it(
  'on Slack every mention is answered once, however often the process is killed in between',
  async () => {
    const { driver } = slack;
    const channel = driver.channel('general');
    await connected();
    const task = driver.say(channel, driver.ben, `${driver.mention} run the tests`);
    await driver.waitFor('the report', () => driver.thread(task).length === 3, 60_000);
    const asked: Message[] = [];
    for (let round = 0; round < kills; round += 1) {
      const first = driver.say(channel, driver.ben, `${driver.mention} help`);
      asked.push(first, driver.say(channel, driver.ben, `${driver.mention} help`));
      await driver.waitFor('an answer', () => driver.thread(first).length > 0, 30_000);
      await end('SIGKILL');
      asked.push(driver.say(channel, driver.ben, `${driver.mention} help`));
      child = await start();
    }
    await driver.waitFor('every answer', () => asked.every((message) => driver.thread(message).length > 0), 60_000);
    expect(asked.map((message) => driver.thread(message).length)).toEqual(asked.map(() => 1));
    expect(driver.thread(task)).toHaveLength(3);
  },
  60_000 + kills * 30_000,
);

const points: readonly (readonly [string, CommitPoint])[] = [
  ['before it is kept', { table: 'commander.arrivals', on: 'insert', when: 'true' }],
  ['after it was kept and acknowledged', { table: 'commander.inbox', on: 'insert', when: 'true' }],
  [
    'after it was understood, before that is written down',
    { table: 'commander.arrivals', on: 'update', when: 'new.understood_at is not null' },
  ],
];

it('on Slack a mention is answered once, wherever the process is killed on the way of its message into the inbox', async () => {
  const { driver } = slack;
  const asked: Message[] = [];
  for (const [, point] of points) {
    await connected();
    const hold = await holdAt(database.url, point);
    const message = driver.say(driver.channel('general'), driver.ben, `${driver.mention} help`);
    asked.push(message);
    await hold.reached();
    await end('SIGKILL');
    await hold.release();
    child = await start();
    await driver.waitFor('the answer', () => driver.thread(message).length > 0, 60_000);
  }
  await driver.settled();
  expect(asked.map((message) => driver.thread(message).length)).toEqual(asked.map(() => 1));
  expect(slack.events.filter(({ state }) => state !== 'acknowledged')).toEqual([]);
});
