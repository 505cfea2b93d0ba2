import { type ChatHost, type EarlierMessage, PostRefused, type Reaction } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type CommandThreads, globalId } from './addresses.ts';
import type { Answers } from './answers.ts';
import { incomingFile } from './downloads.ts';
import { isChange, type SlackChange, type SlackEvent, type SlackMessage } from './envelopes.ts';
import { pageLimit } from './limits.ts';
import type { People } from './people.ts';
import type { Readers } from './readers.ts';
import type { Refusals } from './refusals.ts';
import { appName, forwardedBy, saidIn } from './said.ts';
import { decodeText } from './text.ts';
import type { ApiOf } from './workspaces.ts';

/** A thread up to one of its messages. */
interface ThreadPart {
  readonly channel: string;
  readonly root: string;
  readonly ts: string;
}

/** What is known of a message beside itself. */
export interface Circumstances {
  /** It was found by looking back. */
  readonly late?: true | undefined;
  /** Whether its channel is shared with another organisation, where Slack says that. */
  readonly isShared?: boolean | undefined;
}

export interface MessageParts {
  readonly apiOf: ApiOf;
  readonly host: ChatHost;
  readonly people: People;
  readonly readers: Readers;
  readonly threads: CommandThreads;
  readonly answers: Answers;
  readonly refusals: Refusals;
  /** The bot's own user in a workspace; `undefined` where it is not installed. */
  readonly self: (team: string) => Promise<string | undefined>;
  /** Since when Slack can reach us without a break, in milliseconds since 1970. */
  readonly listeningSince: () => number;
  readonly log: AdapterLog;
}

/** Kinds of messages that a person wrote; all others are Slack's own notes (docs, message subtypes). `/me` makes a `me_message`. */
const spoken: ReadonlySet<string | undefined> = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

/** Says in Slack's own name what anybody had it remember, a guest too: it has nobody's rights. */
const slackbot = 'USLACKBOT';

/** Earlier messages that go along when the bot is first named in the middle of a thread. */
const earlierLimit = 20;

/** Pages of a thread that are read for them: a thread longer than this is cut at its end, for a person waits. */
const earlierPages = 5;

