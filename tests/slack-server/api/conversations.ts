import { z } from 'zod';
import { historyScope, joinChannel } from '../events.ts';
import { tiers } from '../limits.ts';
import type { Message } from '../state/message.ts';
import { type Channel, messageAt, repliesTo, type Workspace } from '../state/workspace.ts';
import { channelJson, messageJson } from '../wire.ts';
import { args, flag, whole } from './arguments.ts';
import { readScope, visibleChannel } from './channels.ts';
import { type Caller, type Method, method, needScope } from './method.ts';
import { slice } from './paging.ts';
import { Refusal } from './refusal.ts';

/** Most messages of one page (docs.slack.dev, conversations.history). */
const longestPage = 999;
const page = {
  channel: z.string().min(1),
  cursor: z.string().optional(),
  inclusive: flag.optional(),
  latest: z.string().optional(),
  oldest: z.string().optional(),
  limit: whole.pipe(z.int().min(1).max(longestPage)).optional(),
  include_all_metadata: flag.optional(),
};

const history = method({
  name: 'conversations.history',
  rate: tiers.three,
  input: args(page),
  answer(input, caller) {
    const channel = readableChannel(caller, input.channel);
    const all = caller.workspace.messages.filter(
      (message) => message.channel === channel.id && (isTop(message) || message.subtype === 'thread_broadcast'),
    );
    const shown = all.filter(({ ts, deleted }) => !deleted || repliesTo(caller.workspace, channel.id, ts).length > 0);
    // Newest first.
    return pageOf(caller, shown.filter(within(input)).reverse(), { limit: 100, ...input });
  },
});

const replies = method({
  name: 'conversations.replies',
  rate: tiers.three,
  input: args({ ...page, ts: z.string().min(1) }),
  answer(input, caller) {
    const channel = readableChannel(caller, input.channel);
    const root = threadStart(caller.workspace, channel.id, input.ts);
    if (root === undefined) throw new Refusal('thread_not_found');
    // Oldest first, the thread's first message always with them.
    const thread = repliesTo(caller.workspace, channel.id, root.ts).filter(within(input));
    return pageOf(caller, [root, ...thread], { limit: 1000, ...input });
  },
});

const info = method({
  name: 'conversations.info',
  rate: tiers.three,
  input: args({ channel: z.string().min(1), include_locale: flag.optional(), include_num_members: flag.optional() }),
  answer(input, { workspace, token }) {
    const channel = visibleChannel(workspace, input.channel);
    needScope(token, readScope(channel.kind));
    return { channel: channelJson(workspace, channel) };
  },
});

const join = method({
  name: 'conversations.join',
  scope: 'channels:join',
  rate: tiers.three,
  input: args({ channel: z.string().min(1) }),
  answer(input, { workspace, slack }) {
    const channel = visibleChannel(workspace, input.channel);
    if (channel.kind !== 'public') throw new Refusal('method_not_supported_for_channel_type');
    if (channel.archived) throw new Refusal('is_archived');
    const already = channel.members.has(workspace.bot.userId);
    if (!already) joinChannel(slack, workspace, channel.id);
    const warning = already
      ? { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } }
      : {};
    return { channel: channelJson(workspace, channel), ...warning };
  },
});

export const conversationMethods: readonly Method[] = [history, replies, info, join];

function readableChannel({ workspace, token }: Caller, id: string): Channel {
  const channel = visibleChannel(workspace, id);
  needScope(token, historyScope(channel));
  if (!channel.members.has(workspace.bot.userId)) throw new Refusal('not_in_channel');
  return channel;
}

/** The message that a thread begins with, by any message of it; of a deleted one its stone, as long as there are replies. */
function threadStart(workspace: Workspace, channel: string, ts: string): Message | undefined {
  const named = messageAt(workspace, channel, ts);
  if (named === undefined || (named.deleted && !isTop(named))) return undefined;
  const root = messageAt(workspace, channel, named.threadTs) ?? named;
  return root.deleted && repliesTo(workspace, channel, root.ts).length === 0 ? undefined : root;
}

function isTop(message: Message): boolean {
  return message.threadTs === undefined || message.threadTs === message.ts;
}

/** Time stamps of one length compare as texts. */
function within({
  oldest = '0',
  latest = '9',
  inclusive = false,
}: {
  oldest?: string;
  latest?: string;
  inclusive?: boolean;
}) {
  return ({ ts }: Message): boolean => (inclusive && (ts === oldest || ts === latest)) || (ts > oldest && ts < latest);
}

function pageOf(
  { workspace, slack }: Caller,
  messages: readonly Message[],
  input: { readonly cursor?: string; readonly limit: number; readonly include_all_metadata?: boolean },
) {
  const { items, next } = slice(messages, input.cursor, input.limit);
  return {
    messages: items.map((message) => ({
      ...messageJson(workspace, message, slack.settings.appId),
      ...(input.include_all_metadata === true && message.metadata !== undefined && { metadata: message.metadata }),
    })),
    has_more: next !== '',
    ...(next !== '' && { response_metadata: { next_cursor: next } }),
  };
}
