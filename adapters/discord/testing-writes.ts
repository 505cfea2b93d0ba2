import { expect } from 'vitest';
import type { ThreadAddress } from '#core/chat/adapter.ts';
import { untilDone } from '#tests/chat/until-done.ts';
import type { Call } from '#tests/discord-server/calls.ts';
import { type AdapterOnDiscord, cardOf, keyOf } from '#tests/discord-server/with-adapter.ts';
import type { ManualClock } from '#tests/slack-server/clock.ts';

/** An adapter at Discord, one of whose writes is to fail. */
export interface Struck {
  readonly discord: AdapterOnDiscord;
  readonly clock: ManualClock;
  /** From now on the next write of the row, which `matching` may narrow, fails once. */
  strike(matching?: (call: Call) => boolean): void;
}

/** One way in which the adapter changes something at Discord. */
export interface Write {
  readonly what: string;
  /** Where it stands: file, method and route. */
  readonly sites: readonly string[];
  /** As the stand-in names it. */
  readonly route: string;
  /** How late Discord's clock begins, in milliseconds. */
  readonly behind?: number;
  /** Does it, as Commander does; what is there afterwards, which must be there once. */
  readonly prove: (struck: Struck) => Promise<readonly unknown[]>;
}

export const messages = 'POST /channels/{channel_id}/messages';
export const edits = 'PATCH /channels/{channel_id}/messages/{message_id}';
export const apart = 'POST /channels/{channel_id}/threads';

export const oldAge = 51 * 60_000;

/** Posts a card. Whoever tries again has what is newest by then: another title, which ends in the number of the try. */
export function post({ adapter }: AdapterOnDiscord, thread: ThreadAddress, title = 'Card', key = keyOf(1)) {
  let tries = 0;
  return untilDone(() => {
    tries += 1;
    return adapter.create(thread, cardOf(tries === 1 ? title : `${title} ${tries}`), key, 'now');
  });
}

export const texts = ({ server: { driver } }: AdapterOnDiscord, channel: string) =>
  driver.messages(channel).map((message) => driver.text(message));

/** What a channel shows that contains these words. */
export const having = (discord: AdapterOnDiscord, channel: string, words: string) =>
  texts(discord, channel).filter((text) => text.includes(words));

/** `/task` by Ben: where its answer belongs. */
export async function command(discord: AdapterOnDiscord, options: Readonly<Record<string, string | boolean>> = {}) {
  const { driver } = discord.server;
  await driver.slash('task', { request: 'go', ...options }, { user: driver.ben });
  const heard = (await discord.host.until(1))[0];
  if (heard === undefined) throw new Error('nothing was heard');
  return heard.thread;
}

export async function lockedThread(discord: AdapterOnDiscord, parent?: string) {
  const { driver } = discord.server;
  const from = parent === undefined ? undefined : driver.startThread(parent, driver.ben, 'An idea').id;
  const thread = await discord.asked('go', from);
  if (from === undefined) await post(discord, thread);
  driver.lock(thread.thread);
  return thread;
}

export async function withButton(discord: AdapterOnDiscord) {
  const action = 'approve:0190a000-0000-7000-8000-00000000000b';
  const thread = await discord.asked();
  const blocks = [{ kind: 'buttons', buttons: [{ label: 'Approve', action }] }] as const;
  const id = await untilDone(() => discord.adapter.create(thread, cardOf('Ask', { blocks }), keyOf(1), 'now'));
  const message = discord.server.driver.message(id);
  if (message === undefined) throw new Error('no card');
  return { message, action };
}

export async function refusedInChannel({ discord, strike }: Struck, channel?: string) {
  const { driver } = discord.server;
  driver.deny(driver.channel('general'), ['sendMessages', 'sendMessagesInThreads']);
  const thread = await discord.asked();
  strike(({ params }) => channel === undefined || params.channel_id === channel);
  await untilDone(() =>
    expect(discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now')).rejects.toThrow('SEND_MESSAGES'),
  );
  return texts(discord, driver.direct(driver.ben));
}
