import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { pino } from 'pino';
import { openDatabase } from '#db/database.ts';
import type { Call } from '#tests/discord-server/calls.ts';
import { startDiscordServer } from '#tests/discord-server/server.ts';
import { quantile, timed } from './figures.ts';
import { endAll, openBenchPlace, startWholeCommander } from './whole-commander.ts';

// A whole Commander, as `npm start` starts it, with tasks that say something all the time, each in a thread of its own, within Discord's
// limits (5 edits in 5 s a channel, 50 requests a second). Goals: nothing is refused for coming too often, every end is shown within
// 3 s, and no run is lost: each task is done in one. Beside it people keep typing; how soon are they answered?
const tasks = 20;
const seconds = Number(process.env.BENCH_SECONDS ?? 60);

/** Between two menus while somebody types, in milliseconds. */
const typingMs = 500;

/** How long tasks may take to start and to end on a busy machine, in milliseconds. */
const patienceMs = 120_000;

const lookMs = 50;

// Requests and answers are judged in the tests; here the judge would be a part of what is measured.
process.env.DISCORD_OPENAPI = '/dev/null/nothing';

/** Four lines a second without a process for each; or, when the processor is to be short, as many as one of all these can. */
const rest =
  process.env.BENCH_BUSY === undefined
    ? 'read -t 0.25 -u 3 || true'
    : 'for ((turn = 0; turn < 20000; turn += 1)); do :; done';
const say = `exec 3<> <(:); while ((SECONDS < ${seconds})); do echo "line $((line += 1))"; ${rest}; done`;
const runbooks = Object.fromEntries(
  Array.from({ length: tasks }, (_, index) => [
    `stream${index}`,
    {
      summary: 'Streams',
      // Of one place only one may be at work.
      scope: [`part${index}`],
      steps: [{ name: 'Stream', run: say, shell: 'bash', approve: false, reversible: true }],
    },
  ]),
);

const place = await openBenchPlace();
const server = await startDiscordServer();
const { driver, calls } = server;
const env = {
  DISCORD_TOKEN: server.token,
  DISCORD_GUILD: server.world.guild.id,
  DISCORD_API_URL: server.api,
  WORKER_SLOTS: String(tasks),
};
const commander = await startWholeCommander({ place, runbooks, env });
await driver.waitFor('the session', () => server.logins.length > 0, patienceMs);
const db = await openDatabase({
  url: place.databaseUrl,
  application: 'bench',
  role: 'worker',
  log: pino({ level: 'silent' }),
});

/** When each task ended, by its thread, in milliseconds since 1970. */
async function ends(): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ thread: string; at: number }>`
    select threads.thread, (extract(epoch from finished_at) * 1000)::float as at
    from tasks join threads on threads.id = tasks.thread_id where finished_at is not null`.execute(db.kysely);
  return new Map(rows.map(({ thread, at }) => [thread, at]));
}

async function until(what: string, isThere: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + patienceMs + seconds * 1000;
  while (!(await isThere())) {
    if (Date.now() > end) throw new Error(`${what} did not come`);
    await pause(lookMs);
  }
}

for (let index = 0; index < tasks; index += 1) {
  driver.mention(driver.channel('general'), driver.ben, `stream${index} in bench`);
}
const running = async () => {
  const { rows } = await sql`select from runs where claimed_at is not null`.execute(db.kysely);
  return rows.length >= tasks;
};
const starting = await timed(() => until('the start of all', running));

const menus: number[] = [];
let over = false;
const typing = (async () => {
  while (!over) {
    menus.push(await timed(() => driver.autocomplete('status', { task: String(menus.length % 10) })));
    await pause(typingMs);
  }
})();
await until('the end of all', async () => (await ends()).size === tasks);
over = true;
await typing;
const presented = async () => {
  const { rows } = await sql`
    select from tasks left join presented on presented.task_id = tasks.id
    where presented.seq is null or presented.seq < tasks.seq`.execute(db.kysely);
  return rows.length === 0;
};
await until('the view of the ends', presented);

/** The call that made a thread show its end: the last one of its status card, which says nothing more afterwards. */
function shownAt(thread: string): number {
  const ofThread = calls.all.filter(({ params, status }) => params.channel_id === thread && status === 200);
  return Math.max(...ofThread.filter(isCard).map(({ at }) => at));
}

function isCard({ route }: Call): boolean {
  return route.endsWith('/messages') || route.endsWith('/messages/{message_id}');
}

const late = [...(await ends())].map(([thread, at]) => shownAt(thread) - at);
const { rows: runs } = await sql<{ status: string }>`select status from runs`.execute(db.kysely);
const edits = calls.of('PATCH /channels/{channel_id}/messages/{message_id}').length;
process.stdout.write(
  [
    `| Discord: a whole Commander, ${tasks} tasks that stream for ${seconds} s | |`,
    '| --- | --- |',
    `| all at work after | ${(starting / 1000).toFixed(1)} s |`,
    `| end → all of it shown, ms p50 / most | ${quantile(late, 0.5).toFixed(0)} / ${Math.max(...late).toFixed(0)} |`,
    `| edits | ${edits} |`,
    `| refused (429) | ${calls.rateLimited().length} |`,
    `| runs for ${tasks} tasks | ${runs.length} |`,
    `| a menu while typing, ms p50 / p99 | ${quantile(menus, 0.5).toFixed(1)} / ${quantile(menus, 0.99).toFixed(1)} |`,
    '',
  ].join('\n'),
);
await endAll([commander]);
await db.close();
await server.stop();
await place.remove();
process.exit(0);
