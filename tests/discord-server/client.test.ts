import {
  ApplicationCommandOptionType,
  type ChatInputCommandInteraction,
  type Client,
  Events,
  type Message,
  MessageFlags,
  type TextChannel,
} from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connected } from './client.ts';
import { type DiscordServer, startDiscordServer } from './server.ts';

let server: DiscordServer;
let client: Client<true>;

beforeEach(async () => {
  server = await startDiscordServer();
  client = await connected(server);
});

afterEach(async () => {
  await client.destroy();
  await server.stop();
});

async function general(): Promise<TextChannel> {
  return (await client.channels.fetch(server.driver.channel('general'))) as TextChannel;
}

test('a mention arrives with its words, other talk without; the answer goes into a thread, with a nonce, once', async () => {
  const heard: string[] = [];
  client.on(Events.MessageCreate, (message) => {
    if (message.author.bot) return;
    heard.push(message.content);
    if (!message.mentions.has(client.user)) return;
    void message.startThread({ name: 'Work' }).then(async (thread) => {
      await thread.send({ content: 'On it', nonce: 'a1', enforceNonce: true });
      const again = await thread.send({ content: 'On it', nonce: 'a1', enforceNonce: true });
      await again.edit('Done');
    });
  });
  const { driver } = server;
  driver.say(driver.channel('general'), driver.ben, 'nothing for you');
  const asked = driver.mention(driver.channel('general'), driver.ben, 'mow the lawn');
  const done = await driver.waitFor('the end', () =>
    driver.messages(asked.id).find(({ content }) => content === 'Done'),
  );
  expect(heard).toEqual(['', `${driver.mentionText} mow the lawn`]);
  expect(driver.threads()).toMatchObject([{ id: asked.id, name: 'Work' }]);
  expect(driver.messages(asked.id)).toEqual([done]);
  expect(server.calls.refused()).toEqual([]);
  expect(server.calls.rateLimited()).toEqual([]);
  expect(server.contract.violations).toEqual([]);
});

test('a slash command with options is registered, sent, deferred and answered', async () => {
  await client.application.commands.set([
    {
      name: 'task',
      description: 'Asks for work',
      options: [
        { name: 'request', description: 'What to do', type: ApplicationCommandOptionType.String, required: true },
        { name: 'file', description: 'To work on', type: ApplicationCommandOptionType.Attachment },
      ],
    },
  ]);
  client.on(Events.InteractionCreate, (interaction) => {
    const command = interaction as ChatInputCommandInteraction;
    void command.deferReply({ flags: MessageFlags.Ephemeral }).then(async () => {
      const url = command.options.getAttachment('file', true).url;
      const text = await (await fetch(url)).text();
      await command.editReply(`${command.options.getString('request')}: ${text}`);
    });
  });
  const { driver } = server;
  const { acknowledged, message } = await driver.slash(
    'task',
    { request: 'count', file: { name: 'n.txt', content: '3' } },
    { user: driver.ben },
  );
  expect(acknowledged).toBe(true);
  await driver.waitFor('the reply', () => message?.content === 'count: 3');
  expect(driver.ephemerals(driver.ben)).toEqual([message]);
  expect(driver.messages(driver.channel('general'))).toEqual([]);
  expect(server.contract.violations).toEqual([]);
});

test('after a drop the client resumes and gets what it missed, in order', async () => {
  const heard: string[] = [];
  const all = new Promise<void>((resolve) => {
    client.on(Events.MessageCreate, (message: Message) => {
      if (heard.push(message.content) === 3) resolve();
    });
  });
  const { driver } = server;
  const channel = driver.channel('general');
  const { gateway } = server.faults;
  gateway.drop();
  for (const number of [1, 2, 3]) driver.mention(channel, driver.ben, String(number));
  await all;
  expect(heard.map((text) => text.at(-1))).toEqual(['1', '2', '3']);
  expect(server.logins.map(({ kind, result }) => `${kind} ${result}`)).toEqual(['identify ready', 'resume resumed']);
});

test('six messages at once: the limit is kept without a 429; an injected 429 is waited out', async () => {
  const channel = await general();
  server.faults.http.inject('POST /channels/{channel_id}/messages', { kind: 'rate_limited', seconds: 1 });
  await Promise.all([1, 2, 3, 4, 5, 6].map((number) => channel.send(String(number))));
  expect(server.calls.rateLimited()).toEqual([]);
  const taken = server.calls.of('POST /channels/{channel_id}/messages').filter(({ status }) => status === 200);
  expect(taken.map(({ body }) => (body as { content: string }).content)).toEqual(['1', '2', '3', '4', '5', '6']);
});

test('a 502 after the message was sent: twice without a nonce, once with', async () => {
  const channel = await general();
  const lose = () => server.faults.http.inject('POST', { kind: 'error', when: 'after' });
  lose();
  await channel.send('plain');
  lose();
  await channel.send({ content: 'safe', nonce: 'n', enforceNonce: true });
  const said = server.driver.messages(channel.id).map(({ content }) => content);
  expect(said).toEqual(['plain', 'plain', 'safe']);
});

test('a connection cut after the message was sent is an error, and the message is there', async () => {
  const channel = await general();
  server.faults.http.inject('POST', { kind: 'drop', when: 'after' });
  await expect(channel.send('lost')).rejects.toThrow();
  expect(server.driver.messages(channel.id)).toMatchObject([{ content: 'lost' }]);
});
