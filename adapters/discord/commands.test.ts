import { REST } from 'discord.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeCommands } from '#bot/commands/describe.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { type DiscordServer, startDiscordServer } from '#tests/discord-server/server.ts';
import { declareCommands, slashName } from './commands.ts';

let server: DiscordServer;
let rest: REST;

beforeEach(async () => {
  server = await startDiscordServer();
  rest = new REST({ version: '10', api: server.api }).setToken(server.token);
});
afterEach(async () => {
  await server.stop();
  expect(server.contract.violations).toEqual([]);
});

const puts = () => server.calls.all.filter(({ route }) => route.startsWith('PUT')).length;

it('stand in one scope, whatever the settings were before, and are only sent when something changed', async () => {
  const store = memoryStore();
  const applicationId = server.settings.applicationId;
  const here = { applicationId, guildId: server.world.guild.id };
  const everywhere = { applicationId };
  const table = describeCommands();
  const declare = (scope: typeof here | typeof everywhere, commands = table) =>
    declareCommands({ rest }, store, scope, commands);

  expect(await declare(here)).toBe('declared');
  expect([server.commands.guild.size > 0, server.commands.global.size]).toEqual([true, 0]);
  const before = puts();
  expect(await declare(here)).toBe('unchanged');
  expect(puts()).toBe(before);

  expect(await declare(everywhere)).toBe('declared');
  expect([server.commands.guild.size, server.commands.global.size > 0]).toEqual([0, true]);
  expect(await declare(here)).toBe('declared');
  expect([server.commands.guild.size > 0, server.commands.global.size]).toEqual([true, 0]);

  const fewer = table.filter(({ name }) => name !== 'cancel');
  expect(await declare(here, fewer)).toBe('declared');
  expect([...server.commands.guild.values()].map(({ name }) => name)).not.toContain('cancel');
});

it('are all of the table, whose names, options and sizes Discord takes', async () => {
  const here = { applicationId: server.settings.applicationId, guildId: server.world.guild.id };
  const table = describeCommands();
  await declareCommands({ rest }, memoryStore(), here, table);
  const typed = table.filter(({ name }) => name !== 'ask').map(({ name }) => slashName(name));
  const declared = [...server.commands.guild.values()];
  expect(declared.map(({ name }) => name).toSorted()).toEqual(['task', 'Make this a task', ...typed].toSorted());
  const optionsOf = (name: string) => declared.find((each) => each.name === name)?.body.options;
  for (const { name, options } of table.filter((each) => each.name !== 'ask'))
    expect(optionsOf(slashName(name)) ?? []).toHaveLength(options.length);
});

it('have the filters of the inbox as options: lists to choose from, projects and people completed while typing', async () => {
  const here = { applicationId: server.settings.applicationId, guildId: server.world.guild.id };
  await declareCommands({ rest }, memoryStore(), here, describeCommands());
  const inbox = [...server.commands.guild.values()].find(({ name }) => name === 'inbox');
  expect(inbox?.body).toMatchObject({
    options: [
      { name: 'which', choices: [{ value: 'mine' }, { value: 'urgent' }] },
      { name: 'project', autocomplete: true },
      { name: 'person', autocomplete: true },
    ],
  });
});
