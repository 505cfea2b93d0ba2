import { type AdapterStore, type ChatHost, PostRefused } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type CommandThreads, placeOf } from './addresses.ts';
import { arrivalOf } from './arrivals.ts';
import type { SlackMessage } from './envelopes.ts';
import { pageLimit } from './limits.ts';
import type { ApiOf } from './workspaces.ts';

export interface LookBackParts {
  readonly apiOf: ApiOf;
  readonly host: ChatHost;
  readonly store: AdapterStore;
  readonly threads: CommandThreads;
  readonly log: AdapterLog;
  /** The bot's own user in a workspace; `undefined` where it is not installed. */
  readonly self: (team: string) => Promise<string | undefined>;
  /** Workspaces that are looked at though no task is there. */
  readonly teams: readonly string[];
}

/** Until when everything was heard, in seconds since 1970. */
export const heardUntilKey = 'heard-until';

/** Only what was said within this time before is taken up, in seconds: an older wish is no longer one. */
const lateSeconds = 24 * 3600;

/** Events may have been on their way when it was last written down that all was heard, in seconds. */
const overlapSeconds = 60;

/** Channels, and threads, that are looked at: Slack lets about 50 calls a minute. */
const placesLimit = 40;

/** Pages of one place; what was said before is too much to be taken up unasked. */
const pagesLimit = 5;

interface Page {
  readonly messages?: readonly SlackMessage[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

interface Place {
  readonly team: string;
  readonly channel: string;
}

/**
 * Looks for what was said while nobody listened: in the threads of tasks, in their channels, and in all others that the bot is in.
 * What was taken before is known by its key and changes nothing. A place that can not be read keeps no other from being looked at.
 */
export async function lookBack({ apiOf, host, store, threads, log, self, teams }: LookBackParts): Promise<void> {
  const heard = Number(await store.get(heardUntilKey));
  const now = Date.now() / 1000;
  if (!Number.isFinite(heard) || heard === 0) return;
  const oldest = Math.max(heard - overlapSeconds, now - lateSeconds).toFixed(6);
  const tasks = await host.followed('slack');
  const followed = tasks.map(placeOf);
  const channels = new Map<string, Place>(followed.map((place) => [place.channel, place]));
  for (const team of new Set([...teams, ...followed.map((place) => place.team)]))
    for (const channel of await channelsOf(team)) channels.set(channel, { team, channel });
  for (const { team, channel } of [...channels.values()].slice(0, placesLimit))
    await hearAll({ team, channel }, 'conversations.history', { channel, oldest });
  for (const thread of tasks.slice(0, placesLimit)) {
    const { team, channel } = placeOf(thread);
    const ts = await threads.opening(thread);
    if (ts !== undefined) await hearAll({ team, channel }, 'conversations.replies', { channel, ts, oldest });
  }

  async function channelsOf(team: string): Promise<readonly string[]> {
    try {
      const { channels: found = [] } = await apiOf(team).call<{
        readonly channels?: readonly { readonly id: string }[];
      }>('users.conversations', {
        types: 'public_channel,private_channel,im',
        exclude_archived: true,
        limit: pageLimit,
      });
      return found.map(({ id }) => id);
    } catch (error) {
      if (!(error instanceof PostRefused)) throw error;
      log.warn({ error, team }, 'the channels that the bot is in are not known: only those of tasks are looked at');
      return [];
    }
  }

  async function hearAll({ team, channel }: Place, method: string, args: object): Promise<void> {
    const botUser = await self(team);
    if (botUser === undefined) return;
    const found: SlackMessage[] = [];
    try {
      let cursor: string | undefined;
      for (let page = 0; page === 0 || (cursor !== undefined && page < pagesLimit); page += 1) {
        const answer = await apiOf(team).call<Page>(method, {
          ...args,
          limit: pageLimit,
          ...(cursor === undefined ? {} : { cursor }),
        });
        found.push(...(answer.messages ?? []));
        cursor = answer.response_metadata?.next_cursor || undefined;
      }
    } catch (error) {
      if (!(error instanceof PostRefused)) throw error;
      log.warn({ error, channel }, 'what was said in a channel meanwhile can not be read');
      return;
    }
    for (const message of found.sort((a, b) => (a.ts < b.ts ? -1 : 1))) {
      const arrival = arrivalOf(
        { type: 'event_callback', team_id: team, event: { ...message, channel, type: 'message' }, late: true },
        botUser,
      );
      // The message that opens a thread comes along with its replies.
      if (arrival !== undefined && message.ts >= oldest) await host.keep(arrival);
    }
  }
}
