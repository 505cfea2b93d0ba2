import type { Discord } from './discord.ts';
import { type PermissionName, permission } from './permissions.ts';
import { refusals } from './refusal.ts';
import { type Channel, isThread } from './state/channel.ts';
import type { Message } from './state/message.ts';
import { permissionsIn } from './state/world.ts';

/** A channel that the bot can see. @throws Refusal 10003 when it is not there, 50001 when the bot may not see it. */
export function visibleChannel(discord: Discord, id: string): Channel {
  const { world } = discord;
  const channel = world.channels.get(id);
  if (channel === undefined || !/^\d{17,19}$/.test(id)) throw refusals.unknownChannel();
  if (!has(discord, channel, 'viewChannel')) throw refusals.missingAccess();
  const outsider = channel.kind === 'private_thread' && !channel.members.has(world.bot.id);
  if (outsider && !has(discord, channel, 'manageThreads')) throw refusals.missingAccess();
  return channel;
}

/** @throws Refusal 50013 */
export function need(discord: Discord, channel: Channel, ...names: readonly PermissionName[]): void {
  if (!names.every((name) => has(discord, channel, name))) throw refusals.missingPermissions();
}

export function has(discord: Discord, channel: Channel, name: PermissionName): boolean {
  return (permissionsIn(discord.world, channel, discord.world.bot.id) & permission[name]) !== 0n;
}

/** What sending into this channel asks for, and that its kind takes messages. */
export function needToSend(discord: Discord, channel: Channel): void {
  if (channel.kind === 'forum') throw refusals.noText();
  if (channel.kind === 'direct') {
    const [person = ''] = channel.members;
    if (discord.world.refuseDirect.has(person)) throw refusals.refusesDirect();
    return;
  }
  need(discord, channel, isThread(channel) ? 'sendMessagesInThreads' : 'sendMessages');
}

/** A message that everybody in the channel sees. @throws Refusal 10008 */
export function visibleMessage(discord: Discord, channel: Channel, id: string): Message {
  const message = discord.world.messages.get(id);
  if (message === undefined || message.channelId !== channel.id || message.onlyFor !== undefined)
    throw refusals.unknownMessage();
  return message;
}

/** An archived thread takes new messages only. @throws Refusal 50083 */
export function needOpen(channel: Channel): void {
  if (channel.thread?.archived) throw refusals.archived();
}
