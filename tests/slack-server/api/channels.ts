import type { Message } from '../state/message.ts';
import { type Channel, directChannel, messageAt, repliesTo, type Workspace } from '../state/workspace.ts';
import type { Caller } from './method.ts';
import { Refusal } from './refusal.ts';

/** A channel that the app can see: a private one only from inside. @throws Refusal `channel_not_found`. */
export function visibleChannel(workspace: Workspace, id: string): Channel {
  const channel = workspace.channels.get(id);
  const hidden = channel?.kind !== 'public' && !channel?.members.has(workspace.bot.userId);
  if (channel === undefined || hidden) throw new Refusal('channel_not_found');
  return channel;
}

/** A channel that the app may write into. A person's id means the direct talk with him. */
export function writableChannel({ workspace, token }: Caller, id: string): Channel {
  const person = workspace.people.get(id);
  const channel = person === undefined ? visibleChannel(workspace, id) : directChannel(workspace, id);
  if (channel.archived) throw new Refusal('is_archived');
  const member = channel.members.has(workspace.bot.userId) || token.scopes.has('chat:write.public');
  if (!member) throw new Refusal('not_in_channel');
  return channel;
}

/** @throws Refusal `message_not_found`. */
export function existingMessage(workspace: Workspace, channel: string, ts: string): Message {
  const message = messageAt(workspace, channel, ts);
  if (message === undefined || message.deleted) throw new Refusal('message_not_found');
  return message;
}

/**
 * The first message of a thread to reply to. Slack is lenient with some wrong time stamps and loses the reply to sight; the
 * stand-in refuses them all: no such message `thread_not_found`, a reply's own time stamp `cannot_reply_to_message`.
 */
export function threadRoot(workspace: Workspace, channel: string, ts: string): Message {
  const root = messageAt(workspace, channel, ts);
  const kept = root?.deleted !== true || repliesTo(workspace, channel, ts).length > 0;
  if (root === undefined || !kept) throw new Refusal('thread_not_found');
  if (root.threadTs !== undefined && root.threadTs !== root.ts) throw new Refusal('cannot_reply_to_message');
  return root;
}

/** The scope that seeing a channel's description takes. */
export function readScope(kind: Channel['kind']): string {
  return { public: 'channels:read', private: 'groups:read', im: 'im:read' }[kind];
}
