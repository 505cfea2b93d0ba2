import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { wordsOf } from '#core/show/testing.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { gitIn, makeFolder, makeRepository } from './projects.ts';

let commander: TestCommander;

const twoSteps = `runbooks:
  edit:
    summary: Edits two files
    steps:
      - { name: First, run: 'echo one > a.txt && echo one > b.txt', checkpoint: First done }
      - { name: Second, run: 'echo two > a.txt && echo two > b.txt', checkpoint: Second done, reversible: mail was sent }
`;

const files = { 'commander.yaml': twoSteps, 'a.txt': 'zero\n', 'b.txt': 'zero\n' };

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase() });
});

afterAll(async () => {
  await commander?.stop();
});

async function edited(folder: string, name: string): Promise<string> {
  await commander.card(await commander.say(`@commander add project ${folder}`), titled('notice', 'is a project now'));
  const thread = await commander.say(`@commander edit in ${name}`);
  await commander.card(thread, titled('report', 'Completed'));
  return thread;
}

function titled(key: string, words: string) {
  return (card: Card) => card.key.includes(key) && plainOf(card.title).includes(words);
}

/** Goes to a checkpoint, whole or with chosen files; the statement that was made before. */
async function revert(thread: string, checkpoint: string, chosen?: readonly string[]): Promise<string> {
  const before = (await reverted(thread)).length;
  expect(await commander.submit(thread, 'Revert…', { checkpoint })).toEqual({ kind: 'done' });
  const stated = wordsOf(await commander.card(thread, titled('revert:', 'Revert?')));
  if (chosen === undefined) expect(await commander.press(thread, 'Revert these')).toEqual({ kind: 'done' });
  else expect(await commander.submit(thread, 'Choose files…', { files: chosen.join('\n') })).toEqual({ kind: 'done' });
  await commander.threadThat(thread, (messages) => messages.filter(isReverted).length > before);
  return stated;
}

async function reverted(thread: string) {
  return (await commander.thread(thread)).filter(isReverted);
}

function isReverted({ card }: { readonly card?: Card }): boolean {
  return card !== undefined && titled('revert:', 'Reverted')(card);
}

async function deliver(thread: string): Promise<void> {
  await commander.press(thread, 'Deliver');
  await commander.card(thread, (card) => card.key.startsWith('report') && wordsOf(card).includes('Delivered to '));
}

async function contents(folder: string): Promise<string> {
  const read = await Promise.all(['a.txt', 'b.txt'].map((name) => readFile(join(folder, name), 'utf8')));
  return read.map((text) => text.trim()).join(' ');
}

it('of chosen files, before delivery, and of that revert: what is delivered is what was left', async () => {
  const folder = await makeRepository(join(commander.folder, 'before'), files);
  const thread = await edited(folder, 'before');
  const stated = await revert(thread, '1', ['a.txt']);
  expect(stated).toContain('Some of it can be restored, some of it can not.');
  expect(stated).toContain('This would be undone:');
  expect(stated).toMatch(/can not be undone:\nWhat “Second” did: mail was sent/);
  expect(wordsOf((await reverted(thread)).at(-1)?.card as Card)).toContain('That can be reverted too.');
  await revert(thread, '2');
  await revert(thread, '1', ['b.txt']);
  await deliver(thread);
  expect(await contents(folder)).toBe('two one');
});

it('after delivery is compensated by commits, whole or by file, and can be undone as well', async () => {
  const folder = await makeRepository(join(commander.folder, 'after'), files);
  const thread = await edited(folder, 'after');
  await deliver(thread);
  expect(await contents(folder)).toBe('two two');

  expect(await revert(thread, '0', ['a.txt'])).toContain('This would be compensated by that commit:');
  expect(await contents(folder)).toBe('zero two');
  await revert(thread, '2');
  expect(await contents(folder)).toBe('two two');
  await revert(thread, '1');
  expect(await contents(folder)).toBe('one one');
  await revert(thread, '2');
  expect(await contents(folder)).toBe('two two');

  expect(gitIn(folder, 'status', '--porcelain')).toBe('');
  // The first commit, the merge, two reverts and what undid them: nothing is rewritten.
  expect(gitIn(folder, 'rev-list', '--count', '--first-parent', 'main')).toBe('6');
});

it('of a plain folder works the same, and writes nothing into it but the work', async () => {
  const folder = await makeFolder(join(commander.folder, 'bare-folder'), files);
  const thread = await edited(folder, 'bare-folder');
  await deliver(thread);
  await revert(thread, '0', ['b.txt']);
  expect(await contents(folder)).toBe('two zero');
  await revert(thread, '2');
  expect(await contents(folder)).toBe('two two');
  expect((await readdir(folder)).sort()).toEqual(['a.txt', 'b.txt', 'commander.yaml']);
});
