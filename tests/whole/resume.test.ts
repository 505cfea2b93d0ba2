import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { wordsOf } from '#core/show/testing.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { makeRepository } from './projects.ts';

let commander: TestCommander;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase() });
});

afterAll(async () => {
  await commander?.stop();
});

function titled(key: string, words: string) {
  return (card: Card) => card.key.startsWith(key) && plainOf(card.title).includes(words);
}

it('a task that failed goes on from a checkpoint: what it keeps stays, the steps after it are done again', async () => {
  const ready = join(commander.folder, 'ready');
  const step = (name: string, run: string) => `      - { name: ${name}, run: '${run}', checkpoint: ${name} done }\n`;
  const steps = [
    step('One', 'echo one >> log.txt'),
    step('Two', 'echo two >> log.txt'),
    step('Three', `echo three >> log.txt; test -f ${ready}`),
  ];
  const folder = await makeRepository(join(commander.folder, 'stages'), {
    'commander.yaml': `runbooks:\n  stage:\n    summary: Does three things\n    steps:\n${steps.join('')}`,
  });
  await commander.card(await commander.say(`@commander add project ${folder}`), (card) => card.key.includes('notice'));
  const thread = await commander.say('@commander stage in stages');
  const failed = await commander.card(thread, titled('report', 'Failed'));
  expect(
    failed.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])).map(({ label }) => label),
  ).toEqual(['Retry', 'Resume from…', 'Ask for help…', 'Diff', 'Revert…', 'Run again']);
  await writeFile(ready, '');
  const form = await commander.press(thread, 'Resume from…');
  expect(form).toMatchObject({
    modal: { fields: [{ options: [{ label: '0: Start' }, { label: '1: One done' }, { label: '2: Two done' }] }] },
  });
  await commander.restartBot();
  expect(await commander.submit(thread, 'Resume from…', { checkpoint: '1' })).toEqual({ kind: 'done' });
  const report = await commander.card(thread, titled('report', 'Completed'));
  expect(wordsOf(report)).toContain('“Two” took 2 attempts');
  expect(wordsOf(report)).not.toContain('“One” took 2 attempts');
  expect(JSON.stringify(await commander.threadThat(thread, () => true))).not.toContain('Resume from…');
  await commander.press(thread, 'Deliver');
  await commander.card(thread, (card) => card.key.startsWith('report') && wordsOf(card).includes('Delivered to '));
  expect(await readFile(join(folder, 'log.txt'), 'utf8')).toBe('one\ntwo\nthree\n');
});
