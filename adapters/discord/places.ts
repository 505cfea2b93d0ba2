import { type APIChannel, ChannelType, RESTJSONErrorCodes, Routes, ThreadAutoArchiveDuration } from 'discord.js';
import type { AdapterStore, ThreadAddress } from '#core/chat/adapter.ts';
import { cut } from '#core/text/cut.ts';
import { type Api, isCode } from './api.ts';
import type { Detours } from './detours.ts';
import { escapeText, plainName } from './escape.ts';
import { messageTextLimit, threadNameLimit } from './limits.ts';
import { madeAt, nonceTrustMs } from './nonce.ts';
import { bodyOf, say } from './notes.ts';
import type { Once } from './once.ts';
import { openForumPost, openOnce, openPrivateThread } from './openings.ts';
import { keepRecent } from './recent.ts';
import { findMessage } from './send.ts';

/**
 * Where tasks talk. A mention's thread has the id of its message, so its address is known before the thread is made. A slash
 * command has no message: its address is the interaction's id, and the thread's own id is kept in the store when it is made.
 * A direct chat is one thread: its channel's id twice.
 */
export interface Places {
  /** The address of what is said in a channel; `repliedTo`: the message that it answers, which may stand in for a thread. */
  addressOf(
    channelId: string,
    messageId: string,
    repliedTo?: string,
  ): Promise<{ readonly address: ThreadAddress; readonly kind: PlaceKind }>;
  /** The channel to post in: the thread, made now if it is not there. */
  open(address: ThreadAddress, name: string): Promise<string>;
  /** The channel that an address's earlier posts are in; makes nothing. */
  locate(address: ThreadAddress): Promise<string>;
  /** A channel as an event describes it: it need not be asked for. */
  learn(channel: ChannelShape): void;
  /**
   * What a slash command's thread will begin with, known by heart at once; the answer keeps it for the next process. Of a `known`
   * command an earlier process may have kept more, so it is looked up first.
   */
  remember(address: ThreadAddress, thread: CommandThread): (command: 'new' | 'known') => Promise<void>;
  /** Whether what is said in a thread must not be shown outside it; when that is not known, it must not. */
  isPrivate(address: ThreadAddress): Promise<boolean>;
  /** What is known of a channel; else Discord is asked. */
  channel(id: string): Promise<KnownChannel>;
}

export interface PlaceParts {
  readonly api: Api;
  readonly store: AdapterStore;
  readonly detours: Detours;
  readonly once: Once;
  /** The bot's own id. */
  readonly self: () => string;
}

/** `room`: text beside a voice channel, which has no threads; its tasks talk in it. */
export type PlaceKind = 'channel' | 'thread' | 'direct' | 'room';

/** What a slash command's thread begins with, and how it is opened. */
export interface CommandThread {
  readonly words: string;
  /** A thread of a message in the channel unless named. */
  readonly as?: 'post' | 'private';
  /** Who asked: joins a private thread. */
  readonly person?: string;
}

/** What is needed of a channel. */
interface ChannelShape {
  readonly id: string;
  readonly type: ChannelType;
  readonly parent_id?: string | null;
  readonly guild_id?: string;
}

/** What is remembered of a channel. */
interface KnownChannel {
  readonly type: ChannelType;
  readonly parent?: string;
  /** Its server; none for a direct chat. */
  readonly guild?: string;
}

interface Made extends CommandThread {
  readonly threadId?: string;
}

export const threadTypes: ReadonlySet<ChannelType> = new Set([
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
]);

const forumTypes: ReadonlySet<ChannelType> = new Set([ChannelType.GuildForum, ChannelType.GuildMedia]);

