import {
  type APIChannel,
  type APIMessage,
  ChannelType,
  DiscordAPIError,
  type RESTGetAPICurrentUserGuildsResult,
  type RESTGetAPIGuildThreadsResult,
  Routes,
} from 'discord.js';
import { type Absence, absenceOf, type Left, leftWords, readMessagesLimit } from '#core/chat/absence.ts';
import type { AdapterStore, ChatHost } from '#core/chat/adapter.ts';
import { plainOf, type RichText } from '#core/chat/inline.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type Api, isOutOfReach, readBack } from './api.ts';
import { wholeMessages } from './events.ts';
import type { Messages } from './messages.ts';
import { idAt, madeAt } from './nonce.ts';
import { type Note, sayOnce } from './notes.ts';
import type { Once } from './once.ts';
import type { PlaceKind, Places } from './places.ts';
import { markdownOf } from './rich-text.ts';

export interface LookBackParts {
  readonly api: Api;
  readonly host: ChatHost;
  readonly store: AdapterStore;
  readonly once: Once;
  readonly places: Places;
  readonly messages: Messages;
  readonly log: AdapterLog;
  /** The bot's own id. */
  readonly self: () => string;
}

/** What was heard last may have been under way when Commander ended, in milliseconds. */
const overlapMs = 120_000;

/** Discord's clock may be ahead of ours by this much, in milliseconds: what was said just before the session began is read too. */
const clocksDifferMs = 10_000;

/**
 * Looks for what was said since `heardUntil` (milliseconds since 1970) while no session was there to bring it: in every channel and
 * thread of the bot's servers with something new, and in the direct chats and threads that tasks are in. What was taken before is
 * known by its id and changes nothing. Where people know Commander it is said once when something was left; what was found is told
 * by what takes it up.
 */
export async function lookBack(parts: LookBackParts, heardUntil: number): Promise<void> {
  const { host, places, log } = parts;
  const absence = absenceOf(heardUntil, Date.now());
  const tasks = await host.followed('discord');
  const known = new Set([...tasks.map(({ channel }) => channel), ...(await Promise.all(tasks.map(places.locate)))]);
  for (const channel of await placesWithNews(parts, known, absence)) {
    try {
      await lookIn(parts, channel, { absence, isKnown: known.has(channel) });
    } catch (error) {
      // A place that the bot may not read has nothing for it.
      if (!isOutOfReach(error)) throw error;
      log.info({ channel }, 'a channel can not be looked back at');
    }
  }
}

/** Those that tasks are in come first: there somebody waits. */
async function placesWithNews(
  { api, places }: LookBackParts,
  known: ReadonlySet<string>,
  { from }: Absence,
): Promise<readonly string[]> {
  const after = BigInt(idAt(from - overlapMs));
  const found = new Set<string>();
  /** What is no place to read, or has nothing new. Threads that were archived meanwhile are in no list, so they are read. */
  const idle = new Set<string>();
  const guilds = (await api.rest.get(Routes.userGuilds())) as RESTGetAPICurrentUserGuildsResult;
  for (const { id } of guilds) {
    const channels = (await api.rest.get(Routes.guildChannels(id))) as readonly APIChannel[];
    const { threads } = (await api.rest.get(Routes.guildActiveThreads(id))) as RESTGetAPIGuildThreadsResult;
    for (const channel of [...channels, ...(threads as readonly APIChannel[])]) {
      // The newest post of a forum is a thread, which is among the threads.
      const isForum = channel.type === ChannelType.GuildForum || channel.type === ChannelType.GuildMedia;
      const last = 'last_message_id' in channel ? channel.last_message_id : undefined;
      const hasNews = !isForum && last != null && BigInt(last) > after;
      (hasNews ? found : idle).add(channel.id);
      if (hasNews) places.learn(channel);
    }
  }
  return [...new Set([...[...known].filter((id) => !idle.has(id)), ...found])];
}

interface Look {
  readonly absence: Absence;
  /** Whether a task is there. */
  readonly isKnown: boolean;
}

async function lookIn(parts: LookBackParts, channel: string, { absence, isKnown }: Look): Promise<void> {
  const { api, messages, places, store, log } = parts;
  const { read, isAll } = await messagesOf(api, channel, absence);
  const [newest] = read;
  if (newest === undefined) return;
  const { kind } = await places.addressOf(channel, newest.id);
  const old = read.filter(({ id }) => madeAt(id) < absence.since - overlapMs);
  let isTaken = false;
  for (const message of read.slice(0, read.length - old.length).reverse())
    if (await messages.take(message, { late: true })) isTaken = true;
  const isLeft = old.some((each) => madeAt(each.id) > absence.from && concerns(each, kind, parts));
  const left: Left | undefined = !isAll ? 'more' : isLeft ? 'older' : undefined;
  const mark = `left:${channel}`;
  if (left === undefined || (await store.get(mark)) === absence.from) return;
  const words = leftWords(absence, left);
  log.warn({ channel, left }, plainOf(words));
  if (isKnown || isTaken)
    await tell(parts, { name: `${mark}:${absence.from}`, channel, after: newest.id, words: small(words) });
  await store.set(mark, absence.from);
}

/** Newest first, as far as is read; `isAll`: nothing was said before it in the absence. */
async function messagesOf(api: Api, channel: string, { from, until }: Absence) {
  const read: APIMessage[] = [];
  const after = idAt(from - overlapMs);
  for await (const page of readBack(api, channel, { after, before: idAt(until + clocksDifferMs) })) {
    read.push(...wholeMessages(page.filter(({ id }) => BigInt(id) > BigInt(after))));
    if (read.length >= readMessagesLimit) return { read, isAll: false };
  }
  return { read, isAll: true };
}

/** Whether a message, by a person, may have been meant for the bot. */
function concerns({ author, mentions, webhook_id }: APIMessage, kind: PlaceKind, { self }: LookBackParts): boolean {
  if (author.bot === true || webhook_id !== undefined) return false;
  return kind === 'thread' || kind === 'direct' || mentions.some(({ id }) => id === self());
}

function small(words: RichText): string {
  return `-# ${markdownOf(words, () => undefined)}`;
}

/** Where nothing can be said nothing else is kept from being looked at. */
async function tell(parts: LookBackParts, note: Note): Promise<void> {
  try {
    await sayOnce(parts, note);
  } catch (error) {
    if (!(error instanceof DiscordAPIError) || (error.status !== 403 && error.status !== 400)) throw error;
    parts.log.info({ error, channel: note.channel }, 'what came of an absence can not be said in a channel');
  }
}
