import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from '#tests/discord-server/calls.ts';
import { startDiscordServer } from '#tests/discord-server/server.ts';
import { judge, quantile, timed } from './figures.ts';
import { patienceMs, streamRunbooks, watchStreams } from './streams.ts';
import { endAll, openBenchPlace, startWholeCommander } from './whole-commander.ts';

// A whole Commander, as `npm start` starts it, with tasks that say something all the time, each in a thread of its own, within Discord's
// limits (5 edits in 5 s a channel, 50 requests a second). Goals: nothing is refused for coming too often, every end is shown within
// 3 s, and no run is lost: each task is done in one. Beside it people keep typing; how soon are they answered?
const tasks = 20;
const seconds = Number(process.env.BENCH_SECONDS ?? 60);
const streams = { tasks, seconds };

/** Between two menus while somebody types, in milliseconds. */
const typingMs = 500;

// Requests and answers are judged in the tests; here the judge would be a part of what is measured.
process.env.DISCORD_OPENAPI = '/dev/null/nothing';

const place = await openBenchPlace();
const server = await startDiscordServer();
const { driver, calls } = server;
const env = {
  DISCORD_TOKEN: server.token,
  DISCORD_GUILD: server.world.guild.id,
  DISCORD_API_URL: server.api,
  WORKER_SLOTS: String(tasks),
};
const commander = await startWholeCommander({ place, runbooks: streamRunbooks(streams), env });
await driver.waitFor('the session', () => server.logins.length > 0, patienceMs);
const watch = await watchStreams(place.databaseUrl, streams);

for (let index = 0; index < tasks; index += 1) {
  driver.mention(driver.channel('general'), driver.ben, `stream${index} in bench`);
}
const starting = await timed(watch.started);

const menus: number[] = [];
let over = false;
const typing = (async () => {
  while (!over) {
    menus.push(await timed(() => driver.autocomplete('status', { task: String(menus.length % 10) })));
    await pause(typingMs);
  }
})();
await watch.ended();
over = true;
await typing;
await watch.shown();

/** The call that made a thread show its end: the last one of its status card, which says nothing more afterwards. */
function shownAt(thread: string): number {
  const ofThread = calls.all.filter(({ params, status }) => params.channel_id === thread && status === 200);
  return Math.max(...ofThread.filter(isCard).map(({ at }) => at));
}

function isCard({ route }: Call): boolean {
  return route.endsWith('/messages') || route.endsWith('/messages/{message_id}');
}

const late = [...(await watch.ends())].map(([thread, at]) => shownAt(thread) - at);
const runs = await watch.runs();
const refused = calls.rateLimited().length;
const edits = calls.of('PATCH /channels/{channel_id}/messages/{message_id}').length;
process.stdout.write(
  [
    `| Discord: a whole Commander, ${tasks} tasks that stream for ${seconds} s | |`,
    '| --- | --- |',
    `| all at work after | ${(starting / 1000).toFixed(1)} s |`,
    `| end → all of it shown, ms p50 / most | ${quantile(late, 0.5).toFixed(0)} / ${Math.max(...late).toFixed(0)} |`,
    `| edits | ${edits} |`,
    `| refused (429) | ${refused} |`,
    `| runs for ${tasks} tasks | ${runs} |`,
    `| a menu while typing, ms p50 / p99 | ${quantile(menus, 0.5).toFixed(1)} / ${quantile(menus, 0.99).toFixed(1)} |`,
    '',
    '',
  ].join('\n'),
);
judge([
  { what: 'refused (429)', found: refused, most: 0 },
  { what: 'end → all of it shown, most', found: Math.max(...late), most: 3000, unit: 'ms' },
  { what: 'runs that were lost', found: runs - tasks, most: 0 },
  { what: 'a menu while typing, p99', found: quantile(menus, 0.99), below: 200, unit: 'ms' },
]);
await endAll([commander]);
await watch.close();
await server.stop();
await place.remove();
process.exit();
