import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type DiscordServer, startDiscordServer } from '#tests/discord-server/server.ts';
import { type Clock, realClock } from '#tests/slack-server/clock.ts';
import { judge, quantile, timed } from './figures.ts';
import { endAll, openBenchPlace, startWholeCommander } from './whole-commander.ts';

// How soon Discord is answered: a command is sent to the bot, which stores it and answers. Three bots in processes of their own, in
// turns: bare discord.js, discord.js that inserts one row first, and Commander as `npm start` starts it. Goals: at most four times
// the bare one with one command at a time; p99 below 100 ms with 50 at once; with all slots busy p99 below 500 ms and none over 2 s.
const warm = 20;
const rounds = 3;
const alone = 100;

/** Commands one right after the other: long enough that what follows from the first ones is done meanwhile. */
const inTurn = { commands: 200, atOnce: 1 };
/** All at the same time; so many of these a round. The very first one also pays for what is loaded at first use. */
const together = { commands: 50, atOnce: 50 };
const bursts = 3;
const typed = 50;
const loaded = { commands: Number(process.env.BENCH_COMMANDS ?? 2000), atOnce: 10 };

/** After an answer, until nothing is under way, in milliseconds. */
const restMs = 100;

/** Between two looks whether all is answered, in milliseconds. */
const lookMs = 5;

// Requests and answers are judged in the tests; here the judge would be a part of what is measured.
process.env.DISCORD_OPENAPI = '/dev/null/nothing';

const place = await openBenchPlace();
const children: ChildProcess[] = [];

/** Finer than a millisecond. */
const clock: Clock = { ...realClock, now: () => performance.timeOrigin + performance.now() };

interface Measured {
  readonly name: string;
  readonly server: DiscordServer;
  /** One at a time, when nothing of the one before is under way any more; and right after its answer. */
  readonly alone: number[];
  readonly inTurn: number[];
  /** Of Commander: from a command that came alone to its answer in a thread of its own. */
  readonly shown: number[];
  /** The first burst after the start, and all later ones. */
  readonly first: number[];
  readonly together: number[];
}

async function bot(name: string, start: (server: DiscordServer) => Promise<unknown>): Promise<Measured> {
  // Each command opens a thread, and a server has room for a thousand.
  const settings = { activeThreads: Number.POSITIVE_INFINITY };
  const server = await startDiscordServer({ limits: 'none', clock, settings });
  await start(server);
  return { name, server, alone: [], inTurn: [], shown: [], first: [], together: [] };
}

/** Milliseconds from the event to the answer's arrival; `Infinity` when there was none within Discord's 3 s. */
async function command({ driver }: DiscordServer): Promise<number> {
  const { interaction } = await driver.slash('help', {}, { user: driver.ben });
  return (interaction.acknowledgedAt ?? Number.POSITIVE_INFINITY) - interaction.createdAt;
}

