import { setTimeout as pause } from 'node:timers/promises';
import { type Absence, absenceOf, type Left, leftWords, readMessagesLimit } from '#core/chat/absence.ts';
import { type AdapterStore, type ChatHost, PostLater, PostRefused } from '#core/chat/adapter.ts';
import { plainOf } from '#core/chat/inline.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type CommandThreads, placeOf } from './addresses.ts';
import { arrivalOf } from './arrivals.ts';
import type { SlackMessage } from './envelopes.ts';
import { heardUntilKey } from './hearing.ts';
import { pageLimit } from './limits.ts';
import type { Posts, Where } from './posts.ts';
import type { ApiOf } from './workspaces.ts';

export interface LookBackParts {
  readonly apiOf: ApiOf;
  readonly host: ChatHost;
  readonly store: AdapterStore;
  readonly threads: CommandThreads;
  readonly posts: Posts;
  readonly log: AdapterLog;
  /** The bot's own user in a workspace; `undefined` where it is not installed. */
  readonly self: (team: string) => Promise<string | undefined>;
  /** Workspaces that are looked at though no task is there. */
  readonly teams: readonly string[];
  /** Whether somebody still wants to know. */
  readonly goesOn: () => boolean;
}

/** Events may have been on their way when it was last written down that all was heard, in milliseconds. */
const overlapMs = 60_000;

/** Pages of a channel that are read, newest first; a thread comes oldest first, so its end is far from its beginning. */
const channelPages = readMessagesLimit / pageLimit;
const threadPages = 10 * channelPages;

/**
 * Threads that began so long before the absence are found, in milliseconds: Slack lists a thread only where its first message stands
 * in the channel. A week is one page of most channels.
 */
const threadAgeMs = 7 * 24 * 3600_000;

/** After a shorter absence it is only noted that older threads were not looked at, in milliseconds: it would be said often. */
const longAbsenceMs = 3600_000;

