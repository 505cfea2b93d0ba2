import type { Clock } from '#tests/slack-server/clock.ts';
import { everyPermission, peoplePermissions } from '../permissions.ts';
import type { Settings } from '../settings.ts';
import { createSnowflakes } from '../snowflakes.ts';
import type { Channel, ChannelKind } from './channel.ts';
import type { Message } from './message.ts';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly bot: boolean;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  permissions: bigint;
}

export interface Member {
  readonly user: User;
  readonly roles: Set<string>;
  readonly joinedAt: number;
}

/** A server ("guild") with its people, roles and channels. The role with the guild's own id is everybody's. */
export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  /** The boost level that gives the size of files. */
  readonly premiumTier: 0 | 2 | 3;
  readonly roles: Map<string, Role>;
  readonly members: Map<string, Member>;
}

/** All that the stand-in knows. */
export interface World {
  readonly guild: Guild;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  /** By id, oldest first. */
  readonly messages: Map<string, Message>;
  /** People who take no direct messages. */
  readonly refuseDirect: Set<string>;
  readonly bot: User;
  newId(): string;
  addUser(name: string, options?: { readonly bot?: boolean; readonly member?: boolean }): User;
  addChannel(name: string, kind?: ChannelKind): Channel;
  /** The direct channel of a person with the bot, made when it is first asked for. */
  directChannel(userId: string): Channel;
}

/** A guild with an owner (anna), a member (ben), the bot, and the channels general (text) and ideas (forum). */
export function createWorld(clock: Clock, settings: Settings): World {
  const newId = createSnowflakes(clock);
  const users = new Map<string, User>();
  const channels = new Map<string, Channel>();
  const bot: User = { id: settings.botId, name: settings.botName, bot: true };
  users.set(bot.id, bot);
  const owner: User = { id: newId(), name: 'anna', bot: false };
  users.set(owner.id, owner);
  const guild: Guild = {
    id: newId(),
    name: 'Workshop',
    ownerId: owner.id,
    premiumTier: tierOf(settings.attachmentSizeLimit),
    roles: new Map(),
    members: new Map(),
  };
  guild.roles.set(guild.id, { id: guild.id, name: '@everyone', permissions: peoplePermissions });
  const botRole: Role = { id: newId(), name: settings.botName, permissions: settings.botPermissions };
  guild.roles.set(botRole.id, botRole);
  const join = (user: User, roles: readonly string[] = []): void => {
    guild.members.set(user.id, { user, roles: new Set(roles), joinedAt: clock.now() });
  };
  join(owner);
  join(bot, [botRole.id]);
  const base = (kind: ChannelKind, name: string): Channel => ({
    id: newId(),
    kind,
    name,
    overwrites: new Map(),
    members: new Set(),
    appliedTags: [],
  });
  const world: World = {
    guild,
    users,
    channels,
    messages: new Map(),
    refuseDirect: new Set(),
    bot,
    newId,
    addUser(name, { bot: isBot = false, member = true } = {}) {
      const user: User = { id: newId(), name, bot: isBot };
      users.set(user.id, user);
      if (member) join(user);
      return user;
    },
    addChannel(name, kind = 'text') {
      const channel: Channel = { ...base(kind, name), guildId: guild.id };
      channels.set(channel.id, channel);
      return channel;
    },
    directChannel(userId) {
      const known = [...channels.values()].find(({ kind, members }) => kind === 'direct' && members.has(userId));
      if (known !== undefined) return known;
      const channel = base('direct', '');
      channel.members.add(userId);
      channels.set(channel.id, channel);
      return channel;
    },
  };
  world.addUser('ben');
  world.addChannel('general');
  world.addChannel('ideas', 'forum');
  return world;
}

function tierOf(bytes: number): Guild['premiumTier'] {
  const mebibytes = bytes / 1024 / 1024;
  return mebibytes >= 100 ? 3 : mebibytes >= 50 ? 2 : 0;
}

/** What somebody may do in a channel, by roles and the channel's overwrites (docs, Permissions: algorithm). */
export function permissionsIn(world: World, channel: Channel, userId: string): bigint {
  if (channel.guildId === undefined)
    return channel.members.has(userId) || userId === world.bot.id ? peoplePermissions : 0n;
  const member = world.guild.members.get(userId);
  if (member === undefined) return 0n;
  if (userId === world.guild.ownerId) return everyPermission;
  const roles = [world.guild.id, ...member.roles];
  const base = roles.reduce((bits, role) => bits | (world.guild.roles.get(role)?.permissions ?? 0n), 0n);
  if ((base & (1n << 3n)) !== 0n) return everyPermission;
  const place = channel.parentId === undefined ? channel : (world.channels.get(channel.parentId) ?? channel);
  const steps = [[world.guild.id], [...member.roles], [userId]];
  return steps.reduce((bits, ids) => {
    const overwrites = ids.flatMap((id) => place.overwrites.get(id) ?? []);
    const deny = overwrites.reduce((sum, overwrite) => sum | overwrite.deny, 0n);
    const allow = overwrites.reduce((sum, overwrite) => sum | overwrite.allow, 0n);
    return (bits & ~deny) | allow;
  }, base);
}
