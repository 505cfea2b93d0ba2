import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAnswersFirst } from '#bot/answers-first.ts';
import { createChatHost } from '#bot/chat-host.ts';
import type { ChatHost } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';

let commander: TestCommander;
let host: ChatHost;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase() });
  const { db, home } = commander;
  const log = pino({ level: 'silent' });
  const application = { db, home, log, answersFirst: createAnswersFirst(), adapters: new Map() };
  host = createChatHost(application, 'web', async () => undefined);
});
afterAll(() => commander.stop());

const isApproval = (card: Card) => card.key.startsWith('approval:');

/** The person behind a name, as the web chat signs for it. */
async function senderOf(thread: string) {
  const [root] = await commander.thread(thread);
  if (root === undefined || root.author === 'commander') throw new Error('nobody opened this thread');
  const address = { platform: 'web', channel: root.channelId, thread };
  return { root, address, sender: { externalId: root.author.id, name: root.author.name } };
}

it('takes a reaction for the button of that meaning, and on other posts for nothing', async () => {
  const thread = await commander.say('@commander release 1.2.0');
  await commander.card(thread, isApproval);
  const { address, sender } = await senderOf(thread);
  const posts = await commander.thread(thread);
  const understanding = posts.find(({ card }) => card?.key.startsWith('understanding:'))?.id ?? '';
  const approval = posts.find(({ card }) => card && isApproval(card))?.id ?? '';
  const reaction = { thread: address, sender, meaning: 'approve' } as const;
  expect(await host.react({ ...reaction, post: understanding })).toEqual({ kind: 'done' });
  expect(await host.react({ ...reaction, post: 'no-such-post' })).toEqual({ kind: 'done' });
  const eve = { externalId: 'eve', name: 'eve' };
  await host.home(eve);
  await commander.db.kysely.updateTable('members').set({ role: 'viewer' }).where('external_id', '=', 'eve').execute();
  const refused = await host.react({ ...reaction, post: approval, sender: eve });
  expect(refused).toMatchObject({ kind: 'notice', text: expect.stringContaining('approver') });
  expect(await host.react({ ...reaction, post: approval })).toEqual({ kind: 'done' });
  await commander.card(thread, (card) => isApproval(card) && plainOf(card.title).includes('Approved'));
});

it('makes a task of a message that somebody points at, once', async () => {
  const thread = await commander.say('somebody should run the tests');
  const { root, address, sender } = await senderOf(thread);
  const pointed = { externalId: root.id, thread: address, author: 'bo', text: root.text ?? '', files: [] };
  const form = await host.draft(pointed, sender);
  if (form.kind !== 'modal') throw new Error('there is no form');
  expect(form.modal.fields.map(({ name }) => name)).toEqual(['what', 'project', 'runbook', 'priority', 'files']);
  const values = { what: 'run the tests', project: 'strawberry-api', runbook: '-', priority: '10' };
  const submission = { modalId: form.modal.id, thread: address, sender, values };
  expect(await host.submit({ ...submission, values: { ...values, what: ' ' } })).toMatchObject({ kind: 'problems' });
  expect(await host.submit(submission)).toEqual({ kind: 'done' });
  expect(await host.submit(submission)).toMatchObject({ kind: 'notice' });
  expect(await host.submit({ ...submission, sender: { externalId: 'eve', name: 'eve' } })).toMatchObject({
    kind: 'notice',
  });
  const understanding = await commander.card(thread, (card) => card.key.startsWith('understanding:'));
  expect(JSON.stringify(understanding.blocks)).toContain('somebody should run the tests');
  await commander.card(thread, (card) => card.key.startsWith('report:'));
});

it('completes from what there is, and shows a person his own page', async () => {
  const thread = await commander.say('@commander run the tests');
  await commander.card(thread, (card) => card.key.startsWith('report:'));
  const { sender } = await senderOf(thread);
  expect(await host.complete('project', 'STRAW', sender)).toEqual([
    { value: 'strawberry-api', label: 'strawberry-api' },
  ]);
  expect((await host.complete('request', 'tests', sender)).length).toBeGreaterThan(0);
  expect((await host.complete('task', '', sender)).length).toBeGreaterThan(0);
  expect(await host.complete('task', 'nothing like this', sender)).toEqual([]);
  const [inbox, own] = await host.home(sender);
  expect(inbox?.key).toBe('inbox');
  expect(JSON.stringify(own?.blocks)).toContain('asked by ana');
  expect((await host.followed('web')).some((each) => each.thread === thread)).toBe(true);
});

it('opens a produced file by the id that its card names', async () => {
  const thread = await commander.say('@commander report as HTML please');
  const card = await commander.card(thread, ({ key }) => key.startsWith('output:'));
  const [file] = card.blocks.flatMap((block) => (block.kind === 'files' ? block.files : []));
  const output = await host.output(file?.outputId ?? '');
  let size = 0;
  for await (const chunk of output?.open() ?? []) size += chunk.byteLength;
  expect(output).toMatchObject({ name: file?.name, mediaType: file?.mediaType, size });
  expect(await host.output('nothing')).toBeUndefined();
});

it('says how Commander itself is where no task is meant', async () => {
  const thread = await commander.say('@commander status');
  const card = await commander.card(thread, ({ title }) => plainOf(title).includes('Commander is working'));
  expect(JSON.stringify(card.blocks)).toContain('connected to web');
});
