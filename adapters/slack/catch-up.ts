import type { AdapterStore, ChatHost } from '#core/chat/adapter.ts';
import { placeOf } from './addresses.ts';
import { foundArrival } from './arrivals.ts';
import type { SlackMessage } from './envelopes.ts';
import { pageLimit } from './limits.ts';
import type { ApiOf } from './workspaces.ts';

export interface LookBackParts {
  readonly apiOf: ApiOf;
  readonly host: ChatHost;
  readonly store: AdapterStore;
}

/** Until when everything was heard, in seconds since 1970. */
export const heardUntilKey = 'heard-until';

/** Only what was said within this time before is taken up, in seconds: an older wish is no longer one. */
const lateSeconds = 24 * 3600;

/** Threads and channels that are looked at: Slack lets about 50 calls a minute. */
const placesLimit = 40;

/**
 * Looks for what was said while nobody listened: in the threads of tasks and in the channels that they are in. What was taken
 * before is known by its id and changes nothing.
 */
export async function lookBack({ apiOf, host, store }: LookBackParts): Promise<void> {
  const heard = Number(await store.get(heardUntilKey));
  const now = Date.now() / 1000;
  if (!Number.isFinite(heard) || heard === 0) return;
  const oldest = Math.max(heard - 60, now - lateSeconds).toFixed(6);
  const followed = (await host.followed('slack')).map(placeOf);
  const channels = new Map(followed.map((place) => [place.channel, place]));
  for (const { team, channel } of [...channels.values()].slice(0, placesLimit))
    await hearAll(team, channel, { method: 'conversations.history', args: { channel, oldest } });
  for (const { team, channel, ts } of followed.filter(({ ts: root }) => /^\d+\.\d+$/.test(root)).slice(0, placesLimit))
    await hearAll(team, channel, { method: 'conversations.replies', args: { channel, ts, oldest } });

  async function hearAll(team: string, channel: string, { method, args }: { method: string; args: object }) {
    const { messages: found = [] } = await apiOf(team).call<{ readonly messages?: readonly SlackMessage[] }>(method, {
      ...args,
      limit: pageLimit,
    });
    const ordered = [...found].sort((a, b) => (a.ts < b.ts ? -1 : 1));
    for (const message of ordered) await host.keep(foundArrival(team, { ...message, channel }));
  }
}
