import {
  type APIGuild,
  type APIGuildMember,
  type APIOverwrite,
  type APIRole,
  ChannelType,
  RESTJSONErrorCodes,
  Routes,
} from 'discord.js';
import { type Api, isCode } from './api.ts';
import {
  allows,
  type BotPlace,
  invited,
  type Lacking,
  lacking,
  type PostingPlace,
  rightNames,
  rightsInChannel,
  rightsInGuild,
} from './rights.ts';

/** What is read of a channel. */
interface GuildChannel {
  readonly type: ChannelType;
  readonly name: string;
  readonly guild_id?: string;
  readonly parent_id?: string | null;
  readonly permission_overwrites?: readonly APIOverwrite[];
}

/** Servers that are looked at when none is named. */
const guildLimit = 20;

/** Channels that are named in one sentence. */
const namedLimit = 5;

/** Where people talk to the bot, and how something is posted there. */
const places: Partial<Record<ChannelType, PostingPlace>> = {
  [ChannelType.GuildText]: 'channel',
  [ChannelType.GuildAnnouncement]: 'channel',
  [ChannelType.GuildVoice]: 'room',
  [ChannelType.GuildStageVoice]: 'room',
  [ChannelType.GuildForum]: 'forum',
  [ChannelType.GuildMedia]: 'forum',
  [ChannelType.PublicThread]: 'thread',
  [ChannelType.PrivateThread]: 'thread',
  [ChannelType.AnnouncementThread]: 'thread',
};

/** How something is posted in a channel of this type. */
export function postingPlace(type: ChannelType): PostingPlace {
  return places[type] ?? 'channel';
}

/** What the bot lacks in the servers that it is in, each server or group of channels in a sentence with the fix. */
export async function survey(api: Api, self: string, guildId: string | undefined): Promise<readonly string[]> {
  const guilds = guildId === undefined ? await ownGuilds(api) : [guildId];
  if (guilds.length === 0) return ['The bot is in no server yet: open the invitation that is printed at the start.'];
  return (await Promise.all(guilds.map((guild) => surveyGuild(api, self, guild)))).flat();
}

/** What the bot lacks in one channel or thread, looked up now. `undefined` when Discord does not tell. */
export async function lackingIn(api: Api, self: string, channelId: string): Promise<Lacking | undefined> {
  const channel = (await api.rest.get(Routes.channel(channelId))) as GuildChannel;
  if (channel.guild_id === undefined) return undefined;
  const isThread = postingPlace(channel.type) === 'thread';
  const over = isThread ? ((await api.rest.get(Routes.channel(channel.parent_id ?? ''))) as GuildChannel) : channel;
  const place = await botPlace(api, self, channel.guild_id);
  return lacking(postingPlace(channel.type), rightsInChannel(place, over.permission_overwrites ?? []));
}

async function ownGuilds({ rest }: Api): Promise<readonly string[]> {
  const guilds = (await rest.get(Routes.userGuilds())) as ReadonlyArray<Pick<APIGuild, 'id'>>;
  return guilds.slice(0, guildLimit).map(({ id }) => id);
}

async function surveyGuild(api: Api, self: string, guildId: string): Promise<readonly string[]> {
  try {
    const place = await botPlace(api, self, guildId);
    const base = rightsInGuild(place);
    const everywhere = invited.filter(({ bit }) => !allows(base, bit));
    const channels = (await api.rest.get(Routes.guildChannels(guildId))) as readonly GuildChannel[];
    return [
      ...(everywhere.length === 0
        ? []
        : [
            `The bot’s role in the server lacks ${rightNames(everywhere)}: give it these, or open the invitation again.`,
          ]),
      ...channelConcerns(place, channels, new Set(everywhere.map(({ name }) => name))),
    ];
  } catch (error) {
    const outside = [RESTJSONErrorCodes.MissingAccess, RESTJSONErrorCodes.UnknownGuild];
    if (!outside.some((code) => isCode(error, code))) throw error;
    return [`The bot is not in the server ${guildId}: open the invitation, or correct DISCORD_GUILD.`];
  }
}

/** Channels that the bot sees and yet can not use fully, those with the same lack together. */
function channelConcerns(
  place: BotPlace,
  channels: readonly GuildChannel[],
  everywhere: ReadonlySet<string>,
): readonly string[] {
  const byLack = new Map<string, string[]>();
  for (const channel of channels) {
    const kind = places[channel.type];
    if (kind === undefined) continue;
    const lack = lacking(kind, rightsInChannel(place, channel.permission_overwrites ?? []));
    // A channel that the bot does not see is one that people keep it out of.
    if (lack.needed.some(({ name }) => name === 'VIEW_CHANNEL')) continue;
    const own = [...lack.needed, ...lack.wanted].filter(({ name }) => !everywhere.has(name));
    if (own.length > 0) byLack.set(rightNames(own), [...(byLack.get(rightNames(own)) ?? []), `#${channel.name}`]);
  }
  return [...byLack].map(([names, where]) => {
    const more = where.length > namedLimit ? ` and ${where.length - namedLimit} more` : '';
    return `In ${where.slice(0, namedLimit).join(', ')}${more} the bot lacks ${names}.`;
  });
}

async function botPlace({ rest }: Api, self: string, guildId: string): Promise<BotPlace> {
  const [guildRoles, member] = await Promise.all([
    rest.get(Routes.guildRoles(guildId)) as Promise<readonly APIRole[]>,
    rest.get(Routes.guildMember(guildId, self)) as Promise<APIGuildMember>,
  ]);
  return { guildId, self, roles: member.roles, guildRoles };
}
