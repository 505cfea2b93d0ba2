import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { plainOf } from '#core/chat/inline.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { makeRepository } from './projects.ts';

/** Tasks that wait while another one runs. */
const waiting = 200;

/** So many requests come in one message, as a list. */
const perMessage = 20;

let commander: TestCommander;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase(), slots: 1 });
});

afterAll(async () => {
  await commander?.stop();
});

/** 200 runs one after the other: some 10 s on two cores, much more where others want them too. */
const longTest = { timeout: 240_000 };

it('waiting for approval holds no worker: with one slot, the next task runs at once', longTest, async () => {
  const step = (name: string, approve: boolean) =>
    `{ name: ${name}, command: 'true', approve: ${approve}, reversible: true }`;
  const folder = await makeRepository(join(commander.folder, 'gate'), {
    'commander.yaml': `runbooks:
  ask: { summary: Asks first, steps: [${step('Ask', true)}] }
  act: { summary: Asks nothing, steps: [${step('Act', false)}] }
`,
  });
  await commander.card(await commander.say(`@commander add project ${folder}`), is('notice', 'is a project now'));
  const list = Array.from({ length: perMessage }, () => '- ask in gate').join('\n');
  const threads = await Promise.all(
    Array.from({ length: waiting / perMessage }, () => commander.say(`@commander these:\n${list}`)),
  );
  await untilWaiting();
  const asks = (messages: readonly ChatMessage[]) =>
    messages.filter(({ card }) => card?.key.startsWith('approval:')).length;
  for (const thread of threads) await commander.threadThat(thread, (messages) => asks(messages) === perMessage);
  const next = await commander.say('@commander act in gate');
  await commander.card(next, is('report', 'Completed'));
  expect(await countWaiting()).toBe(waiting);
});

/** Resolves when all of them wait; threads are read afterwards, for each has many cards and each task many changes. */
async function untilWaiting(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = () => countWaiting().then((count) => count === waiting && resolve(), reject);
  const end = commander.db.listener.on('commander_task', () => void look());
  await look();
  await promise.finally(end);
}

async function countWaiting(): Promise<number> {
  const rows = await commander.db.kysely
    .selectFrom('tasks')
    .select('id')
    .where('waiting_for', '=', 'approval')
    .execute();
  return rows.length;
}

/** Fits a card of this key whose title says this. */
function is(key: string, words: string) {
  return (card: Card) => card.key.includes(key) && plainOf(card.title).includes(words);
}
