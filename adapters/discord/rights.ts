import { OverwriteType, PermissionFlagsBits } from 'discord.js';

/** Something that the bot may be allowed to do, as Discord's pages and its documentation call it. */
export interface Right {
  readonly name: string;
  readonly words: string;
  readonly bit: bigint;
}

const right = {
  view: { name: 'VIEW_CHANNEL', words: 'View Channels', bit: PermissionFlagsBits.ViewChannel },
  send: { name: 'SEND_MESSAGES', words: 'Send Messages', bit: PermissionFlagsBits.SendMessages },
  threads: {
    name: 'CREATE_PUBLIC_THREADS',
    words: 'Create Public Threads',
    bit: PermissionFlagsBits.CreatePublicThreads,
  },
  privately: {
    name: 'CREATE_PRIVATE_THREADS',
    words: 'Create Private Threads',
    bit: PermissionFlagsBits.CreatePrivateThreads,
  },
  sendInThreads: {
    name: 'SEND_MESSAGES_IN_THREADS',
    words: 'Send Messages in Threads',
    bit: PermissionFlagsBits.SendMessagesInThreads,
  },
  embed: { name: 'EMBED_LINKS', words: 'Embed Links', bit: PermissionFlagsBits.EmbedLinks },
  attach: { name: 'ATTACH_FILES', words: 'Attach Files', bit: PermissionFlagsBits.AttachFiles },
  history: { name: 'READ_MESSAGE_HISTORY', words: 'Read Message History', bit: PermissionFlagsBits.ReadMessageHistory },
} as const satisfies Record<string, Right>;

/** What the invitation asks for, and nothing else. */
export const invited: readonly Right[] = Object.values(right);

/** The same as the number in an invitation's address. */
export const invitedBits: bigint = invited.reduce((bits, { bit }) => bits | bit, 0n);

/** Where something is posted. */
export type PostingPlace = 'channel' | 'thread' | 'room' | 'forum';

/** Without these nothing can be shown there. */
const needed: Readonly<Record<PostingPlace, readonly Right[]>> = {
  channel: [right.view, right.send],
  thread: [right.view, right.sendInThreads],
  room: [right.view, right.send],
  // Who may send messages in a forum may open posts (docs, Permissions).
  forum: [right.view, right.send, right.sendInThreads],
};

/** Without these something is left away, or goes another way. */
const wanted: Readonly<Record<PostingPlace, readonly Right[]>> = {
  channel: [right.threads, right.sendInThreads, right.embed, right.attach, right.history],
  thread: [right.embed, right.attach, right.history],
  room: [right.embed, right.attach, right.history],
  forum: [right.embed, right.attach, right.history],
};

export interface Lacking {
  /** Nothing can be shown without these. */
  readonly needed: readonly Right[];
  /** Something is left away without these. */
  readonly wanted: readonly Right[];
}

/** What the bot lacks in a place where it has these rights. */
export function lacking(place: PostingPlace, bits: bigint): Lacking {
  const missing = (rights: readonly Right[]) => rights.filter(({ bit }) => !allows(bits, bit));
  return { needed: missing(needed[place]), wanted: missing(wanted[place]) };
}

/** Whether rights allow something; who administers may do all. */
export function allows(bits: bigint, bit: bigint): boolean {
  return ((bits | everything(bits)) & bit) === bit;
}

/** What the bot lacks for opening a private thread. */
export function lackingPrivately(bits: bigint): readonly Right[] {
  return [right.view, right.privately, right.sendInThreads].filter(({ bit }) => !allows(bits, bit));
}

/** Rights by the names that a person finds in Discord. */
export function rightNames(rights: readonly Right[]): string {
  return rights.map(({ name, words }) => `“${words}” (${name})`).join(', ');
}

interface RoleShape {
  readonly id: string;
  readonly permissions: string;
}

interface OverwriteShape {
  readonly id: string;
  readonly type: OverwriteType;
  readonly allow: string;
  readonly deny: string;
}

export interface BotPlace {
  readonly guildId: string;
  readonly self: string;
  /** Ids of the bot's roles. */
  readonly roles: readonly string[];
  readonly guildRoles: readonly RoleShape[];
}

/** What the bot may do in the whole server, by its roles (docs, Permissions: computeBasePermissions). */
export function rightsInGuild({ guildId, roles, guildRoles }: BotPlace): bigint {
  const held = new Set([guildId, ...roles]);
  return guildRoles.reduce((bits, { id, permissions }) => (held.has(id) ? bits | BigInt(permissions) : bits), 0n);
}

/** What the bot may do in a channel: everybody's overwrite, then those of its roles, then its own (docs: computeOverwrites). */
export function rightsInChannel(place: BotPlace, overwrites: readonly OverwriteShape[]): bigint {
  const base = rightsInGuild(place);
  if (everything(base) !== 0n) return base;
  const steps = [
    overwrites.filter(({ id }) => id === place.guildId),
    overwrites.filter(
      ({ id, type }) => type === OverwriteType.Role && id !== place.guildId && place.roles.includes(id),
    ),
    overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === place.self),
  ];
  return steps.reduce((bits, step) => {
    const deny = step.reduce((sum, overwrite) => sum | BigInt(overwrite.deny), 0n);
    const allow = step.reduce((sum, overwrite) => sum | BigInt(overwrite.allow), 0n);
    return (bits & ~deny) | allow;
  }, base);
}

function everything(bits: bigint): bigint {
  return (bits & PermissionFlagsBits.Administrator) === 0n ? 0n : ~0n;
}

/** Where the bot of an application is added to a server, with what it asks for. */
export function inviteLink(applicationId: string): string {
  return `https://discord.com/oauth2/authorize?client_id=${applicationId}&scope=bot+applications.commands&permissions=${invitedBits}`;
}
