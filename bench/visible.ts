import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import type { Viewer } from '#core/policy/visibility.ts';
import { type Database, openDatabase } from '#db/database.ts';
import { startEmbeddedServer } from '#db/embedded/server.ts';
import { findOutputs } from '#db/outputs/find-outputs.ts';
import { listRules } from '#db/rules/rules.ts';
import type { Schema } from '#db/schema.ts';
import { findTasks } from '#db/tasks/find-tasks.ts';
import { taskByNumber, waitingForPeople } from '#db/tasks/queries.ts';
import { median, timed } from './figures.ts';

// Started by hand (`npm run bench:visible`; some minutes, 3 GB of disk).
// What it costs to show each person only what he may see: lists and inbox among a million tasks, each in a thread of its own, of a
// thousand people. A plan that reads a whole table (Seq Scan) of these is named; the floor is the same query with the eyes of Commander.

const tasks = Number(process.env.BENCH_TASKS ?? 1_000_000);
const people = 1000;
const repetitions = 5;
/** One task of so many is in a public place: most of them in one house, hardly any in the other. */
const publicShares = [0.9, 0.001] as const;

const data = join('/var/tmp', `commander-bench-${process.pid}`);
const server = await startEmbeddedServer({ dataDirectory: data });
const log = pino({ level: 'silent' });
const opened = await openDatabase({ url: server.url, application: 'bench', role: 'bot', log });
const said: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];
const pool = new pg.Pool({ connectionString: server.url, options: '-c search_path=commander' });
const kysely = new Kysely<Schema>({
  dialect: new PostgresDialect({ pool }),
  log: ({ query }) => {
    said.push({ sql: query.sql, parameters: query.parameters });
  },
});
const db: Database = { ...opened, kysely };

const uuid = (kind: number, of: string) =>
  `('${String(kind).padStart(8, '0')}-0000-7000-8000-' || lpad(to_hex(${of}), 12, '0'))::uuid`;
const member = `00000001-0000-7000-8000-${(7).toString(16).padStart(12, '0')}`;
const at = { platform: 'slack', channel: 'C1', thread: 'elsewhere', readBy: 'everybody' } as const;
const viewers: Readonly<Record<string, Viewer>> = {
  'a member, alone': { as: 'member', memberId: member, role: 'requester' },
  'a member, others read': { as: 'answer', memberId: member, role: 'requester', at },
  'an admin, others read': { as: 'answer', memberId: member, role: 'admin', at },
};
const lists = {
  'all tasks': (eyes: Viewer | 'commander') => findTasks(db, { eyes }, { limit: 20 }),
  'of others, under way': (eyes: Viewer | 'commander') =>
    findTasks(db, { eyes, standing: 'open', by: { members: [member], others: true } }, { limit: 20 }),
  'his own': (eyes: Viewer | 'commander') => findTasks(db, { eyes, by: { members: [member] } }, { limit: 20 }),
  ended: (eyes: Viewer | 'commander') => findTasks(db, { eyes, standing: 'ended' }, { limit: 20 }),
  inbox: (eyes: Viewer | 'commander') => waitingForPeople(db, eyes),
  outputs: (eyes: Viewer | 'commander') => findOutputs(db, { eyes }, { limit: 20 }),
  rules: (eyes: Viewer | 'commander') => listRules(db, eyes),
  'one task': (eyes: Viewer | 'commander') => taskByNumber(db, 7, eyes),
};

await seed();
for (const share of publicShares) {
  await sql`update threads set read_by = case when abs(hashint8(hashtext(id::text))) % 1000 < ${share * 1000} then 'everybody' else 'thread' end`.execute(
    kysely,
  );
  await sql`vacuum analyze threads`.execute(kysely);
  process.stdout.write(
    `\n| ${tasks} tasks, ${share * 100} % public, ms | Commander | ${Object.keys(viewers).join(' | ')} | reads whole |\n`,
  );
  process.stdout.write(
    `| --- | --- | ${Object.keys(viewers)
      .map(() => '---')
      .join(' | ')} | --- |\n`,
  );
  for (const [name, find] of Object.entries(lists)) {
    const whole = new Set<string>();
    const cells: string[] = [];
    for (const eyes of ['commander', ...Object.values(viewers)] as const) {
      const times: number[] = [];
      for (let repetition = 0; repetition < repetitions; repetition += 1) times.push(await timed(() => find(eyes)));
      cells.push(median(times).toFixed(1));
      said.length = 0;
      await find(eyes);
      for (const table of await wholeTables()) whole.add(table);
    }
    process.stdout.write(`| ${name} | ${cells.join(' | ')} | ${[...whole].join(', ')} |\n`);
  }
}
await pool.end();
await opened.close();
await server.stop();
await rm(data, { recursive: true, force: true });

/** The large tables of which the statements that were just said read every row. */
async function wholeTables(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { sql: text, parameters } of said.splice(0)) {
    if (!text.startsWith('select')) continue;
    const { rows } = await pool.query(`explain ${text}`, [...parameters]);
    const plan = rows.map((row) => String(row['QUERY PLAN'])).join('\n');
    if (process.env.BENCH_PLANS !== undefined) process.stderr.write(`${text}\n${plan}\n\n`);
    for (const [, table] of plan.matchAll(/Seq Scan on (tasks|threads|participants|outputs|inbox)\b/g))
      found.push(table ?? '');
  }
  return found;
}

async function seed(): Promise<void> {
  const run = (text: string) => pool.query(text);
  await run(`insert into members (id, platform, external_id, name, role)
    select ${uuid(1, 'n')}, 'slack', 'U' || n, 'p' || n, 'requester' from generate_series(1, ${people}) as n`);
  await run(`insert into projects (id, name, kind, location)
    select ${uuid(2, 'n')}, 'project' || n, 'folder', '/nowhere/' || n from generate_series(1, 20) as n`);
  await run(`insert into threads (id, platform, channel, thread, read_by)
    select ${uuid(3, 'n')}, 'slack', 'C' || (2 + n % 500), n::text, 'thread' from generate_series(1, ${tasks}) as n`);
  // One of a hundred is under way, a tenth of these wait for a person.
  await run(`insert into tasks (id, number, project_id, thread_id, requester_id, title, runbook, status, waiting_for, priority, state, seq, finished_at)
    select ${uuid(4, 'n')}, n, ${uuid(2, '1 + n % 20')}, ${uuid(3, 'n')}, ${uuid(1, `1 + (n / 7) % ${people}`)}, 'Task', 'demo',
      case when n % 1000 = 0 then 'waiting' when n % 100 = 0 then 'running' else 'completed' end,
      case when n % 1000 = 0 then 'approval' end, 50, '{"title": "Task"}', 1, case when n % 100 <> 0 then now() end
    from generate_series(1, ${tasks}) as n`);
  await run(`insert into participants (thread_id, member_id)
    select ${uuid(3, 'n')}, ${uuid(1, `1 + (n / 7) % ${people}`)} from generate_series(1, ${tasks}) as n`);
  await run(`insert into outputs (id, task_id, project_id, name, media_type, size, sha256, version, made_at)
    select ${uuid(5, 'n')}, ${uuid(4, 'n * 4')}, ${uuid(2, '1 + (n * 4) % 20')}, 'report.csv', 'text/csv', 1, repeat('a', 64), 1,
      now() - n * interval '1 minute'
    from generate_series(1, ${tasks / 4}) as n`);
  await run('vacuum analyze');
}