export function createPlaces(parts: PlaceParts): Places {
  const { api, store, detours, self } = parts;
  const channels = new Map<string, KnownChannel>();
  /** Asked for once, however many messages of it come at once. */
  const asking = new Map<string, Promise<unknown>>();
  const opened = new Map<string, string>();
  /** Addresses of threads, by the thread's own id. */
  const addresses = new Map<string, string>();
  const commands = new Map<string, Made>();

  function learn({ id, type, parent_id, guild_id }: ChannelShape) {
    const channel = {
      type,
      ...(parent_id ? { parent: parent_id } : {}),
      ...(guild_id === undefined ? {} : { guild: guild_id }),
    };
    // A thread is not known without its parent.
    if (parent_id || !threadTypes.has(type)) keepRecent(channels, id, channel);
    return channel;
  }

  async function channelOf(id: string) {
    const known = channels.get(id);
    if (known !== undefined) return known;
    const asked = asking.get(id) ?? api.rest.get(Routes.channel(id)).finally(() => asking.delete(id));
    asking.set(id, asked);
    return learn((await asked) as APIChannel & ChannelShape);
  }

  async function addressOfThread(id: string): Promise<string> {
    const known = addresses.get(id);
    if (known !== undefined) return known;
    const command = await store.get(`thread:${id}`);
    const address = typeof command === 'string' ? command : id;
    keepRecent(addresses, id, address);
    return address;
  }

  async function madeFor({ thread }: ThreadAddress): Promise<Made | undefined> {
    const made = commands.get(thread);
    // An earlier process may have come further than the words, which are said again after a restart.
    if (made?.threadId !== undefined) return made;
    return ((await store.get(commandKey(thread))) as Made | undefined) ?? made;
  }

  /** Writes what is known of a command's thread; when more is known by then, that too. */
  async function keep(thread: string): Promise<void> {
    let kept: Made | undefined;
    for (let made = commands.get(thread); made !== kept; made = commands.get(thread)) {
      await store.set(commandKey(thread), made);
      kept = made;
    }
  }

  async function startThread(address: ThreadAddress, message: string, name: string): Promise<string> {
    try {
      await api.rest.post(Routes.threads(address.channel, message), {
        body: {
          name: plainName(name, threadNameLimit),
          auto_archive_duration: ThreadAutoArchiveDuration.OneWeek,
        },
      });
    } catch (error) {
      // It has a thread: made by us before, or by a person. Either way its id is the message's.
      if (!isCode(error, RESTJSONErrorCodes.ThreadAlreadyCreatedForMessage)) throw error;
    }
    return message;
  }

  async function openForCommand(address: ThreadAddress, made: Made, name: string): Promise<string> {
    if (made.threadId !== undefined) return made.threadId;
    const threadId =
      made.as === undefined
        ? await startThread(address, await openRoot(address.channel, address.thread, made.words), name)
        : await openApart(address, made, name);
    keepRecent(commands, address.thread, { ...made, threadId });
    keepRecent(addresses, threadId, address.thread);
    await keep(address.thread);
    await store.set(`thread:${threadId}`, address.thread);
    return threadId;
  }

  /** A forum's post, or a private thread, opened once. */
  async function openApart({ channel, thread }: ThreadAddress, made: Made, title: string): Promise<string> {
    const id = await openOnce(parts, {
      name: `command:${thread}`,
      after: thread,
      parent: channel,
      title,
      guild: (await channelOf(channel)).guild,
      open: (opening) =>
        made.as === 'post' ? openForumPost(api, opening, bodyOf(made.words)) : openPrivateThread(api, opening),
    });
    if (made.as === 'post') return id;
    if (made.person !== undefined) await api.rest.put(Routes.threadMembers(id, made.person));
    await openRoot(id, thread, made.words);
    return id;
  }

  /** The message that a command's thread begins with, posted once. `command`: the interaction's id. */
  async function openRoot(channel: string, command: string, words: string): Promise<string> {
    const key = BigInt(command).toString(16);
    const old = Date.now() - madeAt(command) > nonceTrustMs;
    const found = old ? await findMessage({ api, self }, channel, key, command) : undefined;
    return found ?? say(api, channel, key, words);
  }

  return {
    async addressOf(channelId, messageId, repliedTo) {
      const { type, parent } = await channelOf(channelId);
      const itself = { platform: 'discord', channel: channelId, thread: channelId };
      if (type === ChannelType.DM || type === ChannelType.GroupDM) return { kind: 'direct', address: itself };
      if (type === ChannelType.GuildVoice || type === ChannelType.GuildStageVoice)
        return { kind: 'room', address: itself };
      if (threadTypes.has(type) && parent !== undefined) {
        const thread = await addressOfThread(channelId);
        keepRecent(opened, thread, channelId);
        return { kind: 'thread', address: { platform: 'discord', channel: parent, thread } };
      }
      const detoured = await detours.addressOf(channelId, [repliedTo, messageId]);
      if (detoured !== undefined) return { kind: 'thread', address: detoured };
      return { kind: 'channel', address: { platform: 'discord', channel: channelId, thread: messageId } };
    },
    async open(address, name) {
      const known = opened.get(address.thread);
      if (known !== undefined) return known;
      const made = await madeFor(address);
      const id = await openAny(address, made, name);
      keepRecent(opened, address.thread, id);
      return id;
    },
    async locate(address) {
      const known = opened.get(address.thread);
      if (known !== undefined || address.channel === address.thread) return known ?? address.channel;
      const made = await madeFor(address);
      return made?.threadId ?? address.thread;
    },
    learn,
    async isPrivate(address) {
      const made = await madeFor(address);
      if (made !== undefined) return made.as === 'private';
      try {
        return (await channelOf(address.thread)).type === ChannelType.PrivateThread;
      } catch (error) {
        if (!isCode(error, RESTJSONErrorCodes.UnknownChannel)) throw error;
        // It is gone. A thread of a message, or of a forum, was open to all who see the channel.
        if (forumTypes.has((await channelOf(address.channel)).type)) return false;
        return api.rest.get(Routes.channelMessage(address.channel, address.thread)).then(
          () => false,
          () => true,
        );
      }
    },
    remember(address, thread) {
      if (!commands.has(address.thread)) keepRecent(commands, address.thread, thread);
      return async (command) => {
        if (command === 'new' || (await store.get(commandKey(address.thread))) === undefined)
          await keep(address.thread);
      };
    },
    channel: channelOf,
  };

  async function openAny(address: ThreadAddress, made: Made | undefined, name: string): Promise<string> {
    if (address.channel === address.thread) return address.channel;
    if (made !== undefined) return openForCommand(address, made, name);
    try {
      // A thread that is there already: a person's own, or one of a forum, which has no message in its parent.
      const { type } = await channelOf(address.thread);
      if (threadTypes.has(type)) return address.thread;
    } catch (error) {
      if (!isCode(error, RESTJSONErrorCodes.UnknownChannel)) throw error;
    }
    try {
      return await startThread(address, address.thread, name);
    } catch (error) {
      if (!isCode(error, RESTJSONErrorCodes.UnknownMessage)) throw error;
      // Its message was deleted, or it is a command whose words this process has not: then they are what the first card says.
      return openForCommand(address, { words: cut(escapeText(name), messageTextLimit) }, name);
    }
  }
}

function commandKey(thread: string): string {
  return `command:${thread}`;
}
