import { type APIOverwrite, type APIRole, ChannelType, PermissionFlagsBits, Routes } from 'discord.js';
import type { ReadBy } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import type { Api } from './api.ts';
import { type Places, threadTypes } from './places.ts';
import { keepRecent } from './recent.ts';
import { allows, rightsInChannel } from './rights.ts';

/** Who can read a channel. */
export interface Readers {
  /** `undefined` where Discord does not say, or not within `patienceMs`: that counts as private. */
  of(channelId: string, patienceMs?: number): Promise<ReadBy | undefined>;
  /** Channels or roles were changed: what is known may be wrong. */
  forget(): void;
}

export interface ReaderParts {
  readonly api: Api;
  readonly places: Places;
  readonly log: AdapterLog;
}

/** How long an answer is believed, in milliseconds, should the event of a change be lost. */
const believedMs = 10 * 60_000;

/** How long Discord is waited for where somebody waits for the answer, in milliseconds: it wants it within 3 s. */
export const briefMs = 700;
const calmMs = 10_000;

export function createReaders({ api, places, log }: ReaderParts): Readers {
  const known = new Map<string, { readonly readBy: Promise<ReadBy>; readonly at: number }>();

  /** Whether everybody of a server sees a channel: the role that all have, and what the channel says of that role. */
  async function openness(channelId: string, guildId: string): Promise<ReadBy> {
    const [channel, guildRoles] = await Promise.all([
      api.rest.get(Routes.channel(channelId)) as Promise<{ readonly permission_overwrites?: readonly APIOverwrite[] }>,
      api.rest.get(Routes.guildRoles(guildId)) as Promise<readonly APIRole[]>,
    ]);
    const everyone = { guildId, self: '', roles: [], guildRoles };
    const rights = rightsInChannel(everyone, channel.permission_overwrites ?? []);
    return allows(rights, PermissionFlagsBits.ViewChannel) ? 'everybody' : 'channel';
  }

  async function look(channelId: string): Promise<ReadBy | undefined> {
    const { type, parent, guild } = await places.channel(channelId);
    if (type === ChannelType.DM) return 'person';
    if (type === ChannelType.PrivateThread) return 'thread';
    const channel = threadTypes.has(type) ? parent : channelId;
    if (guild === undefined || channel === undefined) return type === ChannelType.GroupDM ? 'channel' : undefined;
    const found = known.get(channel);
    if (found !== undefined && Date.now() - found.at < believedMs) return found.readBy;
    const readBy = openness(channel, guild);
    keepRecent(known, channel, { readBy, at: Date.now() });
    readBy.catch(() => known.delete(channel));
    return readBy;
  }

  return {
    async of(channelId, patienceMs = calmMs) {
      const late = Promise.withResolvers<undefined>();
      const timer = setTimeout(() => late.resolve(undefined), patienceMs);
      try {
        return await Promise.race([look(channelId), late.promise]);
      } catch (error) {
        log.warn({ error, channel: channelId }, 'Discord does not say who can read a channel; it counts as private');
        return undefined;
      } finally {
        clearTimeout(timer);
      }
    },
    forget: () => known.clear(),
  };
}
