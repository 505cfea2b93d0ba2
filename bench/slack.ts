import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { pino } from 'pino';
import { openDatabase } from '#db/database.ts';
import { type SlackServer, startSlackServer } from '#tests/slack-server/server.ts';
import { judge, quantile } from './figures.ts';
import { endAll, openBenchPlace, startWholeCommander } from './whole-commander.ts';

// How soon Slack is answered: a mention comes as two events, and both are acknowledged. Three bots in processes of their own, in
// turns: bare Bolt that echoes and stores nothing, Bolt that inserts one row before each acknowledgement, and Commander as
// `npm start` starts it. Goals: at most four times the bare echo with one mention at a time; with all slots at 100 % CPU and 50
// mentions in flight p99 below 250 ms and none over 1 s.
const warm = 5;
const rounds = 2;
const alone = 30;
const together = { mentions: 100, atOnce: 50 };
const loaded = { mentions: Number(process.env.BENCH_MENTIONS ?? 300), atOnce: 50 };

/** Mentions of a round that are followed up to their first post. */
const followed = 8;

/** Channels in which things are said in turn. */
const channelCount = 100;

/** Between two looks whether all is handled, in milliseconds. */
const lookMs = 5;

const place = await openBenchPlace();
const db = await openDatabase({
  url: place.databaseUrl,
  application: 'bench',
  role: 'bot',
  log: pino({ level: 'silent' }),
});
const children: ChildProcess[] = [];

/** Milliseconds of one mention: until both its events were acknowledged, and until the first post stood in its thread. */
interface Times {
  readonly acknowledged: number;
  readonly posted: number;
}

interface Measured {
  readonly name: string;
  readonly slack: SlackServer;
  readonly alone: Times[];
  readonly together: Times[];
}

async function bot(name: string, start: (slack: SlackServer) => Promise<unknown>): Promise<Measured> {
  const slack = await startSlackServer({ limits: 'none' });
  await start(slack);
  for (let channel = 0; channel < channelCount; channel += 1) slack.driver.addChannel(`bench${channel}`);
  return { name, slack, alone: [], together: [] };
}

let said = 0;

/** Says something in one of many channels, for in each Commander posts once a second only. */
async function mention({ driver, events }: SlackServer, wait: 'acknowledged' | 'posted'): Promise<Times> {
  said += 1;
  const channel = driver.channel(`bench${said % channelCount}`);
  const before = events.length;
  const start = performance.now();
  const message = driver.say(channel, driver.ben, `${driver.mention} help`);
  const sent = events.slice(before, before + 2);
  await driver.waitFor('the acknowledgement', () => sent.every(({ state }) => state === 'acknowledged'), 60_000);
  const acknowledged = Math.max(...sent.map(({ attempts }) => attempts[0]?.took ?? Number.POSITIVE_INFINITY));
  if (wait === 'acknowledged') return { acknowledged, posted: Number.NaN };
  await driver.waitFor('the post', () => driver.thread(message).length > 0, 60_000);
  return { acknowledged, posted: performance.now() - start };
}

/** One after another: the next when nothing is under way of the one before. Commander's posts keep Slack's pace, so few are timed. */
async function inTurn(each: Measured, count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    each.alone.push(await mention(each.slack, each !== ours || turn < followed ? 'posted' : 'acknowledged'));
    if (each === ours) await handled();
  }
}

/** Commander is done with what it heard: handled, answered and written down. */
async function handled(): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ open: string }>`
      select (select count(*) from inbox where handled_at is null or (reply is not null and replied_at is null))
        + (select count(*) from arrivals where understood_at is null) as open`.execute(db.kysely);
    if (rows[0]?.open === '0') return;
    await pause(lookMs);
  }
}

async function atOnce(slack: SlackServer, { mentions, atOnce: width }: typeof together): Promise<Times[]> {
  const times: Times[] = [];
  let left = mentions;
  const one = async () => {
    while (left-- > 0) times.push(await mention(slack, 'acknowledged'));
  };
  await Promise.all(Array.from({ length: width }, one));
  return times;
}

