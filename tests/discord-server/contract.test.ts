import { REST, Routes } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { messageRoutes } from './api/messages.ts';
import { createContract } from './contract/judge.ts';
import { type DiscordServer, startDiscordServer } from './server.ts';

const { state, why } = createContract();
if (state === 'skipped') process.stdout.write(`Discord's description is not checked: ${why}\n`);

let server: DiscordServer;
let rest: REST;

beforeEach(async () => {
  server = await startDiscordServer({ limits: 'none' });
  rest = new REST({ api: server.api, version: '10', retries: 0 }).setToken(server.token);
});

afterEach(() => server.stop());

const components = [
  {
    type: 17,
    accent_color: 0x2f81f7,
    components: [
      { type: 10, content: '# Plan' },
      {
        type: 9,
        components: [{ type: 10, content: 'One' }],
        accessory: { type: 2, style: 5, label: 'Open', url: 'https://example.org' },
      },
      { type: 14, divider: true, spacing: 2 },
      { type: 12, items: [{ media: { url: 'attachment://p.png' }, description: 'A picture' }] },
      { type: 13, file: { url: 'attachment://a.txt' } },
      { type: 1, components: [{ type: 2, style: 1, label: 'Approve', custom_id: 'approve', emoji: { name: '✅' } }] },
      {
        type: 1,
        components: [
          {
            type: 3,
            custom_id: 'pick',
            options: [
              { label: 'A', value: 'a' },
              { label: 'B', value: 'b', description: 'b' },
            ],
          },
        ],
      },
      { type: 1, components: [{ type: 5, custom_id: 'who' }] },
    ],
  },
];
const files = [
  { name: 'a.txt', data: Buffer.from('text'), contentType: 'text/plain' },
  { name: 'p.png', data: Buffer.from('picture'), contentType: 'image/png' },
];

/** Uses every route that the stand-in has. */
async function everything(): Promise<void> {
  const { driver, settings, world } = server;
  const channel = driver.channel('general');
  const post = async (route: `/${string}`, body: unknown): Promise<{ id: string }> =>
    (await rest.post(route, { body })) as { id: string };
  await rest.get(Routes.gatewayBot());
  for (const route of [Routes.user(), Routes.user(driver.ben), Routes.userGuilds(), Routes.currentApplication()])
    await rest.get(route);
  const guild = world.guild.id;
  for (const route of [Routes.guild(guild), Routes.guildChannels(guild), Routes.guildRoles(guild)])
    await rest.get(route);
  await rest.get(Routes.guildMember(guild, driver.ben));
  const direct = await post(Routes.userChannels(), { recipient_id: driver.ben });
  await post(Routes.channelMessages(direct.id), { content: 'hi' });
  const card = (await rest.post(Routes.channelMessages(channel), {
    body: {
      flags: 32768,
      components,
      attachments: [{ id: '0', description: 'Text' }],
      nonce: 'k',
      enforce_nonce: true,
    },
    files,
  })) as { id: string };
  const embeds = [{ title: 'T', description: 'D', fields: [{ name: 'n', value: 'v' }] }];
  const reply = await post(Routes.channelMessages(channel), {
    content: 'r',
    embeds,
    message_reference: { message_id: card.id },
  });
  const thread = await post(Routes.threads(channel, card.id), { name: 'Work' });
  await rest.put(Routes.threadMembers(thread.id, '@me'));
  await rest.put(Routes.threadMembers(thread.id, driver.ben));
  await post(Routes.threads(channel), { name: 'Private', type: 12 });
  await post(Routes.threads(channel), { name: 'Public', type: 11 });
  await post(Routes.threads(driver.channel('ideas')), { name: 'Post', message: { content: 'first' } });
  await rest.get(Routes.guildActiveThreads(guild));
  await rest.get(Routes.channel(thread.id));
  await rest.get(Routes.channel(channel));
  await rest.get(Routes.channel(direct.id));
  await rest.patch(Routes.channel(thread.id), { body: { archived: true } });
  await post(Routes.channelTyping(channel), undefined);
  await rest.put(Routes.channelMessageOwnReaction(channel, card.id, encodeURIComponent('👍')));
  await rest.get(Routes.channelMessages(channel), { query: new URLSearchParams({ limit: '10' }) });
  await rest.get(Routes.channelMessage(channel, card.id));
  await rest.delete(Routes.channelMessageOwnReaction(channel, card.id, encodeURIComponent('👍')));
  await rest.patch(Routes.channelMessage(channel, reply.id), { body: { content: 'R', embeds: [] } });
  await rest.delete(Routes.channelMessage(channel, reply.id));
  await commands(settings.applicationId, guild);
  await interaction(card.id);
}

