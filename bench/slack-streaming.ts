import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createSlackAdapter } from '#adapters/slack/adapter.ts';
import { type ChatAdapter, PostLater, type ThreadAddress } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { heardHost } from '#tests/chat/heard-host.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { startSlackServer } from '#tests/slack-server/server.ts';
import { judge, quantile, timed } from './figures.ts';

// 20 tasks of one channel that say something all the time and end at the same moment, within Slack's limits (50 edits a minute, one
// post a second a channel): how soon is an approval seen, how late an end, and is anything refused for coming too often? The goals
// are 1 s, 3 s and nothing. With the SDK's defaults approvals take 4 to over 150 s, and final texts are wrong (measured). Cards are
// offered as the presenter does: one call at a time for each, the newest only.
const tasks = 20;
const seconds = Number(process.env.BENCH_SECONDS ?? 60);
const approvals = 4;

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const slack = await startSlackServer();
const { driver } = slack;
const host = heardHost();
const settings = { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.url };
const adapter: ChatAdapter = createSlackAdapter({ settings, store: memoryStore(), log: silent });
host.understand = async (body) => adapter.understand?.(body);
await adapter.start(host);

function card(words: string): Card {
  return { key: 'status', tone: 'progress', title: [words], blocks: [], summary: words };
}

/** Shows each line that there is no newer one of, then the end; the time until that is shown. */
async function stream(thread: ThreadAddress, post: string, end: number): Promise<number> {
  for (let line = 0; Date.now() < end; line += 1) {
    try {
      await adapter.edit(thread, post, card(`Line ${line}`), line, 'soon');
      await pause(Math.min(1000, Math.max(0, end - Date.now())));
    } catch (error) {
      if (!(error instanceof PostLater)) throw error;
      await pause(Math.min(error.afterMs, Math.max(0, end - Date.now())));
    }
  }
  return timed(() => adapter.edit(thread, post, card('End'), 1_000_000, 'now'));
}

for (let task = 0; task < tasks; task += 1) driver.say(driver.channel('general'), driver.ben, `${driver.mention} go`);
const heard = await host.until(tasks);
const posts = await Promise.all(heard.map(({ thread }) => adapter.create(thread, card('Begun'), randomUUID(), 'now')));
await pause(5000);
const begun = Date.now();
const before = slack.calls.of('chat.update').length;
const asking = (async () => {
  const seen: number[] = [];
  for (const [index, { thread }] of heard.slice(0, approvals).entries()) {
    await pause(Math.max(0, begun + ((index + 1) * seconds * 1000) / (approvals + 1) - Date.now()));
    seen.push(await timed(() => adapter.create(thread, card(`Approve ${index}`), randomUUID(), 'now')));
  }
  return seen;
})();
const late = await Promise.all(
  heard.map(({ thread }, index) => stream(thread, posts[index] ?? '', begun + seconds * 1000)),
);
const seen = await asking;
const channel = driver.channel('general');
const wrong = heard.filter(({ thread }, index) => {
  const message = driver.thread({ channel, ts: thread.thread }).find(({ ts }) => ts === posts[index]);
  return message?.text !== 'End';
}).length;
const refused = slack.calls.rateLimited().length;
const edits = slack.calls.of('chat.update').length - before;
const show = (times: readonly number[]) => `${quantile(times, 0.5).toFixed(0)} / ${Math.max(...times).toFixed(0)}`;
process.stdout.write(
  [
    `| Slack: ${tasks} tasks of one channel that stream for ${seconds} s and end at once | ms p50 / most |`,
    '| --- | --- |',
    `| end → shown | ${show(late)} |`,
    `| approval → shown | ${show(seen)} |`,
    '',
    `${edits} edits, ${refused} refused (429), ${wrong} final texts wrong`,
    '',
    '',
  ].join('\n'),
);
judge([
  { what: 'end → shown, most', found: Math.max(...late), most: 3000, unit: 'ms' },
  { what: 'approval → shown, most', found: Math.max(...seen), most: 1000, unit: 'ms' },
  { what: 'refused (429)', found: refused, most: 0 },
  { what: 'final texts wrong', found: wrong, most: 0 },
]);
await adapter.stop();
await slack.stop();
process.exit();
