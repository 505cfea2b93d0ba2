import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { InteractionReply } from '#core/chat/adapter.ts';
import { shareParts } from '#tests/chat/show-card.ts';
import { untilDone } from '#tests/chat/until-done.ts';
import type { Call } from '#tests/discord-server/calls.ts';
import type { Fault } from '#tests/discord-server/faults.ts';
import { cardOf, keyOf, startAdapter } from '#tests/discord-server/with-adapter.ts';
import { lateClock } from '#tests/slack-server/clock.ts';

import {
  apart,
  command,
  edits,
  having,
  lockedThread,
  messages,
  oldAge,
  post,
  refusedInChannel,
  texts,
  type Write,
  withButton,
} from './testing-writes.ts';

/** An absence of which not all is taken up, in milliseconds. */
const awayMs = 9 * 24 * 3_600_000;

const faults: readonly (readonly [string, Fault])[] = [
  ['Discord fails before it', { kind: 'error', when: 'before' }],
  ['Discord fails after it', { kind: 'error', when: 'after' }],
  ['the connection is cut before it', { kind: 'drop', when: 'before' }],
  ['the connection is cut after it', { kind: 'drop', when: 'after' }],
  ['Discord asks for patience', { kind: 'rate_limited', seconds: 0.1 }],
  ['time is out before it', { kind: 'hang', when: 'before' }],
  ['time is out after it', { kind: 'hang', when: 'after' }],
];