interface Page {
  readonly messages?: readonly SlackMessage[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

/** Signs that mean a decision and nothing else: a thumb is also put on what was only read. */
const meanings: Readonly<Record<string, Reaction['meaning']>> = {
  white_check_mark: 'approve',
  octagonal_sign: 'stop',
};

/** The words of a message without the name of the bot. */
function wordsTo(me: string | undefined, message: Pick<SlackMessage, 'text'> | undefined): string {
  return decodeText((message?.text ?? '').replaceAll(`<@${me}>`, ' '))
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** When a message was edited last. Slack counts seconds, with six digits behind the point. */
function editTime(message: Pick<SlackMessage, 'edited'> | undefined): { readonly editedAt?: number } {
  const at = Number(message?.edited?.ts);
  return at > 0 ? { editedAt: at * 1000 } : {};
}

/** What people write, as the application takes it. Each call resolves when it is stored. */
export function createMessages(parts: MessageParts) {
  const { apiOf, host, people, readers, threads, answers, refusals, self, listeningSince, log } = parts;
  async function take(team: string, event: SlackEvent, how: Circumstances): Promise<void> {
    switch (event.type) {
      case 'app_mention':
      case 'message':
        return isChange(event) ? change(team, event) : hear(team, event, how);
      case 'reaction_added':
        return react(team, event);
      default:
        return undefined;
    }
  }

  async function hear(team: string, message: SlackMessage, { late, isShared }: Circumstances): Promise<void> {
    const { channel, user, ts, thread_ts } = message;
    if (channel === undefined || user === undefined || user === slackbot || message.bot_id !== undefined) return;
    if (!spoken.has(message.subtype)) return;
    const me = await self(team);
    if (me === undefined || user === me) return;
    const mention = `<@${me}>`;
    // `app_mention` and `message` bring the same words in any order: the words decide, not the kind.
    const named = message.text?.includes(mention) === true;
    const direct = message.channel_type === 'im' || channel.startsWith('D');
    const addressed = named || direct;
    const inThread = thread_ts !== undefined && thread_ts !== ts;
    if (!addressed && !inThread) return;
    const thread = await threads.original({ team, channel, ts: thread_ts ?? ts });
    const followed = inThread && (await host.follows(thread));
    if (!addressed && !followed) return;
    const [sender, readBy] = await Promise.all([
      people.find(team, user),
      readers.of(team, channel, { kind: message.channel_type, isShared }),
    ]);
    if (addressed) refusals.asked(thread, sender.externalId);
    const said = inThread && !followed ? await earlier(team, me, { channel, root: thread_ts, ts }) : [];
    const quoted = [...said, ...forwardedBy(message)];
    await host.accept({
      // The one key of a message, by whichever event it comes.
      externalId: globalId(team, channel, ts),
      thread,
      sender,
      text: wordsTo(me, message),
      ...editTime(message),
      files: (message.files ?? []).map((file) => incomingFile(team, file)),
      addressed,
      opensThread: !inThread,
      ...(readBy === undefined ? {} : { readBy }),
      ...(quoted.length === 0 ? {} : { earlier: quoted }),
      timing: { saidAt: Number(ts) * 1000, listeningSince: listeningSince() },
      ...(late === undefined ? {} : { late }),
    });
  }

  /**
   * What people and other apps said in the thread before, its first message and the newest ones. Where Slack does not give it, the
   * request stands alone.
   */
  async function earlier(team: string, me: string, about: ThreadPart): Promise<readonly EarlierMessage[]> {
    const said = await before(team, about).catch((error: unknown) => {
      if (!(error instanceof PostRefused)) throw error;
      log.warn({ error, channel: about.channel }, 'what was said before in a thread can not be read');
      return [];
    });
    const others = said.filter((each) => each.user !== me && (saidIn(each) !== '' || forwardedBy(each).length > 0));
    const kept = [...others.slice(0, 1), ...others.slice(1).slice(-earlierLimit + 1)];
    const quoted = await Promise.all(
      kept.map(async (each) => {
        const from = appName(each) ?? (await people.find(team, each.user ?? '')).name;
        const text = saidIn(each);
        return [...(text === '' ? [] : [{ from, text }]), ...forwardedBy(each)];
      }),
    );
    return quoted.flat();
  }

  /** The messages of a thread before one of them: Slack gives a thread from its beginning. */
  async function before(team: string, { channel, root, ts }: ThreadPart): Promise<readonly SlackMessage[]> {
    const said: SlackMessage[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < earlierPages; page += 1) {
      const found = await apiOf(team).call<Page>('conversations.replies', {
        channel,
        ts: root,
        latest: ts,
        limit: pageLimit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      said.push(...(found.messages ?? []).filter((each) => each.ts < ts));
      cursor = found.response_metadata?.next_cursor || undefined;
      if (cursor === undefined) break;
    }
    return said;
  }

  async function change(team: string, event: SlackChange): Promise<void> {
    const before = event.previous_message;
    const after = event.message;
    const ts = after?.ts ?? before?.ts ?? event.deleted_ts;
    const user = after?.user ?? before?.user;
    const me = await self(team);
    if (ts === undefined || user === undefined || user === me) return;
    const deleted = event.subtype === 'message_deleted' || after?.subtype === 'tombstone';
    if (!deleted && before?.text === after?.text) return;
    await host.amend({
      platform: 'slack',
      externalId: globalId(team, event.channel, ts),
      sender: await people.find(team, user),
      ...(deleted ? {} : { text: wordsTo(me, after), ...editTime(after) }),
    });
  }

  async function react(team: string, event: Extract<SlackEvent, { readonly type: 'reaction_added' }>): Promise<void> {
    const meaning = meanings[event.reaction.split('::')[0] ?? ''];
    const { channel, ts } = event.item;
    if (meaning === undefined || channel === undefined || ts === undefined) return;
    const me = await self(team);
    if (event.item_user !== me || event.user === me) return;
    const { messages = [] } = await apiOf(team).call<{ readonly messages?: readonly SlackMessage[] }>(
      'conversations.replies',
      {
        channel,
        ts,
        limit: 1,
      },
    );
    const thread = await threads.original({ team, channel, ts: messages[0]?.thread_ts ?? ts });
    const sender = await people.now(team, event.user);
    await answers.pass({ thread, user: event.user }, await host.react({ thread, post: ts, sender, meaning }));
  }

  return { take };
}
