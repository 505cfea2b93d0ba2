import { createDiscordAdapter } from '#adapters/discord/adapter.ts';
import { createTurns } from '#bot/presenter/turns.ts';
import type { Card } from '#core/chat/card.ts';
import { heardHost } from '#tests/chat/heard-host.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { startDiscordServer } from '#tests/discord-server/server.ts';
import { judge, quantile } from './figures.ts';

// Many tasks that end at once in one direct chat, within Discord's limits (5 posts and 5 edits in 5 s a channel): what was under way
// shows its end, then each has its report; last of all somebody is asked for an approval. Goals: nothing is refused for coming too
// often, the reports come in their order, and the approval before those that are not there yet. Cards are offered as the presenter does.
const tasks = 20;

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

function card(words: string, tone: Card['tone']): Card {
  return { key: 'card', tone, title: [words], blocks: [], summary: words };
}

const keyOf = (number: number) => `0190a000-0000-7000-8000-${String(number).padStart(12, '0')}`;

const server = await startDiscordServer();
const { driver } = server;
const direct = driver.direct(driver.ben);
const thread = { platform: 'discord', channel: direct, thread: direct };
const adapter = createDiscordAdapter({
  settings: { token: server.token, apiUrl: server.api, guildId: server.world.guild.id },
  store: memoryStore(),
  log: silent,
});
await adapter.start(heardHost());
const posts: string[] = [];
for (let task = 0; task < tasks; task += 1)
  posts.push(await adapter.create(thread, card(`Task ${task}`, 'progress'), keyOf(task), 'now'));

const ended = Date.now();
const sinceEnd = async (work: Promise<unknown>) => {
  await work;
  return Date.now() - ended;
};
const ends = Promise.all(
  posts.map((post, task) => sinceEnd(adapter.edit(thread, post, card(`End ${task}`, 'success'), 2, 'now'))),
);
const turns = createTurns();
async function offer(number: number, words: Card): Promise<number> {
  const wish = { urgency: 'now', decides: words.tone === 'waiting' } as const;
  const turn = turns.enter('thread', { group: `task:${number}`, wish: () => wish });
  const work = () => adapter.create(thread, words, keyOf(tasks + number), 'now');
  return sinceEnd(turn.take(work).finally(turn.leave));
}
const reporting = Promise.all(posts.map((_, task) => offer(task, card(`Report ${task}`, 'success'))));
const asked = await offer(tasks, card('Approval', 'waiting'));
const reports = await reporting;
const shown = await ends;

const texts = driver.messages(direct).map((message) => driver.text(message));
const inOrder = [
  ...Array.from({ length: tasks }, (_, task) => `### End ${task}`),
  '### Report 0',
  '### Approval',
  ...Array.from({ length: tasks - 1 }, (_, task) => `### Report ${task + 1}`),
];
const isInOrder = JSON.stringify(texts) === JSON.stringify(inOrder);
const refused = server.calls.rateLimited().length;
const inSeconds = (values: readonly number[]) =>
  [quantile(values, 0.5), Math.max(...values)].map((value) => (value / 1000).toFixed(1)).join(' / ');
process.stdout.write(
  [
    `| Discord: ${tasks} tasks that end at once in one direct chat | |`,
    '| --- | --- |',
    `| end → shown, s p50 / most | ${inSeconds(shown)} |`,
    `| end → report, s p50 / most | ${inSeconds(reports)} |`,
    `| an approval that is asked for last, s | ${(asked / 1000).toFixed(1)} |`,
    `| in order | ${isInOrder ? 'yes' : 'no'} |`,
    `| refused (429) | ${refused} |`,
    '',
    '',
  ].join('\n'),
);
judge([
  { what: 'refused (429)', found: refused, most: 0 },
  { what: 'chats out of order', found: isInOrder ? 0 : 1, most: 0 },
]);
await adapter.stop();
await server.stop();
process.exit();
