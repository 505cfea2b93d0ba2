import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { belonging, readyAddress, spawnCommander } from '#tests/whole/process.ts';
import { judge } from './figures.ts';

// What an idle Commander holds of the memory. The goal: bot and worker together under 250 MB, without the database.

/** Waited after the first start, in milliseconds: until all that starting needed is cleared away. */
const restMs = 25_000;

const programs = { bot: 'bot/main.ts', worker: 'workers/main.ts' } as const;

const folder = await mkdtemp('/var/tmp/commander-memory-');
await chmod(folder, 0o711);
const home = join(folder, 'home');
await mkdir(home);
const commander = spawnCommander({ home, folder });
await readyAddress(commander);
await pause(restMs);
const there = await belonging(home);
const rows: [name: string, ...Memory][] = [];
for (const [name, program] of Object.entries(programs)) {
  const found = there.find(({ command }) => command.includes(program));
  if (found !== undefined) rows.push([name, ...(await memoryOf(found.pid))]);
}
const together = sum(rows.map(([, share]) => share));
rows.push(['together', together, sum(rows.map(([, , own]) => own))]);
process.stdout.write(
  [
    '| idle, MB | its share (PSS) | its own (not shared with any process) |',
    '| --- | --- | --- |',
    ...rows.map(([name, share, own]) => `| ${name} | ${share.toFixed(0)} | ${own.toFixed(0)} |`),
    '',
    '',
  ].join('\n'),
);
judge([{ what: 'bot and worker together', found: together, below: 250, unit: 'MB' }]);
const exit = once(commander, 'exit');
commander.kill('SIGINT');
await exit;
await rm(folder, { recursive: true, force: true });

type Memory = readonly [share: number, own: number];

/** In MB. What several processes map, such as the program of node, counts for each with its share: less beside other programs of node. */
async function memoryOf(pid: number): Promise<Memory> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name: string) => (Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1]) * 1024) / 1e6;
  return [megabytes('Pss'), megabytes('Private_Clean') + megabytes('Private_Dirty')];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
