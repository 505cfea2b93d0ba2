import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainOf } from '#core/chat/inline.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';

/** Tasks that wait while another one runs. The figure is 200; each costs a real release up to its approval. */
const waiting = 10;

let commander: TestCommander;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase(), slots: 1 });
});

afterAll(async () => {
  await commander.stop();
});

it('waiting for approval holds no worker: with one slot, the next task runs at once', async () => {
  const threads = await Promise.all(
    Array.from({ length: waiting }, (_, index) => commander.say(`@commander release 2.0.${index}`)),
  );
  for (const thread of threads) await commander.card(thread, (card) => card.key.startsWith('approval:'));
  const next = await commander.say('@commander run the tests');
  await commander.card(next, (card) => card.key.startsWith('report') && plainOf(card.title).includes('Completed'));
  for (const thread of threads) {
    const status = await commander.card(thread, (card) => card.key.startsWith('status'));
    expect(plainOf(status.title)).toContain('Waiting for approval');
  }
});
