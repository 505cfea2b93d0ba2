import { type Client, Events, type ForumChannel, type TextChannel } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connected } from './client.ts';
import { type DiscordServer, startDiscordServer } from './server.ts';

let server: DiscordServer;
let client: Client<true>;
let heard: string[];
let wake: () => void;

beforeEach(async () => {
  server = await startDiscordServer({ limits: 'none' });
  client = await connected(server);
  heard = [];
  wake = () => {};
});

afterEach(async () => {
  await client.destroy();
  await server.stop();
});

function hear(what: string): void {
  heard.push(what);
  wake();
}

/** Everything heard, once it is so much. */
async function all(count: number): Promise<readonly string[]> {
  while (heard.length < count) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  return heard;
}

test('direct messages come with their words, edits and deletions follow', async () => {
  const { driver } = server;
  client.on(Events.MessageCreate, ({ content, attachments }) => hear(`${content} ${attachments.size}`));
  client.on(Events.MessageUpdate, (_, { content }) => hear(`edited ${content}`));
  client.on(Events.MessageDelete, ({ id }) => hear(`deleted ${id}`));
  const message = driver.say(driver.direct(driver.ben), driver.ben, 'psst', {
    files: [{ name: 'a.txt', content: 'a' }],
  });
  driver.edit(message, 'pssst');
  driver.remove(message);
  expect(await all(3)).toEqual(['psst 1', 'edited pssst', `deleted ${message.id}`]);
});

test('a reply to the bot calls it; somebody else’s thread stays private but for mentions', async () => {
  const { driver } = server;
  const channel = (await client.channels.fetch(driver.channel('general'))) as TextChannel;
  const own = await channel.send('I');
  client.on(Events.MessageCreate, ({ content, author }) => void (author.bot || hear(content)));
  client.on(Events.ThreadCreate, ({ name }) => hear(`thread ${name}`));
  const message = driver.message(own.id);
  if (message === undefined) throw new Error('no message');
  driver.say(channel.id, driver.ben, 'you', { replyTo: message });
  const thread = driver.startThread(channel.id, driver.ben, 'Talk');
  driver.say(thread.id, driver.ben, 'hidden');
  driver.mention(thread.id, driver.ben, 'open');
  expect(await all(4)).toEqual(['you', 'thread Talk', '', `${driver.mentionText} open`]);
});

test('reactions are told of, and put', async () => {
  const { driver } = server;
  const channel = (await client.channels.fetch(driver.channel('general'))) as TextChannel;
  const own = await channel.send('ready?');
  client.on(Events.MessageReactionAdd, ({ emoji, message }, user) => hear(`${emoji.name} ${message.id} ${user.id}`));
  client.on(Events.MessageReactionRemove, ({ emoji }) => hear(`no ${emoji.name}`));
  const message = driver.message(own.id);
  if (message === undefined) throw new Error('no message');
  driver.react(message, driver.ben, '👍');
  driver.unreact(message, driver.ben, '👍');
  expect(await all(2)).toEqual([`👍 ${own.id} ${driver.ben}`, 'no 👍']);
  await own.react('👀');
  expect([...message.reactions]).toEqual([['👀', new Set([driver.bot])]]);
});

test('forum posts and private threads; a thread’s end is told of', async () => {
  const { driver } = server;
  const forum = (await client.channels.fetch(driver.channel('ideas'))) as ForumChannel;
  const post = await forum.threads.create({ name: 'Post', message: { content: 'first' } });
  expect(driver.messages(post.id)).toMatchObject([{ id: post.id, content: 'first' }]);
  const channel = (await client.channels.fetch(driver.channel('general'))) as TextChannel;
  const thread = await channel.threads.create({ name: 'Quiet', type: 12 });
  await thread.members.add(driver.ben);
  expect(driver.threads(channel.id)).toMatchObject([
    { kind: 'private_thread', members: new Set([driver.bot, driver.ben]) },
  ]);
  client.on(Events.ThreadUpdate, (_, { archived, locked }) => hear(`archived ${archived} locked ${locked}`));
  client.on(Events.ThreadDelete, ({ id }) => hear(`deleted ${id}`));
  driver.archive(thread.id);
  driver.lock(thread.id);
  driver.removeChannel(thread.id);
  expect(await all(3)).toEqual(['archived true locked false', 'archived true locked true', `deleted ${thread.id}`]);
});

test('what is unknown does no harm', async () => {
  const { driver, faults } = server;
  client.on(Events.MessageCreate, ({ content }) => hear(content));
  faults.gateway.emit('SOMETHING_NEW', { x: 1 });
  faults.gateway.raw(JSON.stringify({ op: 99, d: {} }));
  faults.gateway.emit('INTERACTION_CREATE', { id: '1', type: 99, token: 'x' });
  driver.mention(driver.channel('general'), driver.ben, 'still here');
  expect(await all(1)).toEqual([`${driver.mentionText} still here`]);
});