async function floor(slack: SlackServer, env: NodeJS.ProcessEnv): Promise<void> {
  const child = fork(fileURLToPath(new URL('./slack-floor.ts', import.meta.url)), {
    env: { ...tokens(slack), PATH: process.env.PATH, ...env },
  });
  children.push(child);
  await once(child, 'message');
}

function tokens(slack: SlackServer): NodeJS.ProcessEnv {
  return { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.url };
}

async function commander(slack: SlackServer): Promise<void> {
  const burn = { name: 'Burn', run: 'while :; do :; done', approve: false, reversible: true };
  const runbooks = { burn: { summary: 'Burns', steps: [burn] } };
  children.push(await startWholeCommander({ place, runbooks, env: tokens(slack) }));
  await slack.driver.waitFor('the connections', () => slack.faults.sockets.count() === 2, 60_000);
}

const bots = [
  await bot('bare Bolt', (slack) => floor(slack, {})),
  await bot('Bolt, one insert an event', (slack) => floor(slack, { DATABASE_URL: place.databaseUrl })),
  await bot('Commander', commander),
];
const [bare, , ours] = bots;
if (bare === undefined || ours === undefined) throw new Error('there are three bots');

for (const each of bots) await inTurn(each, warm);
for (const each of bots) each.alone.splice(0);
for (let round = 0; round < rounds; round += 1) {
  for (const each of bots) await inTurn(each, alone);
  for (const each of bots) each.together.push(...(await atOnce(each.slack, together)));
  await handled();
}

const { driver } = ours.slack;
const slots = Math.max(4, cpus().length);
for (let count = 0; count < slots; count += 1) {
  const message = driver.say(driver.channel('general'), driver.anna, `${driver.mention} burn in bench`);
  const burning = () => driver.thread(message).some(({ blocks }) => JSON.stringify(blocks).includes('Burn'));
  await driver.waitFor('the burning', burning, 60_000);
}
const burdened = await atOnce(ours.slack, loaded);
const sent = ours.slack.events.flatMap(({ attempts }) => attempts);

const acknowledged = (times: readonly Times[]) => times.map((each) => each.acknowledged);
const posted = (times: readonly Times[]) => times.map((each) => each.posted).filter((time) => !Number.isNaN(time));
const show = (times: readonly number[]) => `${quantile(times, 0.5).toFixed(2)} / ${quantile(times, 0.99).toFixed(2)}`;
const ratio = (times: readonly number[], to: readonly number[]) => quantile(times, 0.5) / quantile(to, 0.5);
process.stdout.write(
  [
    `| ms, p50 / p99 | both events acknowledged, 1 at a time | times bare Bolt’s acknowledgement | times its echo | ${together.atOnce} at once | first post, 1 at a time |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...bots.map(
      (each) =>
        `| ${each.name} | ${show(acknowledged(each.alone))} | ${ratio(acknowledged(each.alone), acknowledged(bare.alone)).toFixed(1)} | ${ratio(acknowledged(each.alone), posted(bare.alone)).toFixed(1)} | ${show(acknowledged(each.together))} | ${show(posted(each.alone))} |`,
    ),
    '',
    `All ${slots} slots at 100 % CPU, ${loaded.atOnce} at once, ${loaded.mentions} mentions: p50 / p99 ${show(acknowledged(burdened))}, most ${Math.max(...acknowledged(burdened)).toFixed(0)} ms; sent again: ${sent.filter(({ retry }) => retry > 0).length}`,
    '',
    '',
  ].join('\n'),
);
judge([
  {
    what: '1 at a time, p50',
    found: ratio(acknowledged(ours.alone), acknowledged(bare.alone)),
    most: 4,
    unit: 'times bare Bolt',
  },
  { what: 'all slots at 100 % CPU, p99', found: quantile(acknowledged(burdened), 0.99), below: 250, unit: 'ms' },
  { what: 'the latest of these', found: Math.max(...acknowledged(burdened)), most: 1000, unit: 'ms' },
]);
await endAll(children);
for (const { slack } of bots) await slack.stop();
await db.close();
await place.remove();
process.exit();
