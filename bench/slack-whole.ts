import { startSlackServer } from '#tests/slack-server/server.ts';
import { judge, quantile, timed } from './figures.ts';
import { patienceMs, streamRunbooks, watchStreams } from './streams.ts';
import { endAll, openBenchPlace, startWholeCommander } from './whole-commander.ts';

// A whole Commander, as `npm start` starts it, with tasks that say something all the time, all in threads of one channel, within Slack's
// limits (50 edits a minute, one post a second a channel). Some tasks ask for approval meanwhile. Goals: nothing is refused for coming
// too often, an approval is shown within 1 s of its being asked, every end within 3 s, every last text is right, and no run is lost.
const tasks = 20;
const approvals = 4;
const seconds = Number(process.env.BENCH_SECONDS ?? 60);

/** Until each task's first two posts stand in the channel, which takes one a second: so long they stream before it counts. */
const settling = 2 * (tasks + approvals) + 5;
const streams = { tasks, seconds: settling + seconds };

const asking = Object.fromEntries(
  Array.from({ length: approvals }, (_, index) => {
    const wait = Math.round(settling + (seconds * (index + 1)) / (approvals + 1));
    const steps = [
      { name: 'Wait', run: `sleep ${wait}`, approve: false, reversible: true },
      { name: 'Ask', run: 'true', approve: true, reversible: true },
    ];
    return [`asking${index}`, { summary: 'Asks', scope: [`asked${index}`], steps }];
  }),
);

const place = await openBenchPlace();
const slack = await startSlackServer();
const { driver, calls } = slack;
const env = {
  SLACK_BOT_TOKEN: slack.botToken,
  SLACK_APP_TOKEN: slack.appToken,
  SLACK_API_URL: slack.url,
  WORKER_SLOTS: String(tasks + approvals),
};
const commander = await startWholeCommander({ place, runbooks: { ...streamRunbooks(streams), ...asking }, env });
await driver.waitFor('the connections', () => slack.faults.sockets.count() === 2, patienceMs);
const watch = await watchStreams(place.databaseUrl, streams);
const channel = driver.channel('general');

const asked = Object.keys(asking).map((name) => driver.say(channel, driver.anna, `${driver.mention} ${name} in bench`));
for (let index = 0; index < tasks; index += 1)
  driver.say(channel, driver.ben, `${driver.mention} stream${index} in bench`);
const starting = await timed(watch.started);
await watch.ended();
await watch.shown();

const has = (thread: string, words: string) =>
  driver.thread({ channel, ts: thread }).find((message) => JSON.stringify(message.blocks).includes(words));

/** When a thread's status card showed the end, and when all of it stood there, the report too. */
function shownAt(thread: string): { readonly end: number; readonly all: number } {
  const messages = driver.thread({ channel, ts: thread });
  const status = messages.find(
    ({ blocks }) => JSON.stringify(blocks).includes('Completed') && JSON.stringify(blocks).includes('Asked by'),
  );
  const edits = calls.of('chat.update').filter(({ args, status: code }) => code === 200 && args.ts === status?.ts);
  return { end: edits.at(-1)?.at ?? Number.POSITIVE_INFINITY, all: Number(messages.at(-1)?.ts) * 1000 };
}

/** From the moment at which the approval was asked to that at which it stood in the thread. */
async function approvalTimes(): Promise<readonly number[]> {
  const times = await watch.askedAt();
  return asked.map(({ ts }) => {
    const card = has(ts, 'Approval needed');
    return card === undefined ? Number.POSITIVE_INFINITY : Number(card.ts) * 1000 - (times.get(ts) ?? 0);
  });
}

const ends = [...(await watch.ends())];
const late = ends.map(([thread, at]) => shownAt(thread).end - at);
const reported = ends.map(([thread, at]) => shownAt(thread).all - at);
const approved = await approvalTimes();
const runs = await watch.runs();
const refused = calls.rateLimited().length;
const wrong = ends.filter(([thread]) => has(thread, 'Completed') === undefined).length;
const show = (times: readonly number[]) => `${quantile(times, 0.5).toFixed(0)} / ${Math.max(...times).toFixed(0)}`;
process.stdout.write(
  [
    `| Slack: a whole Commander, ${tasks} tasks of one channel that stream for ${seconds} s | |`,
    '| --- | --- |',
    `| all at work after | ${(starting / 1000).toFixed(1)} s |`,
    `| end → status card shows it, ms p50 / most | ${show(late)} |`,
    `| end → its report posted (one a second in a channel), ms p50 / most | ${show(reported)} |`,
    `| approval asked → shown, ms p50 / most | ${show(approved)} |`,
    `| edits | ${calls.of('chat.update').length} |`,
    `| refused (429) | ${refused} |`,
    `| last texts that are wrong | ${wrong} |`,
    `| runs for ${tasks} tasks | ${runs} |`,
    '',
    '',
  ].join('\n'),
);
judge([
  { what: 'end → status card shows it, most', found: Math.max(...late), most: 3000, unit: 'ms' },
  { what: 'approval asked → shown, most', found: Math.max(...approved), most: 1000, unit: 'ms' },
  { what: 'refused (429)', found: refused, most: 0 },
  { what: 'last texts that are wrong', found: wrong, most: 0 },
  { what: 'runs that were lost', found: runs - tasks, most: 0 },
]);
await endAll([commander]);
await watch.close();
await slack.stop();
await place.remove();
process.exit();
