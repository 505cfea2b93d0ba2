import { setTimeout as pause } from 'node:timers/promises';
import { createDiscordAdapter } from '#adapters/discord/adapter.ts';
import { type ChatAdapter, PostLater, type ThreadAddress } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { heardHost } from '#tests/chat/heard-host.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { startDiscordServer } from '#tests/discord-server/server.ts';
import { type Goal, judge, quantile, timed } from './figures.ts';

// Many tasks that say something all the time, within Discord's limits (5 edits in 5 s a channel, 50 requests a second): how late is
// an end seen, and is anything refused for coming too often? The goals are 3 s and nothing. Naive edits show the end of 41 in 2 s
// after 39 s (measured). Cards are offered as the presenter does: one call at a time for each, the newest only.
const tasks = 20;
const seconds = Number(process.env.BENCH_SECONDS ?? 60);

/** Tasks that end at once in one channel: more could not be shown in time, for five edits in 5 s are all there are. */
const endsAtOnce = 2;

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

function card(words: string): Card {
  return { key: 'status', tone: 'progress', title: [words], blocks: [], summary: words };
}

/** Shows each line that there is no newer one of, then the end; the time until that is shown. */
async function stream(adapter: ChatAdapter, thread: ThreadAddress, post: string, end: number): Promise<number> {
  for (let line = 0; Date.now() < end; line += 1) {
    try {
      await adapter.edit(thread, post, card(`Line ${line}`), line, 'soon');
    } catch (error) {
      if (!(error instanceof PostLater)) throw error;
      await pause(error.afterMs);
    }
  }
  const late = Date.now() - end;
  return late + (await timed(() => adapter.edit(thread, post, card('End'), 1_000_000, 'now')));
}

/** What is measured in one kind of place: its row of the table, and its goals. */
interface Measured {
  readonly row: string;
  readonly goals: readonly Goal[];
}

/** Lets them stream in the threads of a server, or all in one direct chat. */
async function measure(where: 'threads' | 'one chat'): Promise<Measured> {
  const server = await startDiscordServer();
  const { driver } = server;
  const host = heardHost();
  const settings = { token: server.token, apiUrl: server.api, guildId: server.world.guild.id };
  const adapter = createDiscordAdapter({ settings, store: memoryStore(), log: silent });
  await adapter.start(host);
  for (let task = 0; task < tasks; task += 1) {
    if (where === 'threads') driver.mention(driver.channel('general'), driver.ben, 'go');
    else driver.say(driver.direct(driver.ben), driver.ben, 'go');
  }
  const heard = await host.until(tasks);
  const posts = await Promise.all(
    heard.map(({ thread }, index) =>
      adapter.create(thread, card('Begun'), `0190a000-0000-7000-8000-${String(index).padStart(12, '0')}`, 'now'),
    ),
  );
  const begun = Date.now();
  const before = server.calls.of('PATCH /channels/{channel_id}/messages/{message_id}').length;
  // In one chat they end one after another, as tasks do that people started one after another.
  const endOf = (index: number) =>
    begun + seconds * 1000 + (where === 'threads' ? 0 : Math.floor(index / endsAtOnce) * 5000);
  const late = await Promise.all(
    heard.map(({ thread }, index) => stream(adapter, thread, posts[index] ?? '', endOf(index))),
  );
  const edits = server.calls.of('PATCH /channels/{channel_id}/messages/{message_id}').length - before;
  const refused = server.calls.rateLimited().length;
  await adapter.stop();
  await server.stop();
  const perSecond = (edits / ((Date.now() - begun) / 1000)).toFixed(1);
  const shown = [quantile(late, 0.5), Math.max(...late)].map((value) => value.toFixed(0)).join(' / ');
  const place = where === 'threads' ? `${tasks} threads` : 'one direct chat';
  return {
    row: `| ${tasks} in ${place} | ${shown} | ${perSecond} | ${refused} |`,
    goals: [
      { what: `${place}, end → shown, most`, found: Math.max(...late), most: 3000, unit: 'ms' },
      { what: `${place}, refused (429)`, found: refused, most: 0 },
    ],
  };
}

const measured = [await measure('threads'), await measure('one chat')];
process.stdout.write(
  [
    `| Discord: tasks that stream for ${seconds} s | end → shown, ms p50 / most | edits a second | refused (429) |`,
    '| --- | --- | --- | --- |',
    ...measured.map(({ row }) => row),
    '',
    '',
  ].join('\n'),
);
judge(measured.flatMap(({ goals }) => goals));
process.exit();
