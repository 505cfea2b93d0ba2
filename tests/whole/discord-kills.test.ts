import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { type DiscordServer, startDiscordServer } from '#tests/discord-server/server.ts';
import type { Message } from '#tests/discord-server/state/message.ts';
import { customIdOf } from '#tests/scenarios/discord.ts';
import { lateClock, type ManualClock } from '#tests/slack-server/clock.ts';
import { complaintsOf, readyAddress, spawnCommander } from './process.ts';
import { killProcess } from './worker-process.ts';

/** How often the process is killed. */
const kills = Number(process.env.COMMANDER_KILLS ?? 20);
const seed = Number(process.env.COMMANDER_SEED ?? 20);

/** Between two words and the death of the process, in milliseconds: from the row that is not yet there to the report. */
const moments = fc.sample(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 1200 })), {
  numRuns: kills,
  seed,
});

/**
 * What is asked has three cards in the end: how it was understood, its status, its report. A run that was killed three times before
 * it came further is given up.
 */
const cards: readonly RegExp[] = [
  /\*\*Understood\*\*/,
  /\*\*(Completed\*\*|Failed\*\*\nIt broke off 3 times)/,
  /\*\*(Completed: report\*\*|Failed: report\*\*.*\nIt failed: It broke off 3 times)/,
];

/** Frames that discord.js trips over: the process goes on. */
const broken = [
  '{',
  '[]',
  '{"op":10}',
  '{"op":9}',
  '{"op":99,"d":{}}',
  '{"op":0,"t":"READY","s":1}',
  '{"op":0,"t":"MESSAGE_CREATE"}',
];

/** What Discord's clock is behind ours: what is said has been said so long ago when it is heard, as if the process had been away so long. */
const awayMs = 90_000;

let clock: ManualClock;
let server: DiscordServer;
let database: TestDatabase;
let folder: string;
const children: ChildProcess[] = [];
/** What each of them complained of. */
const complaints: (() => string)[] = [];

beforeEach(async () => {
  clock = lateClock(awayMs);
  server = await startDiscordServer({ clock });
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'commander-kills-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) await killProcess(child);
  await server.stop();
  await rm(folder, { recursive: true, force: true });
  await database.drop();
});

/** The real process, as `npm start` starts it, with its worker. */
async function start(home = 'home'): Promise<ChildProcess> {
  const settings = {
    DATABASE_URL: database.url,
    DISCORD_TOKEN: server.token,
    DISCORD_GUILD: server.world.guild.id,
    DISCORD_API_URL: server.api,
  };
  const started = spawnCommander({ home: join(folder, home), folder, settings });
  children.push(started);
  complaints.push(complaintsOf(started));
  await readyAddress(started);
  return started;
}

async function connected(count: number): Promise<void> {
  await server.driver.waitFor('the session', () => server.logins.length === count, 60_000);
}

/** A session that was never stored can not be resumed: what was said to it is looked for (adapters/discord/gateway.test.ts). */
async function sessionStored(): Promise<void> {
  await expect.poll(() => rows("select from commander.adapter_store where key = 'session'")).toHaveLength(1);
}

async function rows<Row extends object>(query: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const found = await client.query<Row>(query);
  await client.end();
  return found.rows;
}

/** Waits for so many threads that show all cards. */
async function reports(count: number): Promise<void> {
  const { driver } = server;
  const all = () => driver.threads().length >= count && unfinished().length === 0;
  await driver.waitFor('every report', all, 120_000).catch(async (error: Error) => {
    throw new Error(`${error.message}: ${driver.threads().length} threads of ${count}\n${await story()}`);
  });
}

/** What came of all that was said, for whoever looks for what is missing. */
async function story(): Promise<string> {
  const logins = server.logins.map(({ kind }) => kind).join(' ');
  const taken = [...(await tasksOf())].map(([id, tasks]) => `${id}: ${tasks}`).join(', ');
  const said = complaints.map((each, index) => `process ${index}: ${each().slice(-2000)}`);
  return [`${logins}; tasks by message ${taken}`, JSON.stringify(unfinished()), ...said].join('\n');
}

/** What the threads show that do not show each card once, and nothing else. */
function unfinished(): readonly (readonly string[])[] {
  const { driver } = server;
  const shown = driver
    .threads()
    .map(({ id }) => driver.messages(id).map((message) => driver.text(message).slice(0, 200)));
  const showsAll = (texts: readonly string[]) =>
    texts.length === cards.length && cards.every((card) => texts.some((text) => card.test(text)));
  return shown.filter((texts) => !showsAll(texts));
}

