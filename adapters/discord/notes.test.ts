import { expect, it } from 'vitest';
import { untilDone } from '#tests/chat/until-done.ts';
import { type AdapterOnDiscord, cardOf, keyOf, startAdapter } from '#tests/discord-server/with-adapter.ts';
import { lateClock, type ManualClock } from '#tests/slack-server/clock.ts';
import { having, lockedThread, messages, post } from './testing-writes.ts';

const day = 24 * 3_600_000;

/** Longer than Discord knows a nonce, in milliseconds. */
const forgottenMs = 5 * 60_000;

interface Note {
  readonly what: string;
  /** How late Discord's clock begins, in milliseconds. */
  readonly behind: number;
  /** `first`: what makes that it is said; `again`: the same, for the next process. `channel`: where. */
  readonly prepare: (
    discord: AdapterOnDiscord,
    clock: ManualClock,
  ) => Promise<{
    readonly channel: string;
    readonly words: string;
    readonly first: () => Promise<unknown>;
    readonly again: () => Promise<unknown>;
  }>;
}

const notes: readonly Note[] = [
  {
    what: 'that a thread goes on in its channel',
    behind: 2 * forgottenMs,
    async prepare(discord) {
      const thread = await lockedThread(discord);
      return {
        channel: thread.channel,
        words: 'is locked',
        first: () => expect(discord.adapter.create(thread, cardOf('Two'), keyOf(2), 'now')).rejects.toThrow(),
        again: () => post(discord, thread, 'Two, changed', keyOf(2)),
      };
    },
  },
  {
    what: 'that words are not heard',
    behind: 2 * forgottenMs,
    async prepare(discord) {
      const thread = await discord.asked();
      await post(discord, thread);
      const { driver } = discord.server;
      const say = async () => driver.say(thread.thread, driver.ben, 'use tabs');
      return { channel: thread.thread, words: 'does not see messages', first: say, again: say };
    },
  },
  {
    what: 'that an absence left something',
    // What an absence leaves is older than a week.
    behind: 9 * day + 2 * forgottenMs,
    async prepare(discord, clock) {
      const { host, server, store } = discord;
      const thread = await discord.asked();
      await post(discord, thread);
      host.followed = async () => [thread];
      const first = () =>
        discord.restart(async () => {
          await store.set('heard-until', Date.now() - 18 * day);
          await store.delete('session');
          server.driver.mention(thread.thread, server.driver.ben, 'are you there?');
          clock.advance(9 * day);
        });
      const again = () =>
        untilDone(async () => expect(await store.get(`left:${thread.thread}`)).toEqual(expect.any(Number)));
      return { channel: thread.thread, words: 'was away', first, again };
    },
  },
  {
    what: 'who asked that he can not be answered',
    behind: 2 * forgottenMs,
    async prepare(discord) {
      const { driver } = discord.server;
      driver.deny(driver.channel('general'), ['sendMessages', 'sendMessagesInThreads']);
      const thread = await discord.asked();
      const refused = () =>
        expect(discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now')).rejects.toThrow('SEND_MESSAGES');
      return { channel: driver.direct(driver.ben), words: 'can not answer', first: refused, again: refused };
    },
  },
];

it.each(notes)(
  'a note is there once though its answer was lost longer ago than its nonce is known: $what',
  async ({ behind, prepare }) => {
    const clock = lateClock(behind);
    const discord = await startAdapter({ clock, limits: 'none' });
    const { driver, faults } = discord.server;
    const { channel, words, first, again } = await prepare(discord, clock);
    const lost = faults.http.inject(
      messages,
      { kind: 'drop', when: 'after' },
      { times: 3, matching: ({ params }) => params.channel_id === channel },
    );
    await first();
    await driver.waitFor('every try', () => lost.hits === 3);
    await discord.restart(async () => clock.advance(forgottenMs));
    await again();
    // What is under way is over then.
    await discord.restart();
    expect(having(discord, channel, words)).toHaveLength(1);
    await discord.stop();
  },
);
