import type { Cdn } from './cdn.ts';
import { type Channel, channelType, isThread, type ThreadState } from './state/channel.ts';
import { type Attachment, type Message, messageType } from './state/message.ts';
import { type Guild, type Member, permissionsIn, type Role, type User, type World } from './state/world.ts';
import { componentsJson } from './wire-components.ts';

export type Json = Readonly<Record<string, unknown>>;

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('Z', '000+00:00');

export function userJson(user: User): Json {
  return {
    id: user.id,
    username: user.name,
    global_name: user.bot ? null : user.name,
    avatar: null,
    discriminator: user.bot ? '0001' : '0',
    public_flags: 0,
    flags: 0,
    bot: user.bot,
    primary_guild: null,
  };
}

export function memberJson(member: Member): Json {
  return { ...bareMemberJson(member), user: userJson(member.user) };
}

/** A member without its user, as messages carry it. */
export function bareMemberJson(member: Member): Json {
  return {
    avatar: null,
    banner: null,
    communication_disabled_until: null,
    flags: 0,
    joined_at: iso(member.joinedAt),
    nick: null,
    pending: false,
    premium_since: null,
    roles: [...member.roles],
    mute: false,
    deaf: false,
  };
}

export function roleJson(role: Role): Json {
  return {
    id: role.id,
    name: role.name,
    permissions: String(role.permissions),
    position: 0,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
  };
}

export function guildJson(guild: Guild): Json {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    owner_id: guild.ownerId,
    application_id: null,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    roles: [...guild.roles.values()].map(roleJson),
    default_message_notifications: 0,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: guild.premiumTier,
    premium_subscription_count: 0,
    preferred_locale: 'en-US',
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
  };
}

export function channelJson(world: World, channel: Channel): Json {
  const shared = {
    id: channel.id,
    type: channelType(channel),
    last_message_id: channel.lastMessageId ?? null,
    flags: 0,
  };
  if (channel.guildId === undefined) {
    return { ...shared, recipients: [...channel.members].flatMap((id) => world.users.get(id) ?? []).map(userJson) };
  }
  const guild = { ...shared, guild_id: channel.guildId, name: channel.name };
  if (isThread(channel)) return { ...guild, ...threadFields(world, channel) };
  return {
    ...guild,
    parent_id: null,
    position: 0,
    topic: null,
    nsfw: false,
    rate_limit_per_user: 0,
    permission_overwrites: [...channel.overwrites].map(([id, { type, allow, deny }]) => ({
      id,
      type,
      allow: String(allow),
      deny: String(deny),
    })),
    ...((channel.kind === 'voice' || channel.kind === 'stage') && { bitrate: 64_000, user_limit: 0, rtc_region: null }),
    ...(channel.kind === 'forum' && {
      flags: channel.needsTag === true ? 1 << 4 : 0,
      available_tags: channel.needsTag === true ? [forumTag(channel)] : [],
      default_forum_layout: 0,
      default_sort_order: null,
    }),
  };
}

/** The one tag of a forum that asks for tags; its id is made of the forum's. */
function forumTag({ id }: Channel): Json {
  return { id, name: 'task', moderated: false, emoji_id: null, emoji_name: null };
}

function threadFields(world: World, channel: Channel & { thread: ThreadState; parentId: string }): Json {
  const { thread } = channel;
  return {
    parent_id: channel.parentId,
    owner_id: thread.ownerId,
    rate_limit_per_user: 0,
    thread_metadata: {
      archived: thread.archived,
      archive_timestamp: iso(thread.archiveChangedAt),
      auto_archive_duration: thread.autoArchive,
      locked: thread.locked,
      create_timestamp: iso(thread.createdAt),
      ...(channel.kind === 'private_thread' && { invitable: thread.invitable }),
    },
    message_count: thread.messageCount,
    total_message_sent: thread.totalSent,
    member_count: channel.members.size,
    ...(channel.appliedTags.length > 0 && { applied_tags: channel.appliedTags }),
    ...(channel.members.has(world.bot.id) && { member: threadMemberJson(channel, world.bot.id) }),
  };
}

export function threadMemberJson(channel: Channel, userId: string): Json {
  return { id: channel.id, user_id: userId, join_timestamp: iso(channel.thread?.createdAt ?? 0), flags: 1 };
}

export function attachmentJson(cdn: Cdn, attachment: Attachment): Json {
  const url = cdn.urlOf(attachment);
  return {
    id: attachment.id,
    filename: attachment.name,
    size: attachment.bytes.length,
    url,
    proxy_url: url,
    content_type: attachment.mediaType,
    ...(attachment.description !== undefined && { description: attachment.description }),
    ...(attachment.ephemeral && { ephemeral: true }),
  };
}

