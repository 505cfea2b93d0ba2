import { DiscordAPIError, REST, Routes } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ManualClock, manualClock } from '#tests/slack-server/clock.ts';
import { type DiscordServer, startDiscordServer } from './server.ts';
import type { Interaction } from './state/interaction.ts';

let server: DiscordServer;
let clock: ManualClock;
let rest: REST;
let channel: string;

beforeEach(async () => {
  clock = manualClock(Date.UTC(2026, 0, 1));
  server = await startDiscordServer({ clock, limits: 'none' });
  rest = new REST({ api: server.api, version: '10', retries: 0 }).setToken(server.token);
  channel = server.driver.channel('general');
  await rest.put(Routes.applicationCommands(server.settings.applicationId), { body: commands });
});

afterEach(() => server.stop());

const commands = [
  {
    name: 'add',
    description: 'Adds',
    options: [
      {
        name: 'project',
        description: 'A project',
        type: 1,
        options: [
          { name: 'name', description: 'Its name', type: 3, required: true, autocomplete: true },
          { name: 'kind', description: 'Its kind', type: 3, choices: [{ name: 'Folder', value: 'folder' }] },
        ],
      },
    ],
  },
  { name: 'Make this a task', type: 3 },
];

/** The interaction that came last. */
async function last(count = 1): Promise<Interaction> {
  const { driver } = server;
  return driver.waitFor('an interaction', () => driver.interactions()[count - 1]);
}

async function callback({ id, token }: Interaction, body: unknown): Promise<unknown> {
  return rest.post(Routes.interactionCallback(id, token), { body, auth: false });
}

async function codeOf(request: Promise<unknown>): Promise<number | string> {
  return request.then(
    () => 0,
    (error: unknown) => {
      if (error instanceof DiscordAPIError) return error.code;
      throw error;
    },
  );
}

test('an answer after 3 seconds finds nobody, a second answer is too many', async () => {
  const { driver } = server;
  const slow = driver.slash('add project', { name: 'x' });
  const missed = await last();
  clock.advance(3001);
  expect(await slow).toMatchObject({ acknowledged: false });
  expect(await codeOf(callback(missed, { type: 5 }))).toBe(10062);
  const quick = driver.slash('add project', { name: 'x', kind: 'folder' });
  const answered = await last(2);
  expect(answered.data).toMatchObject({
    name: 'add',
    options: [{ name: 'project', type: 1, options: [{ value: 'x' }, { value: 'folder' }] }],
  });
  expect(await codeOf(callback(answered, { type: 8, data: { choices: [] } }))).toBe(50035);
  expect(await codeOf(callback(answered, { type: 5, data: { flags: 32768 } }))).toBe(50035);
  expect(await codeOf(callback(answered, { type: 5 }))).toBe(0);
  expect(await quick).toMatchObject({ acknowledged: true, message: { content: '' } });
  expect(await codeOf(callback(answered, { type: 5 }))).toBe(40060);
});

test('the first follow-up takes the place of "is thinking"; after 15 minutes the token is worth nothing', async () => {
  const { driver, settings } = server;
  const sent = driver.slash('add project', { name: 'x' });
  const { token } = await last();
  const follow = (content: string) =>
    rest.post(Routes.webhook(settings.applicationId, token), { body: { content }, auth: false });
  expect(await codeOf(follow('early'))).toBe(10015);
  await callback(await last(), { type: 5 });
  const { message } = await sent;
  await follow('first');
  await follow('second');
  expect(driver.messages(channel).map(({ content }) => content)).toEqual(['first', 'second']);
  expect(message).toBe(driver.messages(channel)[0]);
  clock.advance(15 * 60_000);
  expect(await codeOf(follow('just in time'))).toBe(0);
  clock.advance(1);
  expect(await codeOf(follow('late'))).toBe(50027);
});

