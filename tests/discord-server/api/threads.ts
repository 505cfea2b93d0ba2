import { z } from 'zod';
import { need, visibleChannel, visibleMessage } from '../access.ts';
import { snowflake } from '../check/components.ts';
import { forumMessage } from '../check/message.ts';
import { parseBody } from '../check/parse.ts';
import type { Discord } from '../discord.ts';
import { type ApiRequest, done, ok, param, type Route } from '../http/route.ts';
import { rates } from '../limits.ts';
import { announce, keep, post } from '../posting.ts';
import { refusals } from '../refusal.ts';
import { type Channel, isThread } from '../state/channel.ts';
import { flag, type Message, messageType } from '../state/message.ts';
import { joinThread, openThread } from '../threads.ts';
import { channelJson, messageJson, threadMemberJson } from '../wire.ts';

export const threadRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/channels/{channel_id}/messages/{message_id}/threads',
    auth: 'bot',
    rate: rates.ordinary,
    answer: fromMessage,
  },
  { method: 'POST', path: '/channels/{channel_id}/threads', auth: 'bot', rate: rates.ordinary, answer: withoutMessage },
  {
    method: 'PUT',
    path: '/channels/{channel_id}/thread-members/@me',
    auth: 'bot',
    rate: rates.ordinary,
    answer: joinMe,
  },
  {
    method: 'PUT',
    path: '/channels/{channel_id}/thread-members/{user_id}',
    auth: 'bot',
    rate: rates.ordinary,
    answer: addMember,
  },
  { method: 'GET', path: '/guilds/{guild_id}/threads/active', auth: 'bot', rate: rates.ordinary, answer: active },
];

/** Minutes after which a quiet thread is archived. */
export const autoArchive = z.union([z.literal(60), z.literal(1440), z.literal(4320), z.literal(10080)]);
const shared = {
  name: z.string().min(1).max(100),
  auto_archive_duration: autoArchive.nullish(),
  rate_limit_per_user: z.number().int().min(0).max(21_600).nullish(),
};
// discord.js names the type here too; Discord takes the one that fits the channel.
const ofMessage = z.strictObject({ ...shared, type: z.literal(11).nullish() });
const ofChannel = z.strictObject({
  ...shared,
  type: z.union([z.literal(11), z.literal(12)]).nullish(),
  invitable: z.boolean().nullish(),
});
const ofForum = z.strictObject({
  ...shared,
  applied_tags: z.array(snowflake).max(5).nullish(),
  message: forumMessage,
});

function fromMessage(request: ApiRequest, discord: Discord) {
  const parent = visibleChannel(discord, param(request, 'channel_id'));
  const origin = visibleMessage(discord, parent, param(request, 'message_id'));
  if (parent.kind !== 'text' && parent.kind !== 'announcement') throw refusals.wrongChannelType();
  need(discord, parent, 'createPublicThreads', 'readMessageHistory');
  const body = parseBody(ofMessage, request.body);
  if (discord.world.channels.has(origin.id)) throw refusals.hasThread();
  const thread = openThread(discord, {
    id: origin.id,
    parent,
    name: body.name,
    kind: parent.kind === 'announcement' ? 'announcement_thread' : 'thread',
    ownerId: discord.world.bot.id,
    ...(body.auto_archive_duration != null && { autoArchive: body.auto_archive_duration }),
  });
  origin.flags |= flag.hasThread;
  announce(discord, 'MESSAGE_UPDATE', parent, origin);
  keep(discord, thread, systemMessage(discord, thread, messageType.threadStarter, '', origin.id));
  return ok(channelJson(discord.world, thread), 201);
}

function withoutMessage(request: ApiRequest, discord: Discord) {
  const parent = visibleChannel(discord, param(request, 'channel_id'));
  if (parent.kind === 'forum') return forumPost(request, discord, parent);
  if (parent.kind !== 'text') throw refusals.wrongChannelType();
  const body = parseBody(ofChannel, request.body);
  // Private is what Discord takes when no type is named (docs, Start Thread without Message).
  const kind = body.type === 11 ? 'thread' : 'private_thread';
  need(discord, parent, kind === 'thread' ? 'createPublicThreads' : 'createPrivateThreads');
  const thread = openThread(discord, {
    id: discord.world.newId(),
    parent,
    name: body.name,
    kind,
    ownerId: discord.world.bot.id,
    ...(body.auto_archive_duration != null && { autoArchive: body.auto_archive_duration }),
    ...(body.invitable != null && { invitable: body.invitable }),
  });
  if (kind === 'thread') keep(discord, parent, systemMessage(discord, parent, messageType.threadCreated, body.name));
  return ok(channelJson(discord.world, thread), 201);
}

function forumPost(request: ApiRequest, discord: Discord, parent: Channel) {
  need(discord, parent, 'sendMessages');
  if (request.files.length > 0) need(discord, parent, 'attachFiles');
  const body = parseBody(ofForum, request.body);
  if (parent.needsTag === true && (body.applied_tags ?? []).length === 0) throw refusals.needsTag();
  const { world } = discord;
  const thread = openThread(discord, {
    id: world.newId(),
    parent,
    name: body.name,
    kind: 'thread',
    ownerId: world.bot.id,
    ...(body.auto_archive_duration != null && { autoArchive: body.auto_archive_duration }),
    ...(body.applied_tags != null && { appliedTags: body.applied_tags }),
  });
  try {
    const message = post(discord, {
      channel: thread,
      author: world.bot,
      body: body.message,
      uploads: request.files,
      id: thread.id,
    });
    return ok({ ...channelJson(world, thread), message: messageJson(world, discord.cdn, message) }, 201);
  } catch (error) {
    // A post without its message does not stay.
    world.channels.delete(thread.id);
    throw error;
  }
}

function systemMessage(discord: Discord, channel: Channel, type: number, content: string, replyTo?: string): Message {
  return {
    id: discord.world.newId(),
    channelId: channel.id,
    author: discord.world.bot,
    type,
    createdAt: discord.clock.now(),
    content,
    flags: 0,
    components: [],
    embeds: [],
    attachments: [],
    pings: { everyone: false, users: [], roles: [] },
    reactions: new Map(),
    oldEdits: [],
    ...(replyTo !== undefined && { replyTo }),
  };
}

function threadOf(request: ApiRequest, discord: Discord) {
  const channel = visibleChannel(discord, param(request, 'channel_id'));
  if (!isThread(channel)) throw refusals.wrongChannelType();
  return channel;
}

function joinMe(request: ApiRequest, discord: Discord) {
  joinThread(discord, threadOf(request, discord), discord.world.bot.id);
  return done;
}

function addMember(request: ApiRequest, discord: Discord) {
  const thread = threadOf(request, discord);
  need(discord, thread, 'sendMessagesInThreads');
  const id = param(request, 'user_id');
  if (!discord.world.guild.members.has(id)) throw refusals.unknownMember();
  joinThread(discord, thread, id);
  return done;
}

function active(request: ApiRequest, discord: Discord) {
  if (param(request, 'guild_id') !== discord.world.guild.id) throw refusals.unknownGuild();
  const bot = discord.world.bot.id;
  const threads = [...discord.world.channels.values()].filter(
    (channel) =>
      isThread(channel) && !channel.thread.archived && (channel.kind !== 'private_thread' || channel.members.has(bot)),
  );
  return ok({
    threads: threads.map((thread) => channelJson(discord.world, thread)),
    members: threads.filter(({ members }) => members.has(bot)).map((thread) => threadMemberJson(thread, bot)),
    has_more: false,
  });
}
