import { z } from 'zod';
import { tiers } from '../limits.ts';
import { type Channel, directChannel } from '../state/workspace.ts';
import { channelJson } from '../wire.ts';
import { args, flag, whole } from './arguments.ts';
import { readScope, visibleChannel } from './channels.ts';
import { type Answer, type Caller, type Method, method, needScope } from './method.ts';
import { slice } from './paging.ts';
import { Refusal } from './refusal.ts';

const listArguments = args({
  cursor: z.string().optional(),
  exclude_archived: flag.optional(),
  limit: whole.optional(),
  types: z.string().optional(),
  user: z.string().optional(),
});

const list = method({
  name: 'conversations.list',
  rate: tiers.two,
  input: listArguments,
  answer: (input, caller) => listed(caller, input, (channel) => channel.kind === 'public' || isIn(caller, channel)),
});

const ownChannels = method({
  name: 'users.conversations',
  rate: tiers.three,
  input: listArguments,
  answer: (input, caller) => listed(caller, input, (channel) => isIn(caller, channel)),
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
    needScope(token, readScope(channel.kind));
    const { items, next } = slice([...channel.members], input.cursor, input.limit ?? 100);
    return { members: items, response_metadata: { next_cursor: next } };
  },
});

export const channelListMethods: readonly Method[] = [list, ownChannels, open, members];

function isIn({ workspace }: Caller, channel: Channel): boolean {
  return channel.members.has(workspace.bot.userId);
}

/** Kinds of channels by the names that these methods use. */
const kinds: Readonly<Record<string, Channel['kind']>> = {
  public_channel: 'public',
  private_channel: 'private',
  im: 'im',
};

function listed(caller: Caller, input: z.infer<typeof listArguments>, visible: (channel: Channel) => boolean): Answer {
  const names = (input.types ?? 'public_channel').split(',').map((name) => name.trim());
  const wanted = names.map((name) => {
    const kind = kinds[name];
    if (kind === undefined) throw new Refusal('invalid_types');
    needScope(caller.token, readScope(kind));
    return kind;
  });
  const channels = [...caller.workspace.channels.values()].filter(
    (channel) =>
      wanted.includes(channel.kind) && visible(channel) && !(input.exclude_archived === true && channel.archived),
  );
  const { items, next } = slice(channels, input.cursor, input.limit ?? 100);
  return {
    channels: items.map((channel) => channelJson(caller.workspace, channel)),
    response_metadata: { next_cursor: next },
  };
}
