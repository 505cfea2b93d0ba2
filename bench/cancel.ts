import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startEmbeddedServer } from '#db/embedded/server.ts';
import { addProject } from '#db/projects/projects.ts';
import { startCommander } from '#tests/whole/commander.ts';
import { makeFolder } from '#tests/whole/projects.ts';
import { judge, quantile } from './figures.ts';

// How soon a cancelled step hears of it, and how soon nothing of it is left. The goals are 100 ms and 6 s.
const repetitions = 5;

/** Between two looks at what is left, in milliseconds. */
const lookMs = 5;

/** Notes when it is asked to end, and goes on; its children ignore the request, one of them in a session of its own. */
const stubborn = [
  'trap \'date +%s%N > "$COMMANDER_OUTPUTS/asked"\' TERM',
  '(trap "" TERM; sleep 600; sleep 600) &',
  'setsid sh -c \'trap "" TERM; sleep 600; sleep 600\' &',
  'echo begun',
  'while :; do sleep 0.01 || :; done',
].join('\n');

const folder = await mkdtemp(join(tmpdir(), 'commander-bench-'));
const data = join('/var/tmp', `commander-bench-${process.pid}`);
const server = await startEmbeddedServer({ dataDirectory: data });
const commander = await startCommander({ database: { url: server.url, drop: async () => {} } });
const place = await makeFolder(join(folder, 'bench'), {
  'commander.yaml': `runbooks: { stubborn: { summary: Ignores, steps: [${JSON.stringify({ name: 'Ignore', run: stubborn, approve: false, reversible: true })}] } }\n`,
});
await addProject(commander.db, { name: 'bench', kind: 'folder', location: place });

const asked: number[] = [];
const gone: number[] = [];
for (let repetition = 0; repetition < repetitions; repetition += 1) {
  const thread = await commander.say('@commander stubborn in bench');
  await commander.card(
    thread,
    ({ key, blocks }) => key.startsWith('status') && JSON.stringify(blocks).includes('begun'),
  );
  const { id } = await commander.db.kysely
    .selectFrom('runs')
    .select('id')
    .where('status', '=', 'running')
    .executeTakeFirstOrThrow();
  const start = Date.now();
  await commander.reply(thread, 'cancel');
  for (let at: number | undefined; at === undefined; await pause(lookMs)) {
    at = await askedAt();
    if (at !== undefined) asked.push(at - start);
  }
  while ((await left(id)) > 0) await pause(lookMs);
  gone.push(Date.now() - start);
  await commander.card(thread, ({ key, tone }) => key.startsWith('status') && tone !== 'progress');
}
process.stdout.write(
  [
    '| cancelled by a word in the thread | p50 | most |',
    '| --- | --- | --- |',
    `| first signal, ms | ${quantile(asked, 0.5).toFixed(0)} | ${Math.max(...asked).toFixed(0)} |`,
    `| nothing left, what ignores it and a session of its own included, ms | ${quantile(gone, 0.5).toFixed(0)} | ${Math.max(...gone).toFixed(0)} |`,
    '',
    '',
  ].join('\n'),
);
judge([
  { what: 'first signal, most', found: Math.max(...asked), most: 100, unit: 'ms' },
  { what: 'nothing left, most', found: Math.max(...gone), most: 6000, unit: 'ms' },
]);
await commander.stop();
await server.stop();
await rm(folder, { recursive: true, force: true });
await rm(data, { recursive: true, force: true });
process.exit();

/** When the step noted that it was asked to end, in milliseconds of the clock. */
async function askedAt(): Promise<number | undefined> {
  const names = await readdir(commander.home, { recursive: true });
  const note = names.find((name) => name.endsWith('/outputs/asked'));
  const text = note === undefined ? '' : await readFile(join(commander.home, note), 'utf8').catch(() => '');
  return text.trim() === '' ? undefined : Number(text) / 1e6;
}

/** Processes that were started for a run. */
async function left(runId: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')));
  return found.filter((environment) => environment.includes(`COMMANDER_RUN=${runId}`)).length;
}
