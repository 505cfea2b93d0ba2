import type { Upload } from './calls.ts';
import type { TopComponent } from './check/components.ts';
import { checkDraft, type MessageBody } from './check/message.ts';
import { shownFiles } from './check/tree.ts';
import type { Discord } from './discord.ts';
import { pingsOf } from './pings.ts';
import { invalid, refusals } from './refusal.ts';
import { type Channel, isThread } from './state/channel.ts';
import { type Attachment, flag, type Message, messageType } from './state/message.ts';
import type { User } from './state/world.ts';
import { reopen, scheduleArchiving } from './threads.ts';
import { messageEventJson } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;
/** Flags that a bot may set itself (docs, Message: flags). */
const settable = flag.suppressEmbeds | flag.suppressNotifications | flag.componentsV2;

interface Post {
  readonly channel: Channel;
  readonly author: User;
  readonly body: MessageBody;
  readonly uploads: readonly Upload[];
  readonly type?: number;
  readonly nonce?: string | number;
  readonly replyTo?: Message;
  readonly forwards?: Message;
  readonly interaction?: Json;
  readonly webhookId?: string;
  readonly onlyFor?: string;
  /** A thread's first message has the thread's own id. */
  readonly id?: string;
  /** Still to be written: shown as "is thinking". */
  readonly state?: 'loading';
}

/** Checks a message, keeps it, tells the bot. @throws Refusal */
export function post(discord: Discord, what: Post): Message {
  const { channel, body, author } = what;
  const flags = flagsOf(body.flags ?? 0) | (what.onlyFor !== undefined ? flag.ephemeral : 0);
  const attachments = keepFiles(discord, channel.id, what.uploads, body.attachments ?? []);
  const components = body.components ?? [];
  const content = body.content ?? '';
  const embeds = (body.embeds ?? []) as readonly Json[];
  if (what.state === undefined && what.forwards === undefined)
    checkDraft({ content, flags, components, embeds, files: attachments.map(({ name }) => name) });
  if (what.onlyFor === undefined) reopen(discord, channel, author.id);
  const message = written(discord, what, {
    flags,
    content,
    components: components as readonly Json[],
    embeds,
    attachments,
  });
  keep(discord, channel, message);
  return message;
}

/** A message as it stands in its channel. */
function written(
  discord: Discord,
  what: Post,
  said: Pick<Message, 'flags' | 'content' | 'components' | 'embeds' | 'attachments'>,
): Message {
  const { channel, author, body, replyTo } = what;
  return {
    id: what.id ?? discord.world.newId(),
    channelId: channel.id,
    author,
    type: what.type ?? (replyTo === undefined ? messageType.ordinary : messageType.reply),
    createdAt: discord.clock.now(),
    ...said,
    content: (said.flags & flag.componentsV2) === 0 ? said.content.trim() : '',
    flags: said.flags | (what.state === 'loading' ? flag.loading : 0),
    embeds: rich(said.embeds),
    pings: pingsOf(discord, {
      channel,
      authorId: author.id,
      content: said.content,
      components: said.components,
      ...(body.allowed_mentions != null && { allowed: body.allowed_mentions }),
      ...(replyTo !== undefined && { repliedTo: replyTo.author.id }),
    }),
    reactions: new Map(),
    oldEdits: [],
    ...(what.nonce !== undefined && { nonce: what.nonce }),
    ...(replyTo !== undefined && { replyTo: replyTo.id }),
    ...(what.forwards !== undefined && { forwards: { ...what.forwards } }),
    ...(what.interaction !== undefined && { interaction: what.interaction }),
    ...(what.webhookId !== undefined && { webhookId: what.webhookId }),
    ...(what.onlyFor !== undefined && { onlyFor: what.onlyFor }),
  };
}

/** Puts a message into its channel and tells the bot. A message for one person is told to nobody. */
export function keep(discord: Discord, channel: Channel, message: Message): void {
  if (message.onlyFor === undefined && isThread(channel)) {
    channel.thread.messageCount += 1;
    channel.thread.totalSent += 1;
    scheduleArchiving(discord, channel);
  }
  discord.world.messages.set(message.id, message);
  if (message.onlyFor === undefined) {
    channel.lastMessageId = message.id;
    announce(discord, 'MESSAGE_CREATE', channel, message);
  }
  discord.changes.notify();
}

