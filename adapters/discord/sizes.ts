import { type APIGuild, GuildPremiumTier, Routes } from 'discord.js';
import type { AdapterLog } from '#core/chat/platform.ts';
import type { Api } from './api.ts';
import { fileBytesLimit } from './limits.ts';

/** How large a file may be in each server. */
export interface FileSizes {
  /** Bytes; without a server (a direct chat) what holds everywhere. */
  of(guild: string | undefined): Promise<number>;
  /** What an interaction says of the place where it happened. */
  learn(guild: string | undefined, bytes: number): void;
  /** A file was refused as too large: what was thought is wrong. */
  wasRefused(guild: string | undefined): void;
}

const mebibyte = 1024 * 1024;

/** By boost level (seen; Discord documents the levels only as "higher", docs, Reference: Uploading Files). */
const byTier: Readonly<Record<GuildPremiumTier, number>> = {
  [GuildPremiumTier.None]: fileBytesLimit,
  [GuildPremiumTier.Tier1]: fileBytesLimit,
  [GuildPremiumTier.Tier2]: 50 * mebibyte,
  [GuildPremiumTier.Tier3]: 100 * mebibyte,
};

/** Servers that are known by heart. */
const rememberedLimit = 1000;

export function createFileSizes({ rest }: Api, log: AdapterLog): FileSizes {
  const known = new Map<string, number>();

  function put(guild: string | undefined, bytes: number): void {
    if (guild === undefined) return;
    if (known.size >= rememberedLimit) known.clear();
    known.set(guild, bytes);
  }

  return {
    async of(guild) {
      if (guild === undefined) return fileBytesLimit;
      const found = known.get(guild);
      if (found !== undefined) return found;
      try {
        const { premium_tier } = (await rest.get(Routes.guild(guild))) as APIGuild;
        put(guild, byTier[premium_tier] ?? fileBytesLimit);
      } catch (error) {
        log.info({ error, guild }, 'how large files may be in a server could not be looked up');
      }
      return known.get(guild) ?? fileBytesLimit;
    },
    learn: put,
    wasRefused: (guild) => put(guild, fileBytesLimit),
  };
}