test('completions, a form with a file, and what a client lets nobody send', async () => {
  const { driver } = server;
  const typing = driver.autocomplete('add project', { name: 'we' });
  await callback(await last(), { type: 8, data: { choices: [{ name: 'Web', value: 'web' }] } });
  expect(await typing).toEqual({ acknowledged: true, choices: [{ name: 'Web', value: 'web' }] });
  const asked = driver.contextMenu(driver.say(channel, driver.ben, 'please'), 'Make this a task', { user: driver.ben });
  const command = await last(2);
  expect(Object.values(command.data.resolved as object)).toMatchObject([
    { [String(command.data.target_id)]: { content: 'please' } },
  ]);
  await callback(command, {
    type: 9,
    data: {
      custom_id: 'form',
      title: 'A task',
      components: [
        { type: 18, label: 'Request', component: { type: 4, custom_id: 'request', style: 2, value: 'please' } },
        {
          type: 18,
          label: 'Project',
          component: { type: 3, custom_id: 'project', options: [{ label: 'Web', value: 'web' }] },
        },
        { type: 18, label: 'Files', component: { type: 19, custom_id: 'files', required: false } },
      ],
    },
  });
  const { modal } = await asked;
  if (modal === undefined) throw new Error('no form');
  expect(() => driver.submitModal(modal, { mystery: 'x' })).toThrow('no field mystery');
  expect(() => driver.submitModal(modal, { request: 'x' })).toThrow('project');
  const submitted = driver.submitModal(modal, {
    request: 'mow',
    project: ['web'],
    files: [{ name: 'a.txt', content: 'a' }],
  });
  const form = await last(3);
  expect(form).toMatchObject({ user: { name: 'ben' }, data: { custom_id: 'form' } });
  expect(await codeOf(callback(form, { type: 7, data: { content: 'x' } }))).toBe(50035);
  await callback(form, { type: 4, data: { content: 'taken', flags: 64 } });
  expect(await submitted).toMatchObject({ message: { content: 'taken' } });
  expect(driver.ephemerals(driver.ben)).toMatchObject([{ content: 'taken' }]);
  expect(() => driver.slash('add project', {})).toThrow('needs name');
  expect(() => driver.slash('add', { name: 'x' })).toThrow('subcommands');
  expect(() => driver.slash('add project', { name: 'x', kind: 'boat' })).toThrow('no choice boat');
});

test('a click changes its message; a disabled button cannot be pressed', async () => {
  const { driver } = server;
  const components = (disabled: boolean) => [
    { type: 1, components: [{ type: 2, style: 1, label: 'Go', custom_id: 'go', disabled }] },
  ];
  const { id } = (await rest.post(Routes.channelMessages(channel), {
    body: { content: 'x', components: components(false) },
  })) as { id: string };
  const message = driver.message(id);
  if (message === undefined) throw new Error('no message');
  const clicked = driver.click(message, 'go', { user: driver.ben });
  await callback(await last(), { type: 7, data: { content: 'gone', components: components(true) } });
  expect(await clicked).toMatchObject({ acknowledged: true, message: { content: 'gone' } });
  expect(() => driver.click(message, 'go')).toThrow('disabled');
});

test('commands: wrong ones are refused by name, kept ones keep their ids', async () => {
  const route = Routes.applicationCommands(server.settings.applicationId);
  const put = (body: unknown) => rest.put(route, { body }) as Promise<Array<{ id: string }>>;
  const plain = (name: string) => ({ name, description: 'x' });
  const [before] = await put([plain('a')]);
  const after = await put([plain('b'), plain('a')]);
  expect(after[1]?.id).toBe(before?.id);
  expect(await codeOf(put(Array.from({ length: 100 }, (_, number) => plain(`c${number}`))))).toBe(0);
  expect(await codeOf(put(Array.from({ length: 101 }, (_, number) => plain(`c${number}`))))).toBe(50035);
  for (const wrong of [plain('Upper'), plain('two words'), plain('x'.repeat(33)), { name: 'a', description: '' }]) {
    expect(await codeOf(put([wrong]))).toBe(50035);
  }
  expect(await codeOf(put([plain('a'), plain('a')]))).toBe(50035);
  const optional = { name: 'a', description: 'x', type: 3 };
  expect(await codeOf(put([{ ...plain('a'), options: [optional, { ...optional, name: 'b', required: true }] }]))).toBe(
    50035,
  );
  expect(await codeOf(put([{ ...plain('a'), mystery: 1 }]))).toBe(50035);
});
