import type { APIApplicationCommandInteraction } from 'discord.js';
import { type Lacking, lacking, type Right, rightNames } from './rights.ts';
import { postingPlace } from './survey.ts';
import type { Granted } from './wish.ts';

/** Nothing is missing. */
export const noLack: Lacking = { needed: [], wanted: [] };

/** What the bot lacks where it was asked: Discord says it with every interaction of a server. */
export function lackOf({ guild_id, channel, app_permissions }: APIApplicationCommandInteraction): Lacking {
  return guild_id === undefined ? noLack : lacking(postingPlace(channel.type), BigInt(app_permissions));
}

/** What a command is answered with when it is taken. */
export function heardWords({ opens, channel, as }: Granted, isHere: boolean): string {
  if (!opens) return 'Heard.';
  const place = isHere ? '' : ` in <#${channel}>`;
  const kind = as === 'private' ? 'a private thread' : as === 'post' ? 'a post' : 'a thread';
  return `Heard: the answer comes in ${kind}${place}.`;
}

/** Why a command is not taken. */
export function cannotAnswer(rights: readonly Right[]): string {
  return `Commander can not answer here: the bot lacks ${rightNames(rights)} in this channel. Nothing was started; who manages the server can give it these.`;
}
