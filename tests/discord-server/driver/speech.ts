import type { Upload } from '../calls.ts';
import type { Discord } from '../discord.ts';
import { change, post } from '../posting.ts';
import { type Channel, isThread } from '../state/channel.ts';
import { type Message, messageType } from '../state/message.ts';
import type { User } from '../state/world.ts';
import { announceThread, joinThread, openThread, type Thread } from '../threads.ts';

export interface NewFile {
  readonly name: string;
  readonly content: string | Buffer;
  /** `text/plain` unless named. */
  readonly mediaType?: string;
}

export interface SayMore {
  readonly files?: readonly NewFile[];
  readonly replyTo?: Message;
  /** Discord's clients send it without a text; what is written beside it is a message of its own. */
  readonly forwards?: Message;
}

/** A person says something. */
export function say(discord: Discord, channelId: string, userId: string, text: string, more: SayMore = {}): Message {
  const channel = channelOf(discord, channelId);
  const message = post(discord, {
    channel,
    author: userOf(discord, userId),
    body: { content: text },
    uploads: (more.files ?? []).map(uploadOf),
    nonce: discord.world.newId(),
    ...(more.replyTo !== undefined && { replyTo: more.replyTo }),
    ...(more.forwards !== undefined && { forwards: more.forwards }),
  });
  if (isThread(channel)) joinThread(discord, channel, userId);
  return message;
}

/** A person's own text changes. */
export function editText(discord: Discord, message: Message, text: string): void {
  change(discord, message, { content: text }, []);
}

/** A person opens a thread. */
export function startThread(
  discord: Discord,
  channelId: string,
  userId: string,
  name: string,
  from?: Message,
): Channel {
  const parent = channelOf(discord, channelId);
  return openThread(discord, { id: from?.id ?? discord.world.newId(), parent, name, kind: 'thread', ownerId: userId });
}

/** A person gives a thread another name: Discord says so there in a message in his name, whose text is the new one. */
export function rename(discord: Discord, thread: Thread, userId: string, name: string): void {
  thread.name = name;
  announceThread(discord, 'THREAD_UPDATE', thread);
  const author = userOf(discord, userId);
  post(discord, { channel: thread, author, body: { content: name }, uploads: [], type: messageType.channelRenamed });
}

export function channelOf({ world }: Discord, id: string): Channel {
  const channel = world.channels.get(id);
  if (channel === undefined) throw new Error(`The stand-in has no channel ${id}`);
  return channel;
}

export function userOf({ world }: Discord, id: string): User {
  const user = world.users.get(id);
  if (user === undefined) throw new Error(`The stand-in has no user ${id}`);
  return user;
}

export function uploadOf({ name, content, mediaType = 'text/plain' }: NewFile, index: number): Upload {
  return { field: `files[${index}]`, name, mediaType, bytes: Buffer.from(content) };
}