/** Changes a message as a PATCH asks; fields that it does not name stay. @throws Refusal */
export function change(discord: Discord, message: Message, body: MessageBody, uploads: readonly Upload[]): Message {
  const channel = discord.world.channels.get(message.channelId);
  if (channel === undefined) throw refusals.unknownChannel();
  const wasV2 = message.flags & flag.componentsV2;
  if (body.flags != null && wasV2 !== 0 && (body.flags & flag.componentsV2) === 0) {
    throw invalid(['flags'], 'MESSAGE_FLAG_CANNOT_BE_REMOVED', 'IS_COMPONENTS_V2 cannot be removed from a message');
  }
  const flags = body.flags == null ? message.flags : (message.flags & ~settable) | flagsOf(body.flags);
  const kept = body.attachments == null ? message.attachments : stays(message, body.attachments);
  const added = keepFiles(discord, channel.id, uploads, body.attachments ?? []);
  const all = [...kept, ...added];
  const components = (
    body.components === undefined ? message.components : (body.components ?? [])
  ) as readonly TopComponent[];
  const content = body.content === undefined ? message.content : (body.content ?? '');
  const embeds = (body.embeds === undefined ? message.embeds : (body.embeds ?? [])) as readonly Json[];
  const shown = shownFiles(components);
  // A V2 message loses the files that its new components no longer show.
  const attachments =
    (flags & flag.componentsV2) !== 0 && body.attachments == null ? all.filter(({ name }) => shown.has(name)) : all;
  checkDraft({ content, flags, components, embeds, files: attachments.map(({ name }) => name) });
  // Writing what "is thinking" stood for is no edit.
  if ((message.flags & flag.loading) === 0) message.editedAt = discord.clock.now();
  message.flags = flags & ~flag.loading;
  message.attachments = attachments;
  message.components = components as readonly Json[];
  message.content = (flags & flag.componentsV2) === 0 ? content.trim() : '';
  message.embeds = rich(embeds);
  if (body.content !== undefined || body.components !== undefined) {
    const allowed = body.allowed_mentions;
    const said = { channel, authorId: message.author.id, content: message.content, components: message.components };
    message.pings = pingsOf(discord, { ...said, ...(allowed != null && { allowed }) });
  }
  if (message.onlyFor === undefined) announce(discord, 'MESSAGE_UPDATE', channel, message);
  discord.changes.notify();
  return message;
}

/** Takes a message away and tells the bot. */
export function remove(discord: Discord, message: Message): void {
  const channel = discord.world.channels.get(message.channelId);
  discord.world.messages.delete(message.id);
  for (const { id } of message.attachments) discord.cdn.forget(id);
  if (message.onlyFor === undefined && channel !== undefined) {
    if (channel.thread !== undefined) channel.thread.messageCount -= 1;
    discord.gateway.dispatch('MESSAGE_DELETE', {
      id: message.id,
      channel_id: message.channelId,
      ...(channel.guildId !== undefined && { guild_id: channel.guildId }),
    });
  }
  discord.changes.notify();
}

/** Several messages of a channel are gone at once, as moderators and their bots do it. */
export function purge(discord: Discord, messages: readonly Message[]): void {
  const [first] = messages;
  const channel = discord.world.channels.get(first?.channelId ?? '');
  if (channel === undefined) throw new Error('The stand-in has no channel of these messages');
  if (channel.thread !== undefined) channel.thread.messageCount -= messages.length;
  for (const { id, attachments } of messages) {
    discord.world.messages.delete(id);
    for (const file of attachments) discord.cdn.forget(file.id);
  }
  discord.gateway.dispatch('MESSAGE_DELETE_BULK', {
    ids: messages.map(({ id }) => id),
    channel_id: channel.id,
    ...(channel.guildId !== undefined && { guild_id: channel.guildId }),
  });
  discord.changes.notify();
}

/** Tells the bot of a message that it may see; without MESSAGE_CONTENT some without what they say. */
export function announce(
  discord: Discord,
  event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE',
  channel: Channel,
  message: Message,
): void {
  const { world } = discord;
  const bot = world.bot.id;
  const open = channel.guildId === undefined || message.author.id === bot || message.pings.users.includes(bot);
  discord.gateway.dispatch(event, messageEventJson(world, discord.cdn, message), {
    ...(channel.guildId !== undefined ? { channel } : { direct: true }),
    content: open ? 'open' : 'private',
  });
}

/** Embeds as Discord answers them. */
function rich(embeds: readonly Json[]): readonly Json[] {
  return embeds.map(({ fields, ...embed }) => ({
    ...embed,
    type: 'rich',
    ...(fields != null && { fields: (fields as readonly Json[]).map((field) => ({ inline: false, ...field })) }),
  }));
}

function flagsOf(flags: number): number {
  if ((flags & ~(settable | flag.ephemeral)) === 0) return flags & ~flag.ephemeral;
  throw invalid(['flags'], 'MESSAGE_FLAGS_INVALID', 'Flags that a bot cannot set');
}

/** Puts uploads into the CDN. `attachments` may describe them, by the number in `files[n]`. */
function keepFiles(
  discord: Discord,
  channelId: string,
  uploads: readonly Upload[],
  described: NonNullable<MessageBody['attachments']>,
): Attachment[] {
  if (uploads.length > 10) throw invalid(['attachments'], 'BASE_TYPE_BAD_LENGTH', 'Must be 10 or fewer in length.');
  if (uploads.some(({ bytes }) => bytes.length > discord.settings.attachmentSizeLimit)) throw refusals.tooLarge();
  return uploads.map((upload) => {
    const number = /^files\[(\d+)\]$/.exec(upload.field)?.[1];
    const about = described.find(({ id }) => String(id) === number);
    const attachment: Attachment = {
      id: discord.world.newId(),
      channelId,
      // Discord keeps letters, digits, dots, dashes and underscores.
      name: (about?.filename ?? upload.name).replaceAll(/[^\p{L}\p{N}._-]+/gu, '_'),
      mediaType: upload.mediaType,
      bytes: upload.bytes,
      ephemeral: false,
      ...(about?.description != null && { description: about.description }),
    };
    discord.cdn.add(attachment);
    return attachment;
  });
}

function stays(message: Message, named: NonNullable<MessageBody['attachments']>): readonly Attachment[] {
  const ids = new Set(named.map(({ id }) => String(id)));
  return message.attachments.filter(({ id }) => ids.has(id));
}
