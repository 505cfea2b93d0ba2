import { everyComponent } from './check/tree.ts';
import type { Discord } from './discord.ts';
import { permission } from './permissions.ts';
import type { Channel } from './state/channel.ts';
import type { Pings } from './state/message.ts';
import { permissionsIn } from './state/world.ts';

type Json = Readonly<Record<string, unknown>>;

export interface AllowedMentions {
  readonly parse?: readonly string[];
  readonly users?: readonly string[];
  readonly roles?: readonly string[];
  readonly replied_user?: boolean | null;
}

interface Said {
  readonly channel: Channel;
  readonly authorId: string;
  readonly content: string;
  readonly components: readonly Json[];
  readonly allowed?: AllowedMentions | null;
  /** The author of the message that it replies to. */
  readonly repliedTo?: string;
}

/** Whom a text calls (docs, Message: allowed mentions; without that field everybody who is named). */
export function pingsOf(discord: Discord, { channel, authorId, content, components, allowed, repliedTo }: Said): Pings {
  const { world } = discord;
  const texts = [
    content,
    ...[...everyComponent(components)].flatMap((one) => (one.type === 10 ? [String(one.content)] : [])),
  ];
  const text = texts.join('\n');
  const named = (pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''))];
  const mayAll = (permissionsIn(world, channel, authorId) & permission.mentionEveryone) !== 0n;
  const parses = (kind: string): boolean => allowed == null || allowed.parse?.includes(kind) === true;
  const users = named(/<@!?(\d{17,19})>/g).filter(
    (id) => world.users.has(id) && (parses('users') || allowed?.users?.includes(id)),
  );
  const roles = named(/<@&(\d{17,19})>/g).filter(
    (id) => world.guild.roles.has(id) && mayAll && (parses('roles') || allowed?.roles?.includes(id)),
  );
  const replied =
    repliedTo !== undefined && allowed?.replied_user !== false && (allowed == null || allowed.replied_user === true);
  return {
    everyone: mayAll && parses('everyone') && /@(everyone|here)\b/.test(text),
    users: [...new Set([...users, ...(replied ? [repliedTo] : [])])],
    roles,
  };
}
