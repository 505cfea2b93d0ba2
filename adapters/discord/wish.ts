import {
  type APIChatInputApplicationCommandInteraction,
  ApplicationCommandOptionType,
  ChannelType,
  PermissionFlagsBits,
} from 'discord.js';
import type { PlaceKind } from './places.ts';
import { allows, lacking, lackingPrivately, rightNames } from './rights.ts';
import { postingPlace } from './survey.ts';

/** Options of `/task` that say where its thread is opened. */
export const whereOption = 'where';
export const privateOption = 'private';

/** Channels that a thread can be asked for in. */
export const whereTypes = [ChannelType.GuildText, ChannelType.GuildAnnouncement, ChannelType.GuildForum] as const;

/** Where a command's thread is to be opened, or why it can not be there. */
export type Wish = Granted | { readonly problem: string };

export interface Granted {
  readonly channel: string;
  readonly as?: 'post' | 'private';
  /** False: it goes on where it was said. */
  readonly opens: boolean;
}

interface Named {
  readonly id: string;
  readonly type: ChannelType;
  /** What the person may do there. */
  readonly permissions: string;
  /** What the bot may do there (in interactions since 2026-07-16). */
  readonly app_permissions?: string;
}

/** What a person asks for with `where` and `private`; without them the thread belongs where the command was given. */
export function wishOf(interaction: APIChatInputApplicationCommandInteraction, here: PlaceKind): Wish {
  const { data, channel } = interaction;
  const options = data.options ?? [];
  const isPrivate = options.some(
    (option) => option.name === privateOption && 'value' in option && option.value === true,
  );
  const where = options.find((option) => option.name === whereOption);
  const id = where?.type === ApplicationCommandOptionType.Channel ? where.value : undefined;
  const named = id === undefined ? undefined : (data.resolved?.channels?.[id] as Named | undefined);
  if (named === undefined && !isPrivate) return { channel: channel.id, opens: here === 'channel' };
  const asked: Named = named ?? {
    id: channel.id,
    type: channel.type,
    permissions: interaction.member?.permissions ?? '0',
    app_permissions: interaction.app_permissions,
  };
  return isPrivate ? wishPrivately(asked) : wishOpenly(asked);
}

function wishPrivately({ id, type, permissions, app_permissions: bot }: Named): Wish {
  if (type !== ChannelType.GuildText)
    return {
      problem: 'A private thread can be opened in a text channel only: name one with “where”, or leave “private” out.',
    };
  if (!allows(BigInt(permissions), PermissionFlagsBits.CreatePrivateThreads))
    return { problem: `You may not open private threads in <#${id}>.` };
  const lack = bot === undefined ? [] : lackingPrivately(BigInt(bot));
  if (lack.length > 0) return { problem: `The bot lacks ${rightNames(lack)} in <#${id}>.` };
  return { channel: id, as: 'private', opens: true };
}

function wishOpenly({ id, type, permissions, app_permissions: bot }: Named): Wish {
  const mine = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.SendMessages;
  if (!allows(BigInt(permissions), mine)) return { problem: `You may not write in <#${id}>.` };
  const lack = bot === undefined ? [] : lacking(postingPlace(type), BigInt(bot)).needed;
  if (lack.length > 0) return { problem: `The bot lacks ${rightNames(lack)} in <#${id}>.` };
  const isForum = type === ChannelType.GuildForum || type === ChannelType.GuildMedia;
  return { channel: id, opens: true, ...(isForum ? { as: 'post' } : {}) };
}
