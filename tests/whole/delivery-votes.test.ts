import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { wordsOf } from '#core/show/testing.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { gitIn, makeRepository, plainProjectFile } from './projects.ts';

let commander: TestCommander;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase() });
});

afterAll(async () => {
  await commander?.stop();
});

function titled(key: string, words: string) {
  return (card: Card) => card.key.includes(key) && plainOf(card.title).includes(words);
}

it('two people deliver: not who asked, nobody twice, also when the bot begins anew between them', async () => {
  const approvals = 'approvals: { people: 2, not_requester: true }\n';
  const place = join(commander.folder, 'careful');
  await makeRepository(place, { 'commander.yaml': approvals + plainProjectFile, 'a.txt': 'a\n' });
  await commander.card(await commander.say(`@commander add project ${place}`), titled('notice', 'is a project now'));
  const thread = await commander.say('@commander note in careful');
  const report = await commander.card(thread, titled('report', 'Completed'));
  expect(wordsOf(report)).toContain('2 people have to say yes to a delivery.');
  expect(await commander.press(thread, 'Deliver', 'ana')).toMatchObject({
    kind: 'notice',
    text: expect.stringContaining('in careful somebody else has to approve that'),
  });
  expect(await commander.press(thread, 'Deliver', 'bo')).toEqual({ kind: 'done' });
  await commander.card(thread, (card) => card.key.startsWith('report') && wordsOf(card).includes('; bo said yes'));
  await commander.restartBot();
  expect(await commander.press(thread, 'Deliver', 'bo')).toMatchObject({
    kind: 'notice',
    text: expect.stringMatching(/^bo approved already, at .*; 1 other person has to approve as well\.$/),
  });
  expect(gitIn(place, 'ls-tree', '--name-only', 'main')).not.toContain('NOTE.txt');
  expect(await commander.press(thread, 'Deliver', 'cy')).toEqual({ kind: 'done' });
  // The status card says it first, among what happened last; the report says by whom.
  const delivered = await commander.card(thread, (card) => wordsOf(card).includes('by bo and cy'));
  expect(wordsOf(delivered)).toContain('Delivered to main');
  expect(gitIn(place, 'ls-tree', '--name-only', 'main')).toContain('NOTE.txt');
});
