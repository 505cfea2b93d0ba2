import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { belonging, problemOf, readyAddress, spawnCommander } from '#tests/whole/process.ts';
import { type Goal, judge, median, timed } from './figures.ts';

// How long a start takes, and what is left after an end. The goals: the first start under 8 s, a later one under 3 s, nothing left.
const repetitions = 5;

/** An ordinary user: the one that owns nothing on most systems. */
const nobody = 65534;

interface Who {
  readonly name: string;
  readonly as?: readonly string[];
}

const isRoot = process.getuid?.() === 0;
const ordinary = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
const everybody: readonly Who[] = isRoot
  ? [{ name: 'root' }, { name: 'ordinary user', as: ordinary }]
  : [{ name: 'ordinary user' }];

const goals: Goal[] = [];
const rows: string[] = [
  '| start, seconds (median, most) | first | later | after kill -9 of everything | Ctrl-C | left after Ctrl-C | second start says so |',
  '| --- | --- | --- | --- | --- | --- | --- |',
];
for (const who of everybody) rows.push(await measure(who));
process.stdout.write(`${rows.join('\n')}\n\n`);
judge(goals);

async function measure({ name, as }: Who): Promise<string> {
  const first: number[] = [];
  const later: number[] = [];
  const recovered: number[] = [];
  const ended: number[] = [];
  let left = 0;
  let refusal = '';
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const folder = await folderFor(as !== undefined);
    const home = join(folder, 'home');
    const begin = () => spawnCommander({ home, folder, as });
    const leave = async (child: ChildProcess) => {
      ended.push(await timed(() => stop(child)));
      left += (await belonging(home)).length;
    };
    const child = begin();
    first.push(await timed(() => readyAddress(child)));
    refusal = (await problemOf(begin())).said.trim();
    await leave(child);
    const again = begin();
    later.push(await timed(() => readyAddress(again)));
    await killAll(home);
    const after = begin();
    recovered.push(await timed(() => readyAddress(after)));
    await leave(after);
    await rm(folder, { recursive: true, force: true });
  }
  goals.push(
    { what: `${name}, first, most`, found: Math.max(...first) / 1000, below: 8, unit: 's' },
    { what: `${name}, later, most`, found: Math.max(...later, ...recovered) / 1000, below: 3, unit: 's' },
    { what: `${name}, left after Ctrl-C`, found: left, most: 0 },
  );
  const says = refusal.includes('is running already') ? 'yes' : `no: ${refusal}`;
  return `| ${name} | ${[first, later, recovered, ended].map(seconds).join(' | ')} | ${left} | ${says} |`;
}

/** On a disk, as a person's own folder is; open for the database's user to pass. */
async function folderFor(other: boolean): Promise<string> {
  const folder = await mkdtemp('/var/tmp/commander-start-');
  await mkdir(join(folder, 'home'));
  if (other) for (const each of [folder, join(folder, 'home')]) await chown(each, nobody, nobody);
  await chmod(folder, 0o711);
  return folder;
}

async function stop(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGINT');
  await exit;
}

/** As a power cut would: all at once, and again until nobody is there who was just being started. */
async function killAll(home: string): Promise<void> {
  for (;;) {
    const there = await belonging(home);
    if (there.length === 0) return;
    for (const { pid } of there) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended between the look and the kill.
      }
    }
    await pause(20);
  }
}

function seconds(values: readonly number[]): string {
  return [median(values), Math.max(...values)].map((each) => (each / 1000).toFixed(2)).join(', ');
}
