import { type APIUser, PermissionFlagsBits } from 'discord.js';
import type { Sender } from '#core/chat/adapter.ts';

interface MemberPart {
  readonly nick?: string | null;
  /** Present in interactions: what the person may do in that channel. */
  readonly permissions?: string;
}

/** A person as Discord signs for it: the id decides, the name is what people see. `manages`: the server, where that is known. */
export function senderOf(user: APIUser, member?: MemberPart | null, manages?: boolean): Sender {
  const name = member?.nick ?? user.global_name ?? user.username;
  const administers = member?.permissions === undefined ? manages : managesServer(member.permissions);
  return { externalId: user.id, name, ...(administers === undefined ? {} : { administers }) };
}

/** Whether who has these permissions may manage the server. */
export function managesServer(permissions: string): boolean {
  return (BigInt(permissions) & (PermissionFlagsBits.Administrator | PermissionFlagsBits.ManageGuild)) !== 0n;
}