/** Tasks for each message that was taken, by the message's id. */
async function tasksOf(): Promise<ReadonlyMap<string, number>> {
  const counted = await rows<{ id: string; tasks: string }>(
    'select external_id as id, count(tasks.id) as tasks from commander.inbox left join commander.tasks on inbox_id = inbox.id group by 1',
  );
  return new Map(counted.map(({ id, tasks }) => [id, Number(tasks)]));
}

it(
  'every mention and every command that was acknowledged is one task, one thread and one report, whatever Discord sends and whenever the process is killed',
  async () => {
    clock.advance(awayMs);
    const { driver } = server;
    const channel = driver.channel('general');
    const mentioned: string[] = [];
    const acknowledged: string[] = [];
    const mention = () => mentioned.push(driver.mention(channel, driver.ben, 'run the tests').id);
    const command = () =>
      driver.slash('task', { request: 'run the tests' }, { user: driver.ben, channel }).then((answered) => {
        if (answered.acknowledged) acknowledged.push(answered.interaction.id);
      });
    let process = await start();
    await connected(1);
    await sessionStored();
    for (const frame of broken) server.faults.gateway.raw(frame);
    for (const [round, moment] of moments.entries()) {
      mention();
      const answered = command();
      await pause(moment);
      await killProcess(process);
      mention();
      await answered;
      process = await start();
      await connected(round + 2);
    }
    await command();
    expect(acknowledged.length).toBeGreaterThan(0);
    await reports(mentioned.length + acknowledged.length).catch((error: Error) => {
      throw new Error(`${error.message}\nmentioned ${mentioned}; acknowledged ${acknowledged}`);
    });
    // What is done twice would be so by the time that the next process has done something new.
    await killProcess(process);
    await start();
    await connected(kills + 2);
    // One that was not acknowledged may be a task all the same, and only one.
    const made = await tasksOf();
    mention();
    await reports(made.size + 1);
    const all = await tasksOf();
    expect([...all.keys()]).toEqual(expect.arrayContaining([...mentioned, ...acknowledged]));
    expect([...all.values()]).toEqual([...all].map(() => 1));
    // A mention's thread has its id, a command's that of a message of ours in the channel.
    const roots = driver.messages(channel).filter(({ author }) => author.bot);
    const threads = driver.threads().map(({ id }) => id);
    expect(threads).toHaveLength(all.size);
    expect(threads.toSorted()).toEqual([...mentioned, ...roots.map(({ id }) => id)].toSorted());
    expect(server.logins.map(({ kind }) => kind)).toEqual(['identify', ...moments.map(() => 'resume'), 'resume']);
    expect(server.contract.violations).toEqual([]);
  },
  // Longer than what is awaited in it, so that it is said what was missing.
  300_000 + kills * 30_000,
);

it('a second process with the same token waits and says so, and takes over the session when the first one dies: it tells the task’s thread once what it missed, and does once what was pressed in the last moment', async () => {
  const { driver } = server;
  const first = await start();
  await connected(1);
  await start('second');
  await expect.poll(() => complaints.at(-1)?.()).toContain('This one waits');
  await driver.slash('task', { request: 'release 1.2.0' }, { user: driver.anna, channel: driver.channel('general') });
  const said = () => driver.threads().flatMap(({ id }) => driver.messages(id).filter(({ author }) => author.bot));
  const shows = (words: string) => said().filter((message) => textOf(message).includes(words));
  await driver.waitFor('the approval', () => shows('Approve').length > 0 && shows('Details').length > 0, 60_000);
  const [card] = shows('Details');
  const details = customIdOf(card?.components, 'Details') ?? '';
  expect(await driver.click(card as Message, details, { user: driver.anna })).toMatchObject({ acknowledged: true });
  await killProcess(first);
  const [thread] = driver.threads();
  for (const text of ['queue: run the tests', 'queue: run the tests again'])
    driver.mention(thread?.id ?? '', driver.anna, text);
  await driver.waitFor('the receipt', () => shows('2 messages came here').length > 0, 60_000);
  expect(shows('was away').map(textOf)).toEqual([expect.stringMatching(/Back again.*waiting for approval/s)]);
  await driver.waitFor('the details', () => shows('**Log**').length > 0, 30_000);
  expect(server.logins.map(({ kind }) => kind)).toEqual(['identify', 'resume']);
  expect([...(await tasksOf()).keys()].filter((id) => id.startsWith('pressed'))).toHaveLength(1);
});

/** All that a message shows. */
function textOf({ content, components }: Message): string {
  return `${content} ${JSON.stringify(components)}`;
}
