import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAnswersFirst } from '#bot/answers-first.ts';
import { createChatHost } from '#bot/chat-host.ts';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { plainLines } from '#core/chat/plain-card.ts';
import type { TaskState } from '#core/task/state.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { commitAll, makeRepository } from './projects.ts';

let commander: TestCommander;

const deploy = String.raw`runbooks:
  deploy:
    summary: Deploys a version
    inputs:
      version: { pattern: '\d+\.\d+\.\d+', summary: three numbers }
      channel: { type: enum, options: [stable, beta] }
      dry: { type: boolean, default: false }
    steps: [{ name: Deploy, command: echo, args: ['{{version}}', '{{channel}}', '{{dry}}'] }]
`;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase() });
  for (const name of ['shop', 'web']) {
    const folder = await makeRepository(join(commander.folder, name), { 'commander.yaml': deploy });
    await commander.card(await commander.say(`@commander add project ${folder}`), titled('is a project now'));
  }
});

afterAll(async () => {
  await commander?.stop();
});

function titled(words: string) {
  return (card: Card) => plainOf(card.title).includes(words);
}

/** The task of a thread, once its report says that it is done. */
async function done(thread: string): Promise<TaskState> {
  const report = await commander.card(thread, (card) => card.key.startsWith('report') && titled('Completed')(card));
  const task = await taskByNumber(commander.db, Number(/#(\d+)/.exec(plainOf(report.title))?.[1]), 'commander');
  if (task === undefined) throw new Error('a report is about a task');
  return task;
}

const which = 'That fits more than one';
const needs = '“deploy” in web needs something more';

it('goes on with the original message, its words and its files, once its place and its inputs are known', async () => {
  const fileId = await commander.upload('notes.txt', 'what is new');
  const reason = 'because the customers have been waiting for it since last week and ask us about it every day';
  const thread = await commander.say(`@commander deploy 1.2.0 ${reason}`, { fileIds: [fileId] });
  await commander.card(thread, titled(which));
  await commander.restartBot();

  const form = await commander.press(thread, 'web', 'bo');
  if (form.kind !== 'modal') throw new Error(`the form opens: ${JSON.stringify(form)}`);
  expect(form.modal.fields.map(({ name }) => name)).toEqual(['input.channel', 'input.version', 'input.dry']);
  expect(form.modal.fields[1]).toMatchObject({ kind: 'text', value: '1.2.0' });
  await commander.card(thread, titled(needs));

  const wrong = { 'input.channel': 'nightly', 'input.version': '1.2' };
  expect(await commander.submit(thread, 'Fill in', wrong)).toEqual({
    kind: 'problems',
    problems: {
      'input.channel': expect.stringContaining('must be one of stable, beta'),
      'input.version': expect.stringContaining('three numbers'),
    },
  });
  const right = { 'input.channel': 'beta', 'input.version': '1.2.1', 'input.dry': 'true' };
  expect(await commander.submit(thread, 'Fill in', right)).toEqual({ kind: 'done' });

  const task = await done(thread);
  expect(task).toMatchObject({
    project: { name: 'web' },
    requester: { name: 'ana' },
    request: expect.stringContaining(reason),
  });
  expect(task.understanding).toMatchObject({
    inputs: { version: '1.2.1', channel: 'beta', dry: 'true' },
    attachments: [{ name: 'notes.txt' }],
    corrections: ['bo chose web', 'ana gave version 1.2.1, channel beta and dry true'],
  });
  const answered = await commander.card(thread, titled('Asked and answered'));
  expect(JSON.stringify(answered.blocks)).toContain(`"number":${task.number}`);
});

it('is answered in the thread as well; words that do not fit are said to, and what others say there is left alone', async () => {
  const thread = await commander.say('@commander deploy');
  await commander.card(thread, titled(which));
  await commander.reply(thread, 'the web one');
  await commander.card(thread, titled('That does not answer the question'));
  await commander.reply(thread, 'in web');
  await commander.card(thread, titled(needs));
  const fileId = await commander.upload('why.txt', 'they wait');
  await commander.reply(thread, '', 'ana', [fileId]);
  await commander.card(thread, (card) => JSON.stringify(card.blocks).includes('Files alone are no answer'));
  await commander.reply(thread, 'beta', 'ana', [fileId]);
  await commander.card(thread, (card) => titled(needs)(card) && !JSON.stringify(card.blocks).includes('channel=…'));
  await commander.reply(thread, '1.2');
  await commander.card(
    thread,
    (card) => card.key.includes('notice') && JSON.stringify(card.blocks).includes('does not fit'),
  );
  await commander.reply(thread, '1.2.0');
  expect((await done(thread)).understanding).toMatchObject({
    inputs: { version: '1.2.0', channel: 'beta', dry: 'false' },
    attachments: [{ name: 'why.txt' }],
  });
});

it('is answered by several forms where one has no room for all that is needed', async () => {
  const thread = await commander.say('@commander deploy in web');
  await commander.card(thread, titled(needs));
  const next = await commander.submit(thread, 'Fill in', { 'input.channel': 'beta' });
  expect(next).toMatchObject({ kind: 'modal', modal: { fields: [{ name: 'input.version' }, {}, {}] } });
  await commander.submit(thread, 'Fill in', { 'input.version': '1.2.4' });
  expect((await done(thread)).understanding.inputs).toMatchObject({ version: '1.2.4', channel: 'beta' });
});

it('a reply that is a whole request is one; the question stays open', async () => {
  const thread = await commander.say('@commander deploy 3.0.0 beta');
  await commander.card(thread, titled(which));
  await commander.reply(thread, '@commander run the tests');
  expect((await done(thread)).project.name).toBe('strawberry-api');
  await commander.press(thread, 'shop');
  await commander.card(thread, (card) => card.key.startsWith('report') && titled('deploy')(card));
});

it('is one task, however many press at once; the others are told who chose what', async () => {
  const thread = await commander.say('@commander deploy 2.0.0 stable');
  const card = await commander.card(thread, titled(which));
  const { id } =
    (await commander.thread(thread)).find((message) => message.card === card || message.card?.key === card.key) ?? {};
  const actions = card.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
  const pressed = async (index: number, who: string) => {
    const response = await fetch(`${commander.url}/api/chat/messages/${id}/press`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'commander-person': who },
      body: JSON.stringify({ action: actions[index % actions.length]?.action }),
    });
    return (await response.json()) as { kind: string; text?: string };
  };
  const replies = await Promise.all(Array.from({ length: 6 }, (_, index) => pressed(index, `person${index}`)));
  expect(replies.filter(({ kind }) => kind === 'done')).toHaveLength(1);
  const { number } = await done(thread);
  expect((await pressed(0, 'cy')).text).toMatch(new RegExp(`person\\d chose (shop|web)\\. It is task #${number}\\.`));
  const tasks = await commander.db.kysely.selectFrom('tasks').select('id').where('title', 'like', '%2.0.0%').execute();
  expect(tasks).toHaveLength(1);
});