/** A message as REST answers carry it. */
export function messageJson(world: World, cdn: Cdn, message: Message): Json {
  const thread = world.channels.get(message.id);
  const original = message.replyTo === undefined ? undefined : world.messages.get(message.replyTo);
  return {
    ...basicMessageJson(world, cdn, message),
    ...(thread !== undefined && isThread(thread) && { thread: channelJson(world, thread) }),
    ...(message.replyTo !== undefined && {
      referenced_message: original === undefined ? null : basicMessageJson(world, cdn, original),
    }),
    ...(message.reactions.size > 0 && {
      reactions: [...message.reactions].map(([name, users]) => ({
        emoji: { id: null, name },
        count: users.size,
        count_details: { burst: 0, normal: users.size },
        burst_colors: [],
        me_burst: false,
        me: users.has(world.bot.id),
      })),
    }),
  };
}

/** What forwards carry of a message: not who wrote it (docs, Message: message snapshot). */
function forwardedFields(world: World, cdn: Cdn, message: Message): Json {
  const {
    type,
    content,
    mentions,
    mention_roles,
    attachments,
    embeds,
    timestamp,
    edited_timestamp,
    flags,
    components,
  } = basicMessageJson(world, cdn, message);
  const snapshot = { type, content, mentions, mention_roles, attachments, embeds, timestamp, edited_timestamp, flags };
  return {
    message_reference: { type: 1, channel_id: message.channelId, message_id: message.id },
    message_snapshots: [{ message: { ...snapshot, components } }],
  };
}

function basicMessageJson(world: World, cdn: Cdn, message: Message): Json {
  return {
    id: message.id,
    channel_id: message.channelId,
    type: message.type,
    author: userJson(message.author),
    content: message.content,
    timestamp: iso(message.createdAt),
    edited_timestamp: message.editedAt === undefined ? null : iso(message.editedAt),
    tts: false,
    pinned: false,
    mention_everyone: message.pings.everyone,
    mentions: message.pings.users.flatMap((id) => world.users.get(id) ?? []).map(userJson),
    mention_roles: message.pings.roles,
    attachments: message.attachments.map((attachment) => attachmentJson(cdn, attachment)),
    embeds: message.embeds,
    components: componentsJson(cdn, message),
    flags: message.flags,
    ...(message.nonce !== undefined && { nonce: message.nonce }),
    ...(message.webhookId !== undefined && { webhook_id: message.webhookId, application_id: message.webhookId }),
    ...(message.interaction !== undefined && { interaction_metadata: message.interaction }),
    ...(message.forwards !== undefined && forwardedFields(world, cdn, message.forwards)),
    ...(message.replyTo !== undefined && {
      message_reference: {
        type: 0,
        channel_id:
          message.type === messageType.threadStarter
            ? world.channels.get(message.channelId)?.parentId
            : message.channelId,
        message_id: message.replyTo,
        ...(world.channels.get(message.channelId)?.guildId !== undefined && { guild_id: world.guild.id }),
      },
    }),
  };
}

/** A message as MESSAGE_CREATE and MESSAGE_UPDATE carry it. */
export function messageEventJson(world: World, cdn: Cdn, message: Message): Json {
  const channel = world.channels.get(message.channelId);
  const member = world.guild.members.get(message.author.id);
  if (channel?.guildId === undefined) return { ...messageJson(world, cdn, message), channel_type: 1 };
  return {
    ...messageJson(world, cdn, message),
    channel_type: channelType(channel),
    guild_id: channel.guildId,
    ...(member !== undefined && { member: bareMemberJson(member) }),
    mentions: message.pings.users.flatMap((id) => {
      const user = world.users.get(id);
      const mentioned = world.guild.members.get(id);
      if (user === undefined) return [];
      return [{ ...userJson(user), ...(mentioned !== undefined && { member: bareMemberJson(mentioned) }) }];
    }),
  };
}

/** GUILD_CREATE: the guild with what the bot can see of it. */
export function guildCreateJson(world: World): Json {
  const visible = [...world.channels.values()].filter(
    (channel) => channel.guildId !== undefined && (permissionsIn(world, channel, world.bot.id) & (1n << 10n)) !== 0n,
  );
  const own = world.guild.members.get(world.bot.id);
  return {
    ...guildJson(world.guild),
    joined_at: iso(own?.joinedAt ?? 0),
    large: false,
    unavailable: false,
    member_count: world.guild.members.size,
    voice_states: [],
    // Without the GUILD_MEMBERS intent only the bot itself is told of.
    members: own === undefined ? [] : [memberJson(own)],
    channels: visible.filter((channel) => !isThread(channel)).map((channel) => channelJson(world, channel)),
    threads: visible
      .filter((channel) => isThread(channel) && !channel.thread.archived)
      .map((channel) => channelJson(world, channel)),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
