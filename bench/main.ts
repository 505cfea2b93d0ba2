import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { startEmbeddedServer } from '#db/embedded/server.ts';
import { addProject } from '#db/projects/projects.ts';
import { startCommander, type TestCommander } from '#tests/whole/commander.ts';
import { median, quantile, timed } from './figures.ts';

/** Repetitions; the table shows their median. */
const repetitions = 5;

/** Messages of a repetition, one after another. */
const messages = 20;

/** Tasks of a repetition, all at once. */
const tasks = 20;

/** Jobs of the floor: bare pg-boss. */
const jobs = 200;

const folder = await mkdtemp(join(tmpdir(), 'commander-bench-'));
const place = join(folder, 'bench');
await mkdir(place);
await writeFile(
  join(place, 'commander.yaml'),
  "runbooks: { noop: { summary: Nothing, steps: [{ name: Nothing, command: 'true' }] } }\n",
);
const server = await startEmbeddedServer({ dataDirectory: join('/var/tmp', `commander-bench-${process.pid}`) });
const commander = await startCommander({ database: { url: server.url, drop: async () => {} } });
await addProject(commander.db, { name: 'bench', kind: 'folder', location: place });

const committed: number[] = [];
const claimed: number[] = [];
const shown: number[] = [];
const life: number[] = [];
const floor: number[] = [];
await complete(commander, await commander.say('@commander noop in bench'));
for (let repetition = 0; repetition < repetitions; repetition += 1) {
  for (let message = 0; message < messages; message += 1) {
    let thread = '';
    committed.push(
      await timed(async () => {
        thread = await commander.say('@commander noop in bench');
      }),
    );
    await complete(commander, thread);
  }
  life.push(tasks / ((await timed(() => together(commander))) / 1000));
  floor.push(jobs / ((await timed(() => bare(commander))) / 1000));
}
const stored = await sql<{ claimed: number; shown: number }>`
  select extract(epoch from c.at - r.at) * 1000 as claimed, extract(epoch from p.at - i.received_at) * 1000 as shown
  from tasks t
  join inbox i on i.id = t.inbox_id
  join events r on r.task_id = t.id and r.type = 'task.received'
  join events c on c.task_id = t.id and c.type = 'run.claimed'
  join lateral (select min(created_at) as at from posts where posts.thread_id = t.thread_id) p on true
  where t.number <= ${1 + messages}`.execute(commander.db.kysely);
for (const row of stored.rows) {
  claimed.push(Number(row.claimed));
  shown.push(Number(row.shown));
}
process.stdout.write(
  [
    '| measured | p50 | p99 |',
    '| --- | --- | --- |',
    `| message in → row committed and answered, ms | ${quantile(committed, 0.5).toFixed(1)} | ${quantile(committed, 0.99).toFixed(1)} |`,
    `| message in → first post begun, idle, ms | ${quantile(shown, 0.5).toFixed(1)} | ${quantile(shown, 0.99).toFixed(1)} |`,
    `| task accepted → run claimed, idle, ms | ${quantile(claimed, 0.5).toFixed(1)} | ${quantile(claimed, 0.99).toFixed(1)} |`,
    '',
    `whole life with a no-op step: ${median(life).toFixed(1)} tasks/s; bare pg-boss send + fetch + complete: ${median(floor).toFixed(0)} jobs/s`,
    `memory of this process (bot, worker and bench in one): ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`,
    '',
  ].join('\n'),
);
await commander.stop();
await server.stop();
await rm(folder, { recursive: true, force: true });
await rm(join('/var/tmp', `commander-bench-${process.pid}`), { recursive: true, force: true });
process.exit(0);

async function complete(on: TestCommander, thread: string): Promise<void> {
  await on.card(thread, (card) => card.key.startsWith('report'));
}

/** Ends when the database says that as many tasks more are completed; reading threads would be part of what is measured. */
async function together(on: TestCommander): Promise<void> {
  const wanted = (await completed(on)) + tasks;
  const done = Promise.withResolvers<void>();
  const check = () =>
    void completed(on).then((count) => {
      if (count >= wanted) done.resolve();
    }, done.reject);
  const end = on.db.listener.on('commander_ready', check);
  await Promise.all(Array.from({ length: tasks }, () => on.say('@commander noop in bench')));
  check();
  await done.promise;
  end();
}

async function completed({ db }: TestCommander): Promise<number> {
  const counted = await sql<{
    count: number;
  }>`select count(*)::int as count from tasks where status = 'completed'`.execute(db.kysely);
  return counted.rows[0]?.count ?? 0;
}

async function bare({ db }: TestCommander): Promise<void> {
  await db.boss.createQueue('bench');
  for (let job = 0; job < jobs; job += 1) {
    await db.boss.send('bench', { job });
    const [taken] = await db.boss.fetch('bench');
    if (taken !== undefined) await db.boss.complete('bench', taken);
  }
}
