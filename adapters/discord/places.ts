import {
  type APIChannel,
  type APIMessage,
  ChannelType,
  ComponentType,
  MessageFlags,
  RESTJSONErrorCodes,
  Routes,
  ThreadAutoArchiveDuration,
} from 'discord.js';
import type { AdapterStore, ThreadAddress } from '#core/chat/adapter.ts';
import { type Api, isCode } from './api.ts';
import type { Detours } from './detours.ts';
import { plainName } from './escape.ts';
import { threadNameLimit } from './limits.ts';
import { madeAt, markerOf, nonceOf, nonceTrustMs } from './nonce.ts';
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
  /** What a slash command's thread will begin with, known by heart at once; the answer keeps it for the next process. */
  remember(address: ThreadAddress, words: string): () => Promise<void>;
  /** The server that a channel is in; none for a direct chat. */
  guildOf(channelId: string): Promise<string | undefined>;
  /** The address of a message for people. */
  linkTo(channelId: string, messageId: string): Promise<string>;
  /** The thread's own id, where it is known. */
  threadId(address: ThreadAddress): string;
}

export interface PlaceParts {
  readonly api: Api;
  readonly store: AdapterStore;
  readonly detours: Detours;
  /** The bot's own id. */
  readonly self: () => string;
}

export type PlaceKind = 'channel' | 'thread' | 'direct';

/** What is needed of a channel. */
interface ChannelShape {
  readonly id: string;
  readonly type: ChannelType;
  readonly parent_id?: string | null;
  readonly guild_id?: string;
}

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

export function createPlaces({ api, store, detours, self }: PlaceParts): Places {
  const channels = new Map<string, { readonly type: ChannelType; readonly parent?: string; readonly guild?: string }>();
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
    put(channels, id, channel);
    return channel;
  }

  async function channelOf(id: string) {
    const known = channels.get(id);
    if (known !== undefined) return known;
    return learn((await api.rest.get(Routes.channel(id))) as APIChannel & ChannelShape);
  }

  async function addressOfThread(id: string): Promise<string> {
    const known = addresses.get(id);
    if (known !== undefined) return known;
    const command = await store.get(`thread:${id}`);
    const address = typeof command === 'string' ? command : id;
    put(addresses, id, address);
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
    const root = await openRoot(address, made.words);
    const threadId = await startThread(address, root, name);
    put(commands, address.thread, { ...made, threadId });
    put(addresses, threadId, address.thread);
    await keep(address.thread);
    await store.set(`thread:${threadId}`, address.thread);
    return threadId;
  }

  /** The message that a command's thread begins with, posted once. */
  async function openRoot({ channel, thread }: ThreadAddress, words: string): Promise<string> {
    const key = BigInt(thread).toString(16);
    const old = Date.now() - madeAt(thread) > nonceTrustMs;
    const found = old ? await findMessage({ api, self }, channel, key, thread) : undefined;
    if (found !== undefined) return found;
    const text = { type: ComponentType.TextDisplay, id: markerOf(key), content: words };
    const body = {
      flags: MessageFlags.IsComponentsV2,
      components: [text],
      nonce: nonceOf(key),
      enforce_nonce: true,
      allowed_mentions: { parse: [] },
    };
    return ((await api.rest.post(Routes.channelMessages(channel), { body })) as APIMessage).id;
  }

  return {
    async addressOf(channelId, messageId, repliedTo) {
      const { type, parent } = await channelOf(channelId);
      if (type === ChannelType.DM || type === ChannelType.GroupDM)
        return { kind: 'direct', address: { platform: 'discord', channel: channelId, thread: channelId } };
      if (threadTypes.has(type) && parent !== undefined) {
        const thread = await addressOfThread(channelId);
        put(opened, thread, channelId);
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
      put(opened, address.thread, id);
      return id;
    },
    async locate(address) {
      const known = opened.get(address.thread);
      if (known !== undefined || address.channel === address.thread) return known ?? address.channel;
      const made = await madeFor(address);
      return made?.threadId ?? address.thread;
    },
    learn,
    remember(address, words) {
      if (!commands.has(address.thread)) put(commands, address.thread, { words });
      return async () => {
        if ((await store.get(commandKey(address.thread))) === undefined) await keep(address.thread);
      };
    },
    guildOf: async (channelId) => (await channelOf(channelId)).guild,
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

function commandKey(thread: string): string {
  return `command:${thread}`;
}

function put<Value>(map: Map<string, Value>, key: string, value: Value): void {
  const [oldest] = map.keys();
  if (map.size >= rememberedLimit && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
