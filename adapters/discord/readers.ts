import { type APIOverwrite, type APIRole, ChannelType, PermissionFlagsBits, Routes } from 'discord.js';
import type { ReadBy } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import type { Api } from './api.ts';
import { type Places, threadTypes } from './places.ts';
import { type Belief, believedMs, createBeliefs } from './recent.ts';
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

/** From then on it is looked at anew beside what is asked, in milliseconds: where people keep talking nobody waits for it. */
const renewedMs = believedMs / 2;

/** How long Discord is waited for where somebody waits for the answer, in milliseconds: it wants it within 3 s. */
export const briefMs = 700;
const calmMs = 10_000;

export function createReaders({ api, places, log }: ReaderParts): Readers {
  const known = createBeliefs<ReadBy>();
  const renewing = new WeakSet<Belief<ReadBy>>();

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
    const found = known.find(channel);
    if (found === undefined) return known.keep(channel, openness(channel, guild));
    if (Date.now() - found.at >= renewedMs && !renewing.has(found)) void renew(channel, guild, found);
    return found.value;
  }

  async function renew(channel: string, guild: string, found: Belief<ReadBy>): Promise<void> {
    renewing.add(found);
    const at = Date.now();
    try {
      const readBy = await openness(channel, guild);
      // Unless it was forgotten meanwhile: then this may be what was before the change.
      if (known.find(channel) === found) void known.keep(channel, Promise.resolve(readBy), at);
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
    forget: known.forget,
  };
}
