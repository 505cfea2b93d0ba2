import type { Discord } from './discord.ts';
import type { Message } from './state/message.ts';
import { memberJson } from './wire.ts';

/** Somebody puts an emoji on a message. */
export function react(discord: Discord, message: Message, userId: string, emoji: string): void {
  const users = message.reactions.get(emoji) ?? new Set();
  if (users.has(userId)) return;
  message.reactions.set(emoji, users.add(userId));
  announce(discord, 'MESSAGE_REACTION_ADD', message, userId, emoji);
}

/** Somebody takes an emoji back. */
export function unreact(discord: Discord, message: Message, userId: string, emoji: string): void {
  const users = message.reactions.get(emoji);
  if (users?.delete(userId) !== true) return;
  if (users.size === 0) message.reactions.delete(emoji);
  announce(discord, 'MESSAGE_REACTION_REMOVE', message, userId, emoji);
}

function announce(discord: Discord, event: string, message: Message, userId: string, emoji: string): void {
  const channel = discord.world.channels.get(message.channelId);
  const member = discord.world.guild.members.get(userId);
  const guild = channel?.guildId;
  const added = event === 'MESSAGE_REACTION_ADD';
  discord.gateway.dispatch(
    event,
    {
      user_id: userId,
      channel_id: message.channelId,
      message_id: message.id,
      emoji: { id: null, name: emoji },
      burst: false,
      type: 0,
      ...(guild !== undefined && { guild_id: guild }),
      ...(added && guild !== undefined && member !== undefined && { member: memberJson(member) }),
      ...(added && { message_author_id: message.author.id }),
    },
    guild === undefined || channel === undefined ? { direct: true } : { channel },
  );
  discord.changes.notify();
}
