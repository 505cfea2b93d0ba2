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

interface Known {
  readonly readBy: Promise<ReadBy>;
  readonly at: number;
  renewing?: Promise<void>;
}

export interface ReaderParts {
  readonly api: Api;
  readonly places: Places;
  readonly log: AdapterLog;
}

/** How long an answer is believed, in milliseconds, should the event of a change be lost. */
const believedMs = 10 * 60_000;

/** From then on it is looked at anew beside what is asked, in milliseconds: where people keep talking nobody waits for it. */
const renewedMs = believedMs / 2;

/** How long Discord is waited for where somebody waits for the answer, in milliseconds: it wants it within 3 s. */
export const briefMs = 700;
const calmMs = 10_000;

export function createReaders({ api, places, log }: ReaderParts): Readers {
  const known = new Map<string, Known>();

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
    const age = found === undefined ? believedMs : Date.now() - found.at;
    if (found === undefined || age >= believedMs) {
      const readBy = openness(channel, guild);
      keepRecent(known, channel, { readBy, at: Date.now() });
      readBy.catch(() => known.delete(channel));
      return readBy;
    }
    if (age >= renewedMs && found.renewing === undefined) found.renewing = renew(channel, guild, found);
    return found.readBy;
  }

  async function renew(channel: string, guild: string, found: Known): Promise<void> {
    const at = Date.now();
    try {
      const readBy = await openness(channel, guild);
      // Unless it was forgotten meanwhile: then this may be what was before the change.
      if (known.get(channel) === found) keepRecent(known, channel, { readBy: Promise.resolve(readBy), at });
    } catch (error) {
      log.info(
        { error, channel },
        'who can read a channel could not be looked up anew; what is known holds for a while',
      );
    }
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