it('stands in the inbox with its thread until it is answered, for those who may answer', async () => {
  const thread = await commander.say('@commander deploy 4.0.0 stable');
  await commander.card(thread, titled(which));
  const listed = async () => {
    const card = await commander.card(await commander.say('@commander inbox'), ({ key }) => key.includes('inbox'));
    return JSON.stringify(card.blocks);
  };
  const { db, home } = commander;
  const log = pino({ level: 'silent' });
  const application = { db, home, log, answersFirst: createAnswersFirst(), adapters: new Map() };
  const host = createChatHost(application, 'slack', async () => undefined);
  const onPageOf = async (name: string) => JSON.stringify((await host.home({ externalId: name, name }))[0]?.blocks);

  expect(await listed()).toMatch(new RegExp(`"href":"/c/general/${thread}".*“deploy 4.0.0 stable”.*Needed before it`));
  expect(await onPageOf('stranger')).not.toContain('4.0.0');
  await db.kysely.updateTable('members').set({ role: 'approver' }).where('name', '=', 'stranger').execute();
  expect(await onPageOf('stranger')).toContain('“deploy 4.0.0 stable”');

  await commander.press(thread, 'web');
  await done(thread);
  expect(await listed()).not.toContain('4.0.0');
});

it('is not asked where a route or the channel says the place, which is said; routes that lead to several are asked about', async () => {
  const told = async (text: string, words: string) =>
    commander.card(await commander.say(`@commander ${text}`), titled(words));
  const understood = async (text: string) => {
    const thread = await commander.say(`@commander ${text}`);
    const { project, understanding } = await done(thread);
    return { project: project.name, why: understanding.corrections };
  };
  await told('use project web', 'Project for this channel: web');
  await commander.restartBot();
  expect(await understood('deploy 4.0.0 beta')).toEqual({
    project: 'web',
    why: [expect.stringMatching(/^In web, because ana chose it for this channel, .* UTC$/)],
  });
  await told('route "big customers" to shop', '“big customers” leads to shop');
  await told('route hotfix to web', '“hotfix” leads to web');
  expect(await understood('deploy 4.0.1 beta for our Big customers')).toEqual({
    project: 'shop',
    why: [expect.stringMatching(/^In shop, because of the route “big customers” by ana, /)],
  });
  const both = plainLines(await told('deploy 4.0.2 beta hotfix for the big customers', which)).join('\n');
  expect(both).toMatch(/In shop, because of the route “big customers” .*\nIn web, because of the route “hotfix” /);
  const projects = commander.db.kysely.updateTable('projects').where('name', '=', 'web');
  await projects.set({ removed_at: new Date() }).execute();
  expect(plainLines(await told('deploy 4.0.2 beta', which)).join('\n')).toContain('; that is no project any more.');
  expect(plainLines(await told('preferences for channel', 'Preferences')).join('\n')).toContain(
    'Project: a project that is gone',
  );
  await projects.set({ removed_at: null }).execute();
  await told('remove route hotfix', 'leads nowhere any more');
  expect(JSON.stringify((await told('routes', 'Routes')).blocks)).toMatch(/big customers” leads to shop: ana said so/);
  await told('remove route hotfix', 'There is no route “hotfix”');
  await told('route login to nowhere', 'There is no such project');
  await told('use project default', 'nothing is chosen there any more');
  await told('deploy 4.0.3 beta', which);
});

