import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { makeRepository } from './projects.ts';
import { killProcess, startWorkerProcess } from './worker-process.ts';

let commander: TestCommander;
let database: TestDatabase;
let worker: ChildProcess;

/** Of what floods; a gigabyte, by COMMANDER_FLOOD_MB=1000, costs no more memory and much more time. */
const floodBytes = Number(process.env.COMMANDER_FLOOD_MB ?? 300) * 1_000_000;

const step = (script: string) => `{ name: Write, run: ${JSON.stringify(script)}, approve: false, reversible: true }`;

beforeAll(async () => {
  database = await testDatabase();
  commander = await startCommander({ database, worker: 'elsewhere' });
  worker = await startWorkerProcess({ home: commander.home, databaseUrl: database.url });
  const folder = await makeRepository(join(commander.folder, 'loud'), {
    'commander.yaml': `runbooks:
  quiet: { summary: Says little, steps: [${step('echo fine')}] }
  flood: { summary: Says very much, steps: [${step(`yes ${'x'.repeat(1000)} | head -c ${floodBytes}`)}] }
  garbage: { summary: Says what is no text, steps: [${step('head -c 3000000 /dev/urandom; printf "\\n\\033[31m<@U1> @everyone\\033[0m\\033]0;title\\007 <b>x</b>\\n"; sleep 1.2')}] }
  long: { summary: Says it in one line, steps: [${step('head -c 10485760 /dev/zero | tr "\\\\0" "y"; echo; sleep 1.2')}] }
`,
  });
  const added = await commander.say(`@commander add project ${folder}`);
  await commander.card(added, ({ title }) => plainOf(title).includes('is a project now'));
});

afterAll(async () => {
  if (worker !== undefined) await killProcess(worker);
  await commander?.stop();
});

async function completed(text: string): Promise<string> {
  const thread = await commander.say(`@commander ${text} in loud`);
  const report = await commander.card(thread, ({ key }) => key.startsWith('report'));
  expect(plainOf(report.title)).toContain('Completed');
  return thread;
}

/** Bytes of a line of /proc/<pid>/status. */
async function memory(line: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${worker.pid}/status`, 'utf8');
  return Number(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
}

/** The log of the step of the newest task. */
async function newestLog(): Promise<string> {
  const root = join(commander.home, 'logs');
  const files = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.log'));
  const times = await Promise.all(files.map(async (name) => ({ name, at: (await stat(join(root, name))).mtimeMs })));
  return join(root, times.sort((a, b) => b.at - a.at)[0]?.name ?? '');
}

describe('output of a step', () => {
  it.runIf(process.platform === 'linux')(
    'of hundreds of megabytes costs little memory, and the log is capped and says so',
    async () => {
      await completed('quiet');
      const idle = await memory('VmRSS');
      await completed('flood');
      // Measured: 72 MB at the highest point, most of it chunks of output that wait for the collector.
      expect((await memory('VmHWM')) - idle).toBeLessThan(100 * 1024 * 1024);
      const log = await newestLog();
      expect((await stat(log)).size).toBeLessThanOrEqual(10 * 1024 * 1024);
      expect(await readFile(log, 'utf8')).toMatch(/\[[\d.]+ (MB|GB) left out here: a log holds 10 MB\]/);
    },
  );

  it.each(['garbage', 'long'])('of %s is harmless in the thread', async (name) => {
    const thread = await completed(name);
    const cards = (await commander.thread(thread)).flatMap(({ card }) => card ?? []);
    expect(cards.every(isHarmless)).toBe(true);
    expect(JSON.stringify(cards).length).toBeLessThan(50_000);
  });
});

/** No control character, no half of one, nothing longer than a line. */
function isHarmless(card: Card): boolean {
  const text = JSON.stringify(card);
  return (
    text.isWellFormed() &&
    !/\\u00[01][0-9a-f]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text.replaceAll('\\n', ''))
  );
}
