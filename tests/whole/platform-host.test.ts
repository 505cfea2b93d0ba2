import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAnswersFirst } from '#bot/answers-first.ts';
import { createChatHost } from '#bot/chat-host.ts';
import type { ChatHost, Sender } from '#core/chat/adapter.ts';
import { type ActionVerb, encodeAction } from '#core/chat/button.ts';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import type { TaskEvent } from '#core/task/events.ts';
import { listRules } from '#db/rules/rules.ts';
import { taskAt } from '#db/tasks/queries.ts';
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

it('offers a private task to those who see it, and to nobody by what another one was offered', async () => {
  const thread = await commander.say('@commander run the tests');
  await commander.card(thread, (card) => card.key.startsWith('report:'));
  const { address, sender } = await senderOf(thread);
  const task = await taskAt(commander.db, address);
  await commander.db.kysely.updateTable('threads').set({ read_by: 'thread' }).where('thread', '=', thread).execute();
  const stranger = { externalId: 'stranger', name: sender.name };
  await host.home(stranger);
  await commander.db.kysely
    .updateTable('members')
    .set({ role: 'requester' })
    .where('external_id', '=', 'stranger')
    .execute();
  const offered = async (person: Sender) => (await host.complete('task', '', person)).map(({ value }) => value);
  for (const _ of ['first', 'again']) {
    expect(await offered(sender)).toContain(`#${task?.number}`);
    expect(await offered(stranger)).not.toContain(`#${task?.number}`);
  }
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
  const sent = { ...submission, externalId: 'form 1' };
  for (const _ of ['first', 'again']) expect(await host.submit(sent)).toEqual({ kind: 'done' });
  expect(await host.submit({ ...submission, externalId: 'form 2' })).toMatchObject({ kind: 'notice' });
  expect(await host.submit(submission)).toMatchObject({ kind: 'notice' });
  expect(await host.submit({ ...submission, sender: { externalId: 'eve', name: 'eve' } })).toMatchObject({
    kind: 'notice',
  });
  const understanding = await commander.card(thread, (card) => card.key.startsWith('understanding:'));
  expect(JSON.stringify(understanding.blocks)).toContain('somebody should run the tests');
  await commander.card(thread, (card) => card.key.startsWith('report:'));
});

describe('a press or a form that its platform sends again', () => {
  /** The task of a release that waits for its approval, by whoever asked for it. */
  async function waiting(version: string) {
    const thread = await commander.say(`@commander release ${version}`);
    await commander.card(thread, isApproval);
    const { address, sender } = await senderOf(thread);
    const task = await taskAt(commander.db, address);
    if (task === undefined) throw new Error('there is no task');
    const approval = task.approvals[0]?.id ?? '';
    const pressed = (verb: ActionVerb, subject: string, externalId: string) =>
      host.press({ action: encodeAction({ verb, subject }), thread: address, sender, externalId });
    const found = commander.db.kysely.selectFrom('events').select('seq').where('task_id', '=', task.id);
    const events = async (type: TaskEvent['type']) => (await found.where('type', '=', type).execute()).length;
    return { id: task.id, approval, address, sender, pressed, events };
  }

  it('is done once and answered as the first time, also when it comes twice at once', async () => {
    const { id, approval, pressed, events } = await waiting('3.0.0');
    const approve = () => pressed('approve', approval, 'approve 1');
    expect(await Promise.all([approve(), approve()])).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    expect(await approve()).toEqual({ kind: 'done' });
    expect(await pressed('approve', approval, 'approve 2')).toMatchObject({
      text: expect.stringContaining('approved'),
    });
    expect(await events('approval.decided')).toBe(1);
    for (const press of ['cancel 1', 'cancel 2']) {
      await pressed('cancel', id, press);
      await expect.poll(() => events('task.cancelled')).toBe(Number(press.at(-1)));
      for (const _ of ['first', 'again']) expect(await pressed('restart', id, 'restart')).toEqual({ kind: 'done' });
    }
    expect(await events('task.restarted')).toBe(1);
  });

  it('is refused again as it was refused, though it would be allowed by now', async () => {
    const { id, pressed, events } = await waiting('3.1.0');
    const refused = await pressed('restart', id, 'too early');
    expect(refused).toMatchObject({ kind: 'notice', tone: 'warning' });
    await pressed('cancel', id, 'ended');
    await expect.poll(() => events('task.cancelled')).toBe(1);
    expect(await pressed('restart', id, 'too early')).toEqual(refused);
    expect(await events('task.restarted')).toBe(0);
  });

  it('says its words, makes its rule and answers once', async () => {
    const { id, approval, address, sender, pressed } = await waiting('3.2.0');
    for (const _ of ['first', 'again']) expect(await pressed('details', id, 'details')).toEqual({ kind: 'done' });
    const { rows } = await sql`select 1 from inbox where external_id like 'pressed details%'`.execute(
      commander.db.kysely,
    );
    expect(rows).toHaveLength(1);
    const modalId = encodeAction({ verb: 'always', subject: approval });
    const form = { modalId, thread: address, sender, externalId: 'always' };
    const values = { days: '30', scope: 'task' };
    for (const _ of ['first', 'again']) expect(await host.submit({ ...form, values })).toEqual({ kind: 'done' });
    expect((await listRules(commander.db, 'commander')).filter(({ taskId }) => taskId === id)).toHaveLength(1);
  });
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