async function measure(server: DiscordServer, { commands, atOnce }: typeof together): Promise<number[]> {
  const times: number[] = [];
  let left = commands;
  const one = async () => {
    while (left-- > 0) times.push(await command(server));
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return times;
}

async function measureBursts(each: Measured): Promise<void> {
  for (let count = 0; count < bursts; count += 1) {
    const times = await measure(each.server, together);
    (each.first.length === 0 ? each.first : each.together).push(...times);
    if (each === ours) await settled(ours);
    await pause(restMs);
  }
}

/** Nothing is under way any more: every command has its message in the channel and the answer in its thread. */
async function settled({ server }: Measured): Promise<void> {
  const { calls, driver } = server;
  const expected = 2 * driver.interactions().length;
  while (calls.of('POST /channels/{channel_id}/messages').length < expected) await pause(lookMs);
}

async function measureAlone(each: Measured): Promise<void> {
  for (let count = 0; count < alone; count += 1) {
    const begun = performance.now();
    each.alone.push(await command(each.server));
    if (each === ours) {
      await settled(ours);
      ours.shown.push(performance.now() - begun);
    }
    // What Commander writes down after its answer has come; the others rest as long.
    await pause(restMs);
  }
}

async function floor(server: DiscordServer, env: NodeJS.ProcessEnv): Promise<void> {
  const all = { PATH: process.env.PATH, DISCORD_TOKEN: server.token, DISCORD_API_URL: server.api, ...env };
  const child = fork(fileURLToPath(new URL('./discord-floor.ts', import.meta.url)), { env: all });
  children.push(child);
  await once(child, 'message');
}

async function commander(server: DiscordServer): Promise<void> {
  const burn = { name: 'Burn', run: 'while :; do :; done', approve: false, reversible: true };
  const env = { DISCORD_TOKEN: server.token, DISCORD_GUILD: server.world.guild.id, DISCORD_API_URL: server.api };
  children.push(await startWholeCommander({ place, runbooks: { burn: { summary: 'Burns', steps: [burn] } }, env }));
  await server.driver.waitFor('the session', () => server.logins.length > 0, 60_000);
}

const bots = [
  await bot('bare discord.js', (server) => floor(server, {})),
  await bot('discord.js, one insert', (server) => floor(server, { DATABASE_URL: place.databaseUrl })),
  await bot('Commander', commander),
];
const [bare, , ours] = bots;
if (bare === undefined || ours === undefined) throw new Error('there are three bots');

for (const each of bots) await measure(each.server, { commands: warm, atOnce: 1 });
await settled(ours);
for (let round = 0; round < rounds; round += 1) {
  for (const each of bots) await measureAlone(each);
  for (const each of bots) each.inTurn.push(...(await measure(each.server, inTurn)));
  await settled(ours);
  await pause(restMs);
  for (const each of bots) await measureBursts(each);
}

const { driver } = ours.server;
/** A menu is filled anew with each letter; the goal is 200 ms. */
const menus: number[] = [];
for (let count = 0; count < typed; count += 1) {
  menus.push(await timed(() => driver.autocomplete('task', { request: 'burn'.slice(0, count % 5) })));
  menus.push(await timed(() => driver.autocomplete('status', { task: String(count % 10) })));
}
const slots = Math.max(4, cpus().length);
for (let count = 0; count < slots; count += 1) {
  const { id } = driver.mention(driver.channel('general'), driver.anna, 'burn in bench');
  await driver.waitFor(
    'the burning',
    () => JSON.stringify(driver.messages(id)[1]?.components ?? '').includes('Burn'),
    60_000,
  );
}
const burdened = await measure(ours.server, loaded);

const show = (times: readonly number[], share: number) => quantile(times, share).toFixed(2);
const ratio = (times: readonly number[], floor: readonly number[]) => quantile(times, 0.5) / quantile(floor, 0.5);
process.stdout.write(
  [
    `| acknowledged, ms p50 / p99 | 1 at a time | times bare | one right after the other | times bare | ${together.atOnce} at once | the first time |`,
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...bots.map(
      (each) =>
        `| ${each.name} | ${show(each.alone, 0.5)} / ${show(each.alone, 0.99)} | ${ratio(each.alone, bare.alone).toFixed(1)} | ${show(each.inTurn, 0.5)} / ${show(each.inTurn, 0.99)} | ${ratio(each.inTurn, bare.inTurn).toFixed(1)} | ${show(each.together, 0.5)} / ${show(each.together, 0.99)} | ${show(each.first, 0.5)} / ${show(each.first, 0.99)} |`,
    ),
    `| Commander, the answer in its thread | ${show(ours.shown, 0.5)} / ${show(ours.shown, 0.99)} | | | | | |`,
    `| Commander, a menu while typing | ${show(menus, 0.5)} / ${show(menus, 0.99)} | | | | | |`,
    '',
    `The first ${together.atOnce} at once after the start, which also wait for what is loaded at first use: p99 ${show(ours.first, 0.99)} ms`,
    `All ${slots} slots at 100 % CPU, ${loaded.atOnce} at once, ${loaded.commands} commands: p50 ${show(burdened, 0.5)}, p99 ${show(burdened, 0.99)}, most ${Math.max(...burdened).toFixed(0)} ms`,
    '',
    '',
  ].join('\n'),
);
const bareTimes = 'times bare discord.js';
judge([
  { what: '1 at a time, p50', found: ratio(ours.alone, bare.alone), most: 4, unit: bareTimes },
  { what: '1 right after the other, p50', found: ratio(ours.inTurn, bare.inTurn), most: 4, unit: bareTimes },
  { what: `${together.atOnce} at once, p99`, found: quantile(ours.together, 0.99), below: 100, unit: 'ms' },
  { what: 'all slots at 100 % CPU, p99', found: quantile(burdened, 0.99), below: 500, unit: 'ms' },
  { what: 'the latest of these', found: Math.max(...burdened), most: 2000, unit: 'ms' },
  { what: 'a menu while typing, p99', found: quantile(menus, 0.99), below: 200, unit: 'ms' },
]);
await endAll(children);
for (const { server } of bots) await server.stop();
await place.remove();
process.exit();
