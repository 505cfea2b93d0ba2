import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startEmbeddedServer } from '#db/embedded/server.ts';
import { addProject } from '#db/projects/projects.ts';
import { startCommander } from '#tests/whole/commander.ts';
import { makeFolder } from '#tests/whole/projects.ts';
import { killProcess, startWorkerProcess } from '#tests/whole/worker-process.ts';
import { judge, quantile } from './figures.ts';

// How soon it is seen that a worker was killed in the middle of a step, and how soon another one has begun that step again. The
// goal is 2 s until it is seen.
const repetitions = 5;

/** Between two looks at what has happened, in milliseconds. */
const lookMs = 5;

const data = join('/var/tmp', `commander-bench-${process.pid}`);
const server = await startEmbeddedServer({ dataDirectory: data });
const commander = await startCommander({ database: { url: server.url, drop: async () => {} }, worker: 'elsewhere' });
const step = { name: 'Sleep', run: 'sleep 600', approve: false, reversible: true };
const place = await makeFolder(join(commander.folder, 'bench'), {
  'commander.yaml': `runbooks: { sleep: { summary: Sleeps, steps: [${JSON.stringify(step)}] } }\n`,
});
await addProject(commander.db, { name: 'bench', kind: 'folder', location: place });

const seen: number[] = [];
const again: number[] = [];
let worker = await startWorkerProcess({ home: commander.home, databaseUrl: server.url });
for (let repetition = 0; repetition < repetitions; repetition += 1) {
  const thread = await commander.say('@commander sleep in bench');
  await momentOf(thread, 'step.started', 1);
  const other = await startWorkerProcess({ home: commander.home, databaseUrl: server.url });
  const start = Date.now();
  await killProcess(worker);
  worker = other;
  seen.push((await momentOf(thread, 'run.interrupted', 1)) - start);
  again.push((await momentOf(thread, 'step.started', 2)) - start);
  await commander.press(thread, 'Cancel');
  await commander.card(thread, ({ key }) => key.startsWith('report'));
}
process.stdout.write(
  [
    '| a worker is killed (-9) in the middle of a step | p50 | most |',
    '| --- | --- | --- |',
    `| seen, and stored, ms | ${quantile(seen, 0.5).toFixed(0)} | ${Math.max(...seen).toFixed(0)} |`,
    `| another worker has begun the step again, ms | ${quantile(again, 0.5).toFixed(0)} | ${Math.max(...again).toFixed(0)} |`,
    '',
    '',
  ].join('\n'),
);
judge([{ what: 'seen, and stored, most', found: Math.max(...seen), most: 2000, unit: 'ms' }]);
await killProcess(worker);
await commander.stop();
await server.stop();
await rm(data, { recursive: true, force: true });
process.exit();

/** When something happened to the task of a thread for the `nth` time, in milliseconds of the clock. */
async function momentOf(thread: string, type: string, nth: number): Promise<number> {
  for (;;) {
    const row = await commander.db.kysely
      .selectFrom('events')
      .innerJoin('tasks', 'tasks.id', 'events.task_id')
      .innerJoin('threads', 'threads.id', 'tasks.thread_id')
      .select('at')
      .where('threads.thread', '=', thread)
      .where('type', '=', type)
      .orderBy('events.seq')
      .offset(nth - 1)
      .executeTakeFirst();
    if (row !== undefined) return row.at.getTime();
    await pause(lookMs);
  }
}
