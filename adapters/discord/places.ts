import {
  type APIChannel,
  type APIMessage,
  ChannelType,
  RESTJSONErrorCodes,
  Routes,
  ThreadAutoArchiveDuration,
} from 'discord.js';
import type { AdapterStore, ThreadAddress } from '#core/chat/adapter.ts';
import { type Api, isCode } from './api.ts';
import type { Detours } from './detours.ts';
import { plainName } from './escape.ts';
import { threadNameLimit } from './limits.ts';
import { nonceOf } from './nonce.ts';

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
  /** Before a slash command is taken: what its thread will begin with. */
  remember(address: ThreadAddress, words: string): Promise<void>;
  /** The address of a message for people. */
  linkTo(channelId: string, messageId: string): Promise<string>;
  /** The thread's own id, where it is known. */
  threadId(address: ThreadAddress): string;
}

export type PlaceKind = 'channel' | 'thread' | 'direct';

interface Made {
  readonly words: string;
  readonly threadId?: string;
}

const threadTypes: ReadonlySet<ChannelType> = new Set([
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
]);

/** Threads and channels that are known by heart. */
const rememberedLimit = 5000;

export function createPlaces(api: Api, store: AdapterStore, detours: Detours): Places {
  const channels = new Map<string, { readonly type: ChannelType; readonly parent?: string; readonly guild?: string }>();
  const opened = new Map<string, string>();

  async function channelOf(id: string) {
    const known = channels.get(id);
    if (known !== undefined) return known;
    const found = (await api.rest.get(Routes.channel(id))) as APIChannel & {
      readonly parent_id?: string | null;
      readonly guild_id?: string;
    };
    const channel = {
      type: found.type,
      ...(found.parent_id ? { parent: found.parent_id } : {}),
      ...(found.guild_id === undefined ? {} : { guild: found.guild_id }),
    };
    if (channels.size > rememberedLimit) channels.clear();
    channels.set(id, channel);
    return channel;
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
    const root = (await api.rest.post(Routes.channelMessages(address.channel), {
      body: {
        content: made.words,
        nonce: nonceOf(BigInt(address.thread).toString(16)),
        enforce_nonce: true,
        allowed_mentions: { parse: [] },
      },
    })) as APIMessage;
    const threadId = await startThread(address, root.id, name);
    await store.set(`command:${address.thread}`, { ...made, threadId });
    await store.set(`thread:${threadId}`, address.thread);
    return threadId;
  }

  return {
    async addressOf(channelId, messageId, repliedTo) {
      const { type, parent } = await channelOf(channelId);
      if (type === ChannelType.DM || type === ChannelType.GroupDM)
        return { kind: 'direct', address: { platform: 'discord', channel: channelId, thread: channelId } };
      if (threadTypes.has(type) && parent !== undefined) {
        const command = await store.get(`thread:${channelId}`);
        const thread = typeof command === 'string' ? command : channelId;
        opened.set(thread, channelId);
        return { kind: 'thread', address: { platform: 'discord', channel: parent, thread } };
      }
      const detoured = await detours.addressOf(channelId, [repliedTo, messageId]);
      if (detoured !== undefined) return { kind: 'thread', address: detoured };
      return { kind: 'channel', address: { platform: 'discord', channel: channelId, thread: messageId } };
    },
    async open(address, name) {
      const known = opened.get(address.thread);
      if (known !== undefined) return known;
      const made = (await store.get(`command:${address.thread}`)) as Made | undefined;
      const id = await openAny(address, made, name);
      if (opened.size > rememberedLimit) opened.clear();
      opened.set(address.thread, id);
      return id;
    },
    async locate(address) {
      const known = opened.get(address.thread);
      if (known !== undefined || address.channel === address.thread) return known ?? address.channel;
      const made = (await store.get(`command:${address.thread}`)) as Made | undefined;
      return made?.threadId ?? address.thread;
    },
    async remember(address, words) {
      await store.set(`command:${address.thread}`, { words });
    },
    async linkTo(channelId, messageId) {
      const { guild = '@me' } = await channelOf(channelId);
      return `https://discord.com/channels/${guild}/${channelId}/${messageId}`;
    },
    threadId: ({ thread }) => opened.get(thread) ?? thread,
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
    return startThread(address, address.thread, name);
  }
}
