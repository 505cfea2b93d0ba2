import {
  type APIChannel,
  type APIMessage,
  ChannelType,
  type RESTGetAPICurrentUserGuildsResult,
  type RESTGetAPIGuildThreadsResult,
  Routes,
} from 'discord.js';
import type { ChatHost } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type Api, isOutOfReach, readMessages } from './api.ts';
import type { Messages } from './messages.ts';
import { idAt, nonceOf } from './nonce.ts';
import type { Places } from './places.ts';

export interface LookBackParts {
  readonly api: Api;
  readonly host: ChatHost;
  readonly places: Places;
  readonly messages: Messages;
  readonly log: AdapterLog;
}

/** Only what was said within this time before is taken up, in milliseconds: an older wish is no longer one. */
const lateMs = 24 * 3600_000;

/** What was heard last may have been under way when Commander ended, in milliseconds. */
const overlapMs = 120_000;

/** Messages at once (docs, Get Channel Messages), and of one place. */
const pageLimit = 100;
const placeLimit = 1000;

/**
 * Looks for what was said since `heardUntil` (milliseconds since 1970) while no session was there to bring it: in every channel and
 * thread of the bot's servers with something new, and in the direct chats that tasks are in. What was taken before is known by
 * its id and changes nothing. A task's thread is told once what was found.
 */
export async function lookBack(parts: LookBackParts, heardUntil: number): Promise<void> {
  const now = Date.now();
  const after = idAt(Math.max(heardUntil - overlapMs, now - lateMs));
  const span = { after, before: idAt(now), skipped: heardUntil < now - lateMs };
  for (const channel of await placesWithNews(parts, after)) {
    try {
      await lookIn(parts, channel, span);
    } catch (error) {
      // A place that the bot may not read has nothing for it.
      if (!isOutOfReach(error)) throw error;
      parts.log.info({ channel }, 'a channel can not be looked back at');
    }
  }
}

interface Span {
  readonly after: string;
  readonly before: string;
  /** Something may have been said longer ago than is looked back. */
  readonly skipped: boolean;
}

async function placesWithNews({ api, host, places }: LookBackParts, after: string): Promise<readonly string[]> {
  const direct = (await host.followed('discord')).filter(({ channel, thread }) => channel === thread);
  const found = new Set(direct.map(({ channel }) => channel));
  const guilds = (await api.rest.get(Routes.userGuilds())) as RESTGetAPICurrentUserGuildsResult;
  for (const { id } of guilds) {
    const channels = (await api.rest.get(Routes.guildChannels(id))) as readonly APIChannel[];
    const { threads } = (await api.rest.get(Routes.guildActiveThreads(id))) as RESTGetAPIGuildThreadsResult;
    for (const channel of [...channels, ...(threads as readonly APIChannel[])]) {
      // The newest post of a forum is a thread, which is among the threads.
      if (channel.type === ChannelType.GuildForum || channel.type === ChannelType.GuildMedia) continue;
      const last = 'last_message_id' in channel ? channel.last_message_id : undefined;
      if (last == null || BigInt(last) <= BigInt(after)) continue;
      places.learn(channel);
      found.add(channel.id);
    }
  }
  return [...found];
}

async function lookIn({ api, messages, places }: LookBackParts, channel: string, span: Span): Promise<void> {
  let taken: APIMessage | undefined;
  let count = 0;
  for await (const message of messagesOf(api, channel, span)) {
    if (!(await messages.take(message, { late: true }))) continue;
    taken = message;
    count += 1;
  }
  if (taken === undefined) return;
  const { kind } = await places.addressOf(channel, taken.id);
  // In a channel each request gets a thread of its own, whose first answer says that it is late.
  if (kind !== 'channel') await tellFound(api, channel, { newest: taken.id, count, skipped: span.skipped });
}

/** Oldest first. */
async function* messagesOf(api: Api, channel: string, { after, before }: Span): AsyncGenerator<APIMessage> {
  let from = after;
  for (let read = 0; read < placeLimit; read += pageLimit) {
    const page = [...(await readMessages(api, channel, { after: from, limit: pageLimit }))].sort((a, b) =>
      BigInt(a.id) < BigInt(b.id) ? -1 : 1,
    );
    for (const message of page) if (BigInt(message.id) < BigInt(before)) yield message;
    const last = page.at(-1);
    if (last === undefined || page.length < pageLimit) return;
    from = last.id;
  }
}

interface Found {
  readonly newest: string;
  readonly count: number;
  readonly skipped: boolean;
}

/** Once for each outage: the newest message that was found is its key. */
async function tellFound(api: Api, channel: string, { newest, count, skipped }: Found): Promise<void> {
  const what = count === 1 ? 'one message was written here: it is' : `${count} messages were written here: they are`;
  const older = skipped ? ' What was written more than a day ago was left.' : '';
  await api.rest.post(Routes.channelMessages(channel), {
    body: {
      content: `-# While Commander was away, ${what} taken up now.${older}`,
      nonce: nonceOf(`${BigInt(newest).toString(16)}a`),
      enforce_nonce: true,
      allowed_mentions: { parse: [] },
    },
  });
}
