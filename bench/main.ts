import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { startEmbeddedServer } from '#db/embedded/server.ts';
import { addProject } from '#db/projects/projects.ts';
import { startCommander, type TestCommander } from '#tests/whole/commander.ts';
import { judge, median, quantile, timed } from './figures.ts';

/** Repetitions; the table shows their median. */
const repetitions = 5;

/** Messages before anything is measured: every connection to Postgres has its plans by then, as in a process that has run for a while. */
const warmUp = 20;

/** Messages of a repetition, one after another. */
const messages = 20;

/** Tasks of a repetition, all at once. */
const tasks = 20;

/** How often the database is asked whether the work is done, in milliseconds. */
const lookMs = 50;

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
const commander = await startCommander({
  database: { url: server.url, drop: async () => {} },
  worker: 'elsewhere',
});
const worker = await startWorkerProcess(commander.home);
await addProject(commander.db, { name: 'bench', kind: 'folder', location: place });

const committed: number[] = [];
const claimed: number[] = [];
const shown: number[] = [];
const life: number[] = [];
const floor: number[] = [];
for (let message = 0; message < warmUp; message += 1) await inTurn(commander);
for (let repetition = 0; repetition < repetitions; repetition += 1) {
  for (let message = 0; message < messages; message += 1) {
    await inTurn(commander, committed);
  }
  life.push(tasks / ((await timed(() => together(commander))) / 1000));
  floor.push(jobs / ((await timed(() => bare(commander))) / 1000));
}
const stored = await sql<{ claimed: number; shown: number }>`
  -- From the beginning of the transaction that accepts, admits and queues; events know the time by the millisecond.
  select extract(epoch from c.at - date_trunc('milliseconds', i.handled_at)) * 1000 as claimed,
    extract(epoch from p.at - i.received_at) * 1000 as shown
  from tasks t
  join inbox i on i.id = t.inbox_id
  join events c on c.task_id = t.id and c.type = 'run.claimed'
  join lateral (select min(created_at) as at from posts where posts.thread_id = t.thread_id) p on true
  where t.number > ${warmUp} and t.number <= ${warmUp + messages}`.execute(commander.db.kysely);
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
    `memory of this process (bot and bench in one): ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`,
    '',
    '',
  ].join('\n'),
);
judge([
  { what: 'task accepted → run claimed, p50', found: quantile(claimed, 0.5), below: 8, unit: 'ms' },
  { what: 'task accepted → run claimed, p99', found: quantile(claimed, 0.99), below: 30, unit: 'ms' },
]);
worker.disconnect();
await once(worker, 'exit');
await commander.stop();
await server.stop();
await rm(folder, { recursive: true, force: true });
await rm(join('/var/tmp', `commander-bench-${process.pid}`), { recursive: true, force: true });
process.exit();

/** One message on an idle system: the next comes when the thread shows the end of its task. */
async function inTurn(on: TestCommander, times: number[] = []): Promise<void> {
  await until(on, { count: presented, more: 1 }, async () => {
    times.push(await timed(() => on.say('@commander noop in bench')));
  });
}

async function together(on: TestCommander): Promise<void> {
  await until(on, { count: completed, more: tasks }, async () => {
    await Promise.all(Array.from({ length: tasks }, () => on.say('@commander noop in bench')));
  });
}

interface Goal {
  readonly count: (on: TestCommander) => Promise<number>;
  readonly more: number;
}

/** Ends when the database counts so many more; reading threads would be part of what is measured. */
async function until(on: TestCommander, { count, more }: Goal, work: () => Promise<void>): Promise<void> {
  const wanted = (await count(on)) + more;
  await work();
  while ((await count(on)) < wanted) await pause(lookMs);
}

async function completed({ db }: TestCommander): Promise<number> {
  return counted(db, sql`status = 'completed'`);
}

/** Tasks whose thread shows their end. */
async function presented({ db }: TestCommander): Promise<number> {
  return counted(
    db,
    sql`exists (select from posts where thread_id = tasks.thread_id
    and key like '%:report%' and shown is not null)`,
  );
}

async function counted(db: Database, condition: RawBuilder<unknown>): Promise<number> {
  const found = await sql<{ count: number }>`select count(*)::int as count from tasks where ${condition}`.execute(
    db.kysely,
  );
  return found.rows[0]?.count ?? 0;
}

async function bare({ db }: TestCommander): Promise<void> {
  await db.boss.createQueue('bench');
  for (let job = 0; job < jobs; job += 1) {
    await db.boss.send('bench', { job });
    const [taken] = await db.boss.fetch('bench');
    if (taken !== undefined) await db.boss.complete('bench', taken);
  }
}

/** As the product has it: a process of its own. */
async function startWorkerProcess(home: string): Promise<ChildProcess> {
  const env = { PATH: process.env.PATH, COMMANDER_HOME: home, DATABASE_URL: server.url, WORKER_SLOTS: '4' };
  const main = fileURLToPath(new URL('../workers/main.ts', import.meta.url));
  const child = fork(main, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(child, 'message');
  return child;
}