const writes: readonly Write[] = [
  {
    what: 'a card',
    sites: ['send.ts post channelMessages'],
    route: messages,
    async prove({ discord, strike }) {
      const thread = await discord.asked();
      strike();
      await post(discord, thread);
      return texts(discord, thread.thread);
    },
  },
  {
    what: 'a card with a file',
    sites: ['send.ts post channelMessages'],
    route: messages,
    async prove({ discord, strike }) {
      const { adapter, host, server } = discord;
      const bytes = Buffer.from('a,b');
      async function* open() {
        yield bytes;
      }
      host.output = async () => ({ name: 'a.csv', mediaType: 'text/csv', size: bytes.length, open });
      const file = { outputId: keyOf(9), name: 'a.csv', mediaType: 'text/csv', size: 3, version: 1, href: '/o' };
      const thread = await discord.asked();
      const card = cardOf('Output', { blocks: [{ kind: 'files', files: [file] }] });
      await untilDone(() => adapter.create(thread, card, keyOf(1), 'now'));
      strike();
      await shareParts(adapter, thread, card);
      return server.driver.messages(thread.thread).flatMap(({ attachments }) => attachments.map(({ name }) => name));
    },
  },
  {
    what: 'a card in a direct chat',
    sites: ['send.ts post channelMessages'],
    route: messages,
    async prove({ discord, strike }) {
      const direct = discord.server.driver.direct(discord.server.driver.ben);
      strike();
      await post(discord, { platform: 'discord', channel: direct, thread: direct });
      return texts(discord, direct);
    },
  },
  {
    what: 'a change of a card',
    sites: ['send.ts patch channelMessage'],
    route: edits,
    async prove({ discord, strike }) {
      const thread = await discord.asked();
      const id = await post(discord, thread);
      strike();
      await untilDone(() => discord.adapter.edit(thread, id, cardOf('Changed'), 2, 'now'));
      return having(discord, thread.thread, 'Changed');
    },
  },
  {
    what: 'the opening of an archived thread',
    sites: ['send.ts patch channel'],
    route: 'PATCH /channels/{channel_id}',
    async prove({ discord, strike }) {
      const thread = await discord.asked();
      const id = await post(discord, thread);
      discord.server.driver.archive(thread.thread);
      strike();
      await untilDone(() => discord.adapter.edit(thread, id, cardOf('Changed'), 2, 'now'));
      return having(discord, thread.thread, 'Changed');
    },
  },
  {
    what: 'the last words of an old card',
    sites: ['send.ts patch channelMessage'],
    route: edits,
    behind: oldAge,
    async prove({ discord, clock, strike }) {
      const thread = await discord.asked();
      const id = await post(discord, thread, 'Old');
      clock.advance(oldAge);
      strike();
      await untilDone(() => discord.adapter.edit(thread, id, cardOf('New'), 2, 'now'));
      expect(having(discord, thread.thread, 'New')).toHaveLength(1);
      return having(discord, thread.thread, 'goes on in');
    },
  },
  {
    what: 'a mention’s thread',
    sites: ['places.ts post threads'],
    route: 'POST /channels/{channel_id}/messages/{message_id}/threads',
    async prove({ discord, strike }) {
      const thread = await discord.asked();
      strike();
      await post(discord, thread);
      expect(texts(discord, thread.thread)).toHaveLength(1);
      return discord.server.driver.threads();
    },
  },
  {
    what: 'the beginning of a command’s thread',
    sites: ['notes.ts post channelMessages'],
    route: messages,
    async prove({ discord, strike }) {
      const { driver } = discord.server;
      const thread = await command(discord);
      strike(({ params }) => params.channel_id === driver.channel('general'));
      await post(discord, thread);
      expect(driver.threads()).toHaveLength(1);
      return texts(discord, driver.channel('general'));
    },
  },
  {
    what: 'a forum’s post',
    sites: ['openings.ts post threads'],
    route: apart,
    async prove({ discord, strike }) {
      const { driver } = discord.server;
      const thread = await command(discord, { where: driver.channel('ideas') });
      strike();
      await post(discord, thread);
      return driver.threads(driver.channel('ideas'));
    },
  },
  {
    what: 'a private thread',
    sites: ['openings.ts post threads'],
    route: apart,
    async prove({ discord, strike }) {
      const { driver } = discord.server;
      const thread = await command(discord, { private: true });
      strike();
      await post(discord, thread);
      const [made] = driver.threads();
      expect(texts(discord, made?.id ?? '')).toEqual([
        expect.stringContaining('go'),
        expect.stringMatching(/^### Card/),
      ]);
      return driver.threads();
    },
  },
  {
    what: 'who joins a private thread',
    sites: ['places.ts put threadMembers'],
    route: 'PUT /channels/{channel_id}/thread-members/{user_id}',
    async prove({ discord, strike }) {
      const { driver } = discord.server;
      const thread = await command(discord, { private: true });
      strike();
      await post(discord, thread);
      return driver.threads().filter(({ members }) => members.has(driver.ben));
    },
  },
  {
    what: 'the note that a thread goes on in its channel',
    sites: ['notes.ts post channelMessages'],
    route: messages,
    async prove({ discord, strike }) {
      const thread = await lockedThread(discord);
      strike(({ params }) => params.channel_id === thread.channel);
      await post(discord, thread, 'Two', keyOf(2));
      expect(having(discord, thread.channel, '### Two')).toHaveLength(1);
      return having(discord, thread.channel, 'is locked');
    },
  },
  {
    what: 'the post in which a forum’s locked one goes on',
    sites: ['openings.ts post threads'],
    route: apart,
    async prove({ discord, strike }) {
      const { driver } = discord.server;
      const thread = await lockedThread(discord, driver.channel('ideas'));
      strike();
      await post(discord, thread);
      return driver.threads(driver.channel('ideas')).filter(({ id }) => id !== thread.thread);
    },
  },
  {
    what: 'the direct chat with one who asked where the bot may not answer',
    sites: ['rights-watch.ts post userChannels'],
    route: 'POST /users/@me/channels',
    prove: (struck) => refusedInChannel(struck),
  },
  {
    what: 'what he is told there',
    sites: ['notes.ts post channelMessages'],
    route: messages,
    prove: (struck) => refusedInChannel(struck, struck.discord.server.driver.direct(struck.discord.server.driver.ben)),
  },
  {
    what: 'what is said of words that are not heard',
    sites: ['notes.ts post channelMessages'],
    route: messages,
    async prove({ discord, strike }) {
      const { driver } = discord.server;
      const thread = await discord.asked();
      await post(discord, thread);
      strike();
      driver.say(thread.thread, driver.ben, 'use tabs');
      const told = () => having(discord, thread.thread, 'does not see messages');
      await driver.waitFor('the note', () => told().length > 0);
      return told();
    },
  },
  {
    what: 'what is said of an absence that left something',
    sites: ['notes.ts post channelMessages'],
    route: messages,
    behind: awayMs,
    async prove({ discord, clock, strike }) {
      const { host, server, store } = discord;
      const { driver } = server;
      const thread = await discord.asked();
      await post(discord, thread);
      host.followed = async () => [thread];
      strike(({ path }) => path.includes(thread.thread));
      await discord.restart(async () => {
        await store.set('heard-until', Date.now() - 2 * awayMs);
        await store.delete('session');
        driver.mention(thread.thread, driver.ben, 'are you there?');
        clock.advance(awayMs);
      });
      const told = () => having(discord, thread.thread, 'was away');
      await driver.waitFor('the note', () => told().length > 0);
      return told();
    },
  },
  {
    what: 'the commands, and those of another scope',
    sites: ['commands.ts put guildId', 'commands.ts put route'],
    route: 'PUT /applications/{application_id}/guilds/{guild_id}/commands',
    async prove({ discord, strike }) {
      const { commands, driver } = discord.server;
      await discord.store.delete('commands');
      commands.guild.clear();
      strike();
      await untilDone(() => discord.restart());
      driver.mention(driver.channel('general'), driver.ben, 'go');
      return [...commands.guild.values()].filter(({ name }) => name === 'task');
    },
  },
  {
    what: 'the removal of commands of another scope',
    sites: ['commands.ts put route'],
    route: 'PUT /applications/{application_id}/commands',
    async prove({ discord, strike }) {
      const { commands } = discord.server;
      await discord.store.delete('commands');
      const [left] = commands.guild.values();
      if (left === undefined) throw new Error('no command');
      commands.global.set(left.id, left);
      strike();
      await untilDone(() => discord.restart());
      return [commands.global.size];
    },
  },
  {
    what: 'the answer to a press',
    sites: ['answer.ts answer', 'interactions.ts answer'],
    route: 'POST /interactions/{interaction_id}/{interaction_token}/callback',
    async prove({ discord, strike }) {
      const { driver } = discord.server;
      const { message, action } = await withButton(discord);
      discord.host.reply = { kind: 'notice', tone: 'success', text: 'Heard.' };
      strike();
      expect((await driver.click(message, action, { user: driver.ben })).acknowledged).toBe(true);
      expect(discord.host.presses).toHaveLength(1);
      return driver.ephemerals(driver.ben);
    },
  },
  {
    what: 'the answer that was promised to a press',
    sites: ['answer.ts patch webhookMessage'],
    route: 'PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original',
    async prove({ discord, strike }) {
      const { driver } = discord.server;
      const { message, action } = await withButton(discord);
      const answer = Promise.withResolvers<InteractionReply>();
      discord.host.press = () => answer.promise;
      strike();
      const { message: promised } = await driver.click(message, action, { user: driver.ben });
      answer.resolve({ kind: 'notice', tone: 'success', text: 'Done at last.' });
      await driver.waitFor('the answer', () => promised !== undefined && driver.text(promised) === 'Done at last.');
      return driver.ephemerals(driver.ben);
    },
  },
];

describe.concurrent.each(writes)('$what is there once', ({ route, behind = 0, prove }) => {
  it.concurrent.each(faults)('when %s', async (_, fault) => {
    const clock = lateClock(behind);
    // Short where a request is to be given up; elsewhere longer than any machine is busy.
    const timeoutMs = fault.kind === 'hang' ? 250 : 20_000;
    const discord = await startAdapter({ clock, limits: 'none' }, { timeoutMs });
    const { http } = discord.server.faults;
    const injected: ReturnType<typeof http.inject>[] = [];
    const strike = (matching: (call: Call) => boolean = () => true) =>
      void injected.push(http.inject(route, fault, { matching }));
    expect(await prove({ discord, clock, strike })).toHaveLength(1);
    expect(injected.map(({ hits }) => hits)).toEqual([1]);
    await discord.stop();
  });
});

it('each place that changes something at Discord has its row', () => {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const sites = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) =>
      [
        ...readFileSync(`${folder}${name}`, 'utf8').matchAll(
          /(?:rest\.(post|put|patch|delete)|acks\.(answer))\(\s*(?:Routes\.)?(\w+)/g,
        ),
      ].map(([, method, answer, what]) => (answer === undefined ? `${name} ${method} ${what}` : `${name} answer`)),
    );
  expect([...new Set(sites)].sort()).toEqual([...new Set(writes.flatMap((each) => each.sites))].sort());
});
