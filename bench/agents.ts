import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import type { AgentSpec } from '#core/agents/settings.ts';
import { startEmbeddedServer } from '#db/embedded/server.ts';
import type { Script, Step } from '#tests/stub-agent/script.ts';
import { stubAgent } from '#tests/stub-agent/stub-agent.ts';
import { startCommander } from '#tests/whole/commander.ts';
import { judge, quantile } from './figures.ts';

// Ten agents at once on one worker: memory and event loop of our side, how soon what an agent does is shown, and whether one that
// floods us keeps another one's approval waiting. The goals: 100 ms more for the approval.
const many = 10;
const ticks = { count: 20, everyMs: 500 };
const repetitions = 5;
/** One that lasts for as long as the approvals take: about 50,000 updates a second on two cores. */
const flood = 1_500_000;

const folder = await mkdtemp(join(tmpdir(), 'commander-bench-'));
const data = join('/var/tmp', `commander-bench-${process.pid}`);
const server = await startEmbeddedServer({ dataDirectory: data });

const asks: Step = {
  ask: { id: 'a', title: 'Ask', kind: 'execute', rawInput: { command: 'npm publish' }, allowed: [{ stamp: 'heard' }] },
};
const agents = await Promise.all([
  agent('waiter', [[{ waitForCancel: true }]]),
  agent('ticker', [[{ tick: ticks }]]),
  agent('flooder', [[{ tick: { count: 1, everyMs: 0 } }, { flood }]]),
  agent('asker', [[asks]]),
]);
const commander = await startCommander({
  database: { url: server.url, drop: async () => {} },
  slots: many + 4,
  agents,
});

const loop = monitorEventLoopDelay({ resolution: 5 });
await commander.card(await commander.say('@commander run the tests'), reported);
const before = process.memoryUsage().rss;
loop.enable();
const waiting = await Promise.all(
  Array.from({ length: many }, (_, n) => commander.say(`@commander wait ${n} with waiter`)),
);
for (const thread of waiting) await commander.card(thread, shows('Starting'));
await pause(3_000);
const each = (process.memoryUsage().rss - before) / many / 1024 / 1024;

const shown: number[] = [];
const tickers = await Promise.all(
  Array.from({ length: 3 }, (_, n) => commander.say(`@commander tick ${n} with ticker`)),
);
await Promise.all(tickers.map(watchTicks));
const calm = await heardAfter();
const flooding = await commander.say('@commander flood with flooder');
await commander.card(flooding, shows('tick'));
const flooded = await heardAfter();
loop.disable();

process.stdout.write(
  [
    `| ${many} agents at once | p50 | p99 or most |`,
    '| --- | --- | --- |',
    `| memory of our side for each, MB | ${each.toFixed(1)} | |`,
    `| delay of the event loop, ms | ${(loop.percentile(50) / 1e6).toFixed(1)} | ${(loop.percentile(99) / 1e6).toFixed(1)} |`,
    `| an agent acts → its thread shows it, ms | ${quantile(shown, 0.5).toFixed(0)} | ${quantile(shown, 0.99).toFixed(0)} |`,
    `| approved → the agent goes on, ms | ${quantile(calm, 0.5).toFixed(0)} | ${Math.max(...calm).toFixed(0)} |`,
    `| the same while another agent floods, ms | ${quantile(flooded, 0.5).toFixed(0)} | ${Math.max(...flooded).toFixed(0)} |`,
    '',
    '',
  ].join('\n'),
);
const more = Math.max(...flooded) - quantile(calm, 0.5);
judge([
  { what: 'approved → the agent goes on, the most more while another one floods', found: more, most: 100, unit: 'ms' },
]);
for (const thread of [...waiting, flooding]) await commander.reply(thread, 'cancel');
await commander.stop();
await server.stop();
await rm(folder, { recursive: true, force: true });
await rm(data, { recursive: true, force: true });
process.exit();

async function agent(id: string, script: Script): Promise<AgentSpec> {
  const place = join(folder, id);
  await mkdir(place, { recursive: true });
  return { ...stubAgent(place, script), id, name: id };
}

function reported(card: { readonly key: string }): boolean {
  return card.key.startsWith('report');
}

function shows(words: string) {
  return (card: { readonly key: string; readonly blocks: readonly object[] }) =>
    card.key.startsWith('status') && JSON.stringify(card.blocks).includes(words);
}

/** Notes how old each shown tick is when it is first seen. */
async function watchTicks(thread: string): Promise<void> {
  const seen = new Set<string>();
  await commander.threadThat(thread, (messages) => {
    const words = JSON.stringify(messages.map(({ card }) => card?.blocks ?? []));
    for (const [, at = ''] of words.matchAll(/tick (\d{13})/g)) {
      if (!seen.has(at)) shown.push(Date.now() - Number(at));
      seen.add(at);
    }
    return messages.some(({ card }) => card !== undefined && reported(card));
  });
}

/** From the press of Approve to the moment at which the agent has heard it. */
async function heardAfter(): Promise<readonly number[]> {
  const times: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const thread = await commander.say('@commander ask with asker');
    await commander.card(thread, ({ key }) => key.startsWith('approval'));
    const start = Date.now();
    await commander.press(thread, 'Approve', 'bo');
    await commander.card(thread, reported);
    const { number } = await commander.db.kysely
      .selectFrom('tasks')
      .select('number')
      .orderBy('number', 'desc')
      .executeTakeFirstOrThrow();
    const project = await commander.db.kysely.selectFrom('projects').select('id').executeTakeFirstOrThrow();
    times.push(Number(await heardAt(number, project.id)) - start);
  }
  return times;
}

/** The agent's stamp is a file of its work, in the task's branch. */
async function heardAt(number: number, projectId: string): Promise<string> {
  const directory = join(commander.home, 'repositories', `${projectId}.git`);
  const refs = await execa('git', [
    `--git-dir=${directory}`,
    'for-each-ref',
    '--format=%(refname)',
    `refs/heads/commander/${number}-*`,
  ]);
  return (await execa('git', [`--git-dir=${directory}`, 'show', `${refs.stdout.split('\n')[0]}:heard`])).stdout;
}