async function commands(application: string, guild: string): Promise<void> {
  const task = {
    name: 'task',
    description: 'Asks',
    options: [{ name: 'project', description: 'Where', type: 3, autocomplete: true }],
  };
  const body = [task, { name: 'Make this a task', type: 3 }];
  await rest.put(Routes.applicationCommands(application), { body });
  await rest.get(Routes.applicationCommands(application));
  const [first] = (await rest.put(Routes.applicationGuildCommands(application, guild), { body })) as [{ id: string }];
  await rest.delete(Routes.applicationGuildCommand(application, guild, first.id));
  await rest.put(Routes.applicationGuildCommands(application, guild), { body: [] });
}

async function interaction(cardId: string): Promise<void> {
  const { driver, settings } = server;
  const card = driver.message(cardId);
  if (card === undefined) throw new Error('no card');
  const clicked = driver.click(card, 'approve');
  const { id, token } = await driver.waitFor('the click', () => driver.interactions()[0]);
  const query = new URLSearchParams({ with_response: 'true' });
  await rest.post(Routes.interactionCallback(id, token), {
    body: { type: 4, data: { content: 'ok', flags: 64 } },
    query,
    auth: false,
  });
  await clicked;
  const hook = settings.applicationId;
  await rest.get(Routes.webhookMessage(hook, token), { auth: false });
  await rest.patch(Routes.webhookMessage(hook, token), { body: { content: 'okay' }, auth: false });
  const more = (await rest.post(Routes.webhook(hook, token), { body: { content: 'more' }, auth: false })) as {
    id: string;
  };
  await rest.get(Routes.webhookMessage(hook, token, more.id), { auth: false });
  await rest.patch(Routes.webhookMessage(hook, token, more.id), { body: { content: 'More' }, auth: false });
  await rest.delete(Routes.webhookMessage(hook, token, more.id), { auth: false });
  await rest.delete(Routes.webhookMessage(hook, token), { auth: false });
}

test('every route answers as Discord describes it, and a usual request fits its description', async () => {
  await everything();
  expect(server.calls.refused()).toEqual([]);
  expect(server.contract.violations).toEqual([]);
  if (state === 'checked')
    expect([...server.contract.checked.keys()].filter((key) => key.startsWith('answer'))).toHaveLength(routeCount());
});

/** Routes of the stand-in: each was used. */
function routeCount(): number {
  return new Set(server.calls.all.map(({ route }) => route)).size;
}

test.skipIf(state === 'skipped')('a request and an answer that do not fit are found', () => {
  const { contract } = server;
  const [list, create] = messageRoutes;
  if (list === undefined || create === undefined) throw new Error('no routes');
  contract.checkRequest(create, { content: 'a', nonce: 'n'.repeat(26) });
  contract.checkRequest(create, { embeds: 'many' });
  const judge = createContract();
  judge.checkAnswer(list, { status: 200, body: [{ id: '1' }] });
  judge.checkAnswer(list, { status: 201, body: [] });
  judge.checkAnswer(list, { status: 404, body: 'none' });
  judge.checkAnswer(list, { status: 404, body: { message: 'no code' } });
  expect(contract.violations.map(({ side }) => side)).toEqual(['request', 'request']);
  expect(judge.violations.map(({ side }) => side)).toEqual(['answer', 'answer', 'answer']);
});
