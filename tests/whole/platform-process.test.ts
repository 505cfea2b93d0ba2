import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testDatabase } from '#tests/database.ts';
import { startSlackServer } from '#tests/slack-server/server.ts';
import type { Message } from '#tests/slack-server/state/message.ts';
import { type CommitPoint, holdAt } from './hold.ts';

let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-platforms-'));
  await chmod(folder, 0o711);
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGINT');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

/** The real process, as `npm start` starts it. */
async function start(tokens: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const env = { PATH: process.env.PATH, HOME: folder, COMMANDER_HOME: join(folder, 'home'), PORT: '0', ...tokens };
  const child = spawn(process.execPath, ['bot/main.ts'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  for await (const line of createInterface(child.stdout ?? process.stdin))
    if (line.startsWith('Commander is ready')) return child;
  throw new Error('Commander ended before it was ready');
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await once(child, 'exit');
}

/** How often the process is killed, each time while messages are on their way. */
const kills = 4;

/** Commander starts five times, and each start recovers a database: a busy machine may need long for that. */
const patienceMs = 180_000;

it(
  'on Slack every mention is answered once, however often the process is killed in between',
  async () => {
    const slack = await startSlackServer();
    const { driver } = slack;
    const tokens = { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.url };
    const channel = driver.channel('general');
    let child = await start(tokens);
    await driver.waitFor('the connections', () => slack.faults.sockets.count() === 2, 30_000);
    const task = driver.say(channel, driver.ben, `${driver.mention} run the tests`);
    await driver.waitFor('the report', () => driver.thread(task).length === 3, 60_000);
    const asked: (typeof task)[] = [];
    for (let round = 0; round < kills; round += 1) {
      const first = driver.say(channel, driver.ben, `${driver.mention} help`);
      asked.push(first, driver.say(channel, driver.ben, `${driver.mention} help`));
      await driver.waitFor('an answer', () => driver.thread(first).length > 0, 30_000);
      await end(child, 'SIGKILL');
      asked.push(driver.say(channel, driver.ben, `${driver.mention} help`));
      child = await start(tokens);
    }
    await driver.waitFor('every answer', () => asked.every((message) => driver.thread(message).length > 0), 60_000);
    expect(asked.map((message) => driver.thread(message).length)).toEqual(asked.map(() => 1));
    expect(driver.thread(task)).toHaveLength(3);
    await end(child, 'SIGINT');
    await slack.stop();
  },
  patienceMs,
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
  const database = await testDatabase();
  const slack = await startSlackServer({ patience: 1000, retries: Array.from({ length: 100 }, () => 500) });
  const { driver } = slack;
  const env = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.url,
    DATABASE_URL: database.url,
  };
  const connected = () => driver.waitFor('the connections', () => slack.faults.sockets.count() === 2, 30_000);
  let child = await start(env);
  const asked: Message[] = [];
  for (const [, point] of points) {
    await connected();
    const hold = await holdAt(database.url, point);
    const message = driver.say(driver.channel('general'), driver.ben, `${driver.mention} help`);
    asked.push(message);
    await hold.reached();
    await end(child, 'SIGKILL');
    await hold.release();
    child = await start(env);
    await driver.waitFor('the answer', () => driver.thread(message).length > 0, 60_000);
  }
  await driver.settled();
  expect(asked.map((message) => driver.thread(message).length)).toEqual(asked.map(() => 1));
  expect(slack.events.filter(({ state }) => state !== 'acknowledged')).toEqual([]);
  await end(child, 'SIGINT');
  await slack.stop();
  await database.drop();
});