interface Page {
  readonly messages?: readonly SlackMessage[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

interface Look extends Where {
  /** Whether a task is there. */
  readonly isKnown: boolean;
}

/** What was read of a place, oldest first. */
interface Seen {
  readonly messages: readonly SlackMessage[];
  /** Whether these are all of the absence. */
  readonly isAll: boolean;
  /** Whether threads are missing that began before what was read. */
  readonly lacksThreads: boolean;
}

/**
 * Looks for what was said while nobody listened: in the threads and channels of tasks, then in all others that the bot is in, and in
 * the threads of these channels that something was said in. What
 * was taken before is known by its key and changes nothing. A place that can not be read keeps no other from being looked at; where
 * people know Commander it is said once when something was left.
 */
export async function lookBack(parts: LookBackParts): Promise<void> {
  const heardMs = Number(await parts.store.get(heardUntilKey)) * 1000;
  if (!Number.isFinite(heardMs) || heardMs === 0) return;
  const absence = absenceOf(heardMs, Date.now());
  const seen = new Set<string>();
  for await (const look of placesOf(parts)) {
    const threads = await lookIn(parts, look, absence);
    seen.add(placeKey(look));
    for (const thread of threads) if (!seen.has(placeKey(thread))) await lookIn(parts, thread, absence);
  }
}

const placeKey = ({ channel, ts = '' }: Look) => `${channel}/${ts}`;

async function* placesOf(parts: LookBackParts): AsyncGenerator<Look> {
  const tasks = await parts.host.followed('slack');
  const followed = tasks.map(placeOf);
  const known = new Map(followed.map(({ team, channel }) => [channel, { team, channel, isKnown: true }]));
  for (const thread of tasks) {
    const { team, channel } = placeOf(thread);
    const ts = await parts.threads.opening(thread);
    if (ts !== undefined) yield { team, channel, ts, isKnown: true };
  }
  yield* known.values();
  for (const team of new Set([...parts.teams, ...followed.map((place) => place.team)]))
    for (const channel of await channelsOf(parts, team))
      if (!known.has(channel)) yield { team, channel, isKnown: false };
}

async function channelsOf(parts: LookBackParts, team: string): Promise<readonly string[]> {
  const types = { types: 'public_channel,private_channel,im', exclude_archived: true };
  const found: string[] = [];
  try {
    for (let cursor: string | undefined; ; ) {
      const page = await read<{ readonly channels?: readonly { readonly id: string }[] } & Omit<Page, 'messages'>>(
        parts,
        team,
        'users.conversations',
        { ...types, limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) },
      );
      found.push(...(page.channels ?? []).map(({ id }) => id));
      cursor = page.response_metadata?.next_cursor || undefined;
      if (cursor === undefined) return found;
    }
  } catch (error) {
    if (!(error instanceof PostRefused)) throw error;
    parts.log.warn({ error, team }, 'the channels that the bot is in are not known: only those of tasks are looked at');
    return found;
  }
}

/** Takes up what is there; the threads of a channel that something was said in since. */
async function lookIn(parts: LookBackParts, look: Look, absence: Absence): Promise<readonly Look[]> {
  const { host, log, self } = parts;
  const { team, channel } = look;
  const botUser = await self(team);
  if (botUser === undefined) return [];
  try {
    const seen = await messagesOf(parts, look, absence);
    // In a thread of others only who names the bot speaks to it.
    const isAmongOthers = !look.isKnown && look.ts !== undefined && !channel.startsWith('D');
    let isOlder = false;
    let isTaken = false;
    for (const message of seen.messages) {
      const event = { ...message, channel, type: 'message' };
      const arrival = arrivalOf({ type: 'event_callback', team_id: team, event, late: true }, botUser);
      const saidMs = Number(message.ts) * 1000;
      // The message that opens a thread comes along with its replies.
      if (arrival === undefined || saidMs < absence.from - overlapMs) continue;
      const isTooOld = saidMs < absence.since - overlapMs;
      const isMeant = !isAmongOthers || message.text?.includes(`<@${botUser}>`) === true;
      isOlder ||= isMeant && isTooOld && saidMs > absence.from;
      if (isTooOld) continue;
      await host.keep(arrival);
      isTaken ||= isMeant;
    }
    const left = leftOf(seen, isOlder);
    if (left !== undefined) await tellLeft(parts, { ...look, isKnown: look.isKnown || isTaken }, absence, left);
    return look.ts === undefined ? threadsOf(look, seen, absence) : [];
  } catch (error) {
    if (!(error instanceof PostRefused)) throw error;
    log.warn({ error, channel }, 'what was said in a channel meanwhile can not be read, or nothing can be said of it');
    return [];
  }
}

function leftOf({ isAll, lacksThreads }: Seen, isOlder: boolean): Left | undefined {
  if (!isAll) return 'more';
  if (isOlder) return 'older';
  return lacksThreads ? 'threads' : undefined;
}

function threadsOf({ team, channel }: Look, { messages }: Seen, { from }: Absence): readonly Look[] {
  const hasNews = ({ latest_reply: latest }: SlackMessage) => Number(latest ?? 0) * 1000 > from - overlapMs;
  return messages.filter(hasNews).map(({ ts }) => ({ team, channel, ts, isKnown: false }));
}

/** At most the newest that may be read. */
async function messagesOf(parts: LookBackParts, { team, channel, ts }: Look, { from }: Absence): Promise<Seen> {
  const reach = from - overlapMs;
  const oldest = ((ts === undefined ? reach - threadAgeMs : reach) / 1000).toFixed(6);
  const method = ts === undefined ? 'conversations.history' : 'conversations.replies';
  const where = { channel, oldest, limit: pageLimit, ...(ts === undefined ? {} : { ts }) };
  const found: SlackMessage[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < (ts === undefined ? channelPages : threadPages); page += 1) {
    const answer = await read<Page>(parts, team, method, { ...where, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...(answer.messages ?? []));
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) break;
  }
  const messages = found.sort((a, b) => (a.ts < b.ts ? -1 : 1)).slice(-readMessagesLimit);
  const isWhole = cursor === undefined && messages.length === found.length;
  const isAll = isWhole || (ts === undefined && Number(messages[0]?.ts) * 1000 < reach);
  return { messages, isAll, lacksThreads: !isWhole };
}

async function tellLeft({ posts, log }: LookBackParts, look: Look, absence: Absence, left: Left): Promise<void> {
  const { isKnown, ...place } = look;
  const { team, channel, ts } = place;
  const words = leftWords(absence, left);
  log.warn({ team, channel, left }, plainOf(words));
  const isWorthWords = left !== 'threads' || absence.until - absence.from > longAbsenceMs;
  if (isKnown && isWorthWords) await posts.say(place, words, `left:${absence.from}/${team}/${channel}/${ts ?? ''}`);
}

/** What people wait for goes first: when there is no room now, it is asked again. */
async function read<Answer>(
  { apiOf, goesOn }: LookBackParts,
  team: string,
  method: string,
  args: object,
): Promise<Answer> {
  for (;;) {
    try {
      return await apiOf(team).call<Answer>(method, args, { urgency: 'soon' });
    } catch (error) {
      if (!(error instanceof PostLater) || !goesOn()) throw error;
      await pause(error.afterMs, undefined, { ref: false });
    }
  }
}