it('works on the files that a request names, says what changed elsewhere, and refuses what lies outside of the project', async () => {
  const place = await makeRepository(join(commander.folder, 'notes'), {
    'commander.yaml': `routes: [diary]
runbooks:
  jot:
    summary: Jots something down
    scope: [day, out, LOG]
    steps: [{ name: Jot, run: 'mkdir -p day; echo 1 > day/one.txt; echo 1 > LOG', approve: false, reversible: true }]
`,
  });
  await symlink('/etc', join(place, 'out'));
  commitAll(place, 'A way out');
  await commander.card(await commander.say(`@commander add project ${place}`), titled('is a project now'));

  const thread = await commander.say('@commander jot in diary files: `day/*.txt` please');
  const task = await done(thread);
  expect(task.understanding).toMatchObject({
    scope: ['day/*.txt'],
    corrections: ['In notes, because of the route “diary” of its commander.yaml'],
  });
  expect(task.changes?.outside).toEqual({ paths: ['LOG'], count: 1 });
  const shown = (await commander.thread(thread)).flatMap(({ card }) => (card === undefined ? [] : plainLines(card)));
  expect(shown.join('\n')).toContain('1 file outside of what this was to work on (day/*.txt): LOG.');
  await commander.press(thread, 'Deliver all the same');
  await commander.card(thread, (card) => JSON.stringify(card.blocks).includes('Delivered to'));

  const refused = await commander.say(
    [
      '@commander do this:',
      '- jot in notes files: day, ../x',
      '- jot in notes files: out/passwd',
      '- jot in notes files: src',
    ].join('\n'),
  );
  await commander.threadThat(refused, (messages) => messages.filter(({ card }) => card !== undefined).length === 3);
  const why = JSON.stringify(await commander.thread(refused));
  expect(why).toContain('“../x” is not inside the project.');
  expect(why).toContain('“out” is a link.');
  expect(why).toContain('“src” is not part of what that works on: “day”, “out” and “LOG”.');
  expect(why).toContain('Nothing was started.');
});
