import type { AdapterStore, ChatHost } from '#core/chat/adapter.ts';
import { type Api, readMessages } from './api.ts';
import type { Messages } from './messages.ts';
import type { Places } from './places.ts';

export interface LookBackParts {
  readonly api: Api;
  readonly host: ChatHost;
  readonly store: AdapterStore;
  readonly places: Places;
  readonly messages: Messages;
}

/** Channels and threads that are looked at, newest activity first. */
const placesLimit = 100;

/** Messages of one place. Discord gives at most 100 at once (docs, Get Channel Messages). */
const messagesLimit = 100;

/** Only what was said within this time before is taken up, in milliseconds: an older wish is no longer one. */
const lateMs = 24 * 3600_000;

/**
 * Looks for what was said while no session was there to bring it: in the channels and threads that tasks are in. What was taken
 * before is known by its id and changes nothing.
 */
export async function lookBack({ api, host, places, messages }: LookBackParts): Promise<void> {
  const followed = (await host.followed('discord')).slice(0, placesLimit);
  const channels = new Set([
    ...followed.map((address) => places.threadId(address)),
    ...followed.map(({ channel }) => channel),
  ]);
  const since = String((BigInt(Date.now() - lateMs - 1_420_070_400_000) << 22n) | 0n);
  for (const channel of channels) {
    const found = await readMessages(api, channel, { after: since, limit: messagesLimit });
    for (const message of [...found].reverse()) await messages.take(message, { late: true });
  }
}
