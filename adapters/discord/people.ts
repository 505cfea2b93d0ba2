import { type APIUser, PermissionFlagsBits } from 'discord.js';
import type { Sender } from '#core/chat/adapter.ts';

interface MemberPart {
  readonly nick?: string | null;
  /** Present in interactions: what the person may do in that channel. */
  readonly permissions?: string;
}

/** A person as Discord signs for it: the id decides, the name is what people see. */
export function senderOf(user: APIUser, member?: MemberPart | null): Sender {
  const name = member?.nick ?? user.global_name ?? user.username;
  const permissions = member?.permissions;
  return { externalId: user.id, name, ...(permissions === undefined ? {} : { administers: administers(permissions) }) };
}

function administers(permissions: string): boolean {
  return (BigInt(permissions) & (PermissionFlagsBits.Administrator | PermissionFlagsBits.ManageGuild)) !== 0n;
}
