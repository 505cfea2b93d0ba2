import { z } from 'zod';
import { historyScope } from '../events.ts';
import { tiers } from '../limits.ts';
import type { Message } from '../state/message.ts';
import { type Channel, directChannel, findMessage, repliesTo } from '../state/workspace.ts';
import { channelJson, messageJson } from '../wire.ts';
import { args, flag, whole } from './arguments.ts';
import { visibleChannel } from './channels.ts';
import { type Caller, type Method, method, needScope } from './method.ts';
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
      (message) =>
        message.channel === channel.id &&
        !message.deleted &&
        (isTop(message) || message.subtype === 'thread_broadcast'),
    );
    // Newest first.
    return pageOf(caller, all.filter(within(input)).reverse(), { limit: 100, ...input });
  },
});

const replies = method({
  name: 'conversations.replies',
  rate: tiers.three,
  input: args({ ...page, ts: z.string().min(1) }),
  answer(input, caller) {
    const channel = readableChannel(caller, input.channel);
    const named = findMessage(caller.workspace, channel.id, input.ts);
    if (named === undefined) throw new Refusal('thread_not_found');
    const root =
      named.threadTs === undefined ? named : (findMessage(caller.workspace, channel.id, named.threadTs) ?? named);
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
    needScope(token, readScope(channel));
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
    channel.members.add(workspace.bot.userId);
    workspace.changes.notify();
    if (!already)
      slack.delivery.event(
        workspace,
        {
          type: 'member_joined_channel',
          user: workspace.bot.userId,
          channel: channel.id,
          channel_type: 'C',
          team: workspace.id,
          event_ts: workspace.nextTs(),
        },
        'member_joined_channel',
        'channels:read',
      );
    const warning = already
      ? { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } }
      : {};
    return { channel: channelJson(workspace, channel), ...warning };
  },
});

const list = method({
  name: 'conversations.list',
  scope: 'channels:read',
  rate: tiers.two,
  input: args({
    cursor: z.string().optional(),
    exclude_archived: flag.optional(),
    limit: whole.optional(),
    types: z.string().optional(),
  }),
  answer(input, { workspace }) {
    const wanted = (input.types ?? 'public_channel').split(',').map((type) => type.trim());
    const channels = [...workspace.channels.values()].filter(
      (channel) =>
        wanted.includes(channel.kind === 'im' ? 'im' : `${channel.kind}_channel`) &&
        (channel.kind === 'public' || channel.members.has(workspace.bot.userId)) &&
        !(input.exclude_archived === true && channel.archived),
    );
    const { items, next } = slice(channels, input.cursor, input.limit ?? 100);
    return {
      channels: items.map((channel) => channelJson(workspace, channel)),
      response_metadata: { next_cursor: next },
    };
  },
});

const open = method({
  name: 'conversations.open',
  scope: 'im:write',
  rate: tiers.three,
  input: args({
    users: z.string().optional(),
    channel: z.string().optional(),
    return_im: flag.optional(),
    prevent_creation: flag.optional(),
  }),
  answer(input, { workspace }) {
    if (input.users === undefined) throw new Refusal('users_list_not_supplied');
    if (!workspace.people.has(input.users)) throw new Refusal('user_not_found');
    return { channel: channelJson(workspace, directChannel(workspace, input.users)) };
  },
});

const members = method({
  name: 'conversations.members',
  rate: tiers.four,
  input: args({ channel: z.string().min(1), cursor: z.string().optional(), limit: whole.optional() }),
  answer(input, { workspace, token }) {
    const channel = visibleChannel(workspace, input.channel);
    needScope(token, readScope(channel));
    const { items, next } = slice([...channel.members], input.cursor, input.limit ?? 100);
    return { members: items, response_metadata: { next_cursor: next } };
  },
});

export const conversationMethods: readonly Method[] = [history, replies, info, join, list, open, members];

function readableChannel({ workspace, token }: Caller, id: string): Channel {
  const channel = visibleChannel(workspace, id);
  needScope(token, historyScope(channel));
  if (!channel.members.has(workspace.bot.userId)) throw new Refusal('not_in_channel');
  return channel;
}

function readScope(channel: Channel): string {
  return { public: 'channels:read', private: 'groups:read', im: 'im:read' }[channel.kind];
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

function slice<Item>(items: readonly Item[], cursor: string | undefined, limit: number) {
  const from =
    cursor === undefined || cursor === ''
      ? 0
      : Number(
          Buffer.from(cursor, 'base64')
            .toString()
            .replace(/^from:/, ''),
        );
  if (!Number.isInteger(from)) throw new Refusal('invalid_cursor');
  const next = from + limit < items.length ? Buffer.from(`from:${from + limit}`).toString('base64') : '';
  return { items: items.slice(from, from + limit), next };
}
