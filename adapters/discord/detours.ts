import { type APIChannel, ChannelType, DiscordAPIError, RESTJSONErrorCodes, Routes } from 'discord.js';
import type { AdapterStore, ThreadAddress } from '#core/chat/adapter.ts';
import type { Api } from './api.ts';
import { escapeText, plainName } from './escape.ts';
import { threadNameLimit } from './limits.ts';
import { bodyOf, sayOnce } from './notes.ts';
import type { Once } from './once.ts';
import { openForumPost, openOnce } from './openings.ts';

/** Where a thread's cards go since the thread takes none any more. */
export interface Detour {
  readonly channel: string;
  /** The note that opened it: posts from this id on are here, earlier ones in the thread. */
  readonly since: string;
  /** Why, in words. */
  readonly why?: string;
  /** The thread takes cards again: only what was posted meanwhile stands here. */
  readonly ended?: true;
}

export interface Detours {
  /** What takes a thread's place now, if anything does. */
  of(address: ThreadAddress): Promise<Detour | undefined>;
  /** Where a post of a thread stands, when that is not the thread. */
  channelOf(address: ThreadAddress, post: string): Promise<string | undefined>;
  /** Whether any thread has a detour now. */
  any(): Promise<boolean>;
  /** The thread is not locked any more: if that was why, new cards go there, and those that stand elsewhere are changed where they are. */
  unlocked(address: ThreadAddress): Promise<void>;
  /** Goes on in the parent from now on, and says so there, once. @throws when the parent takes nothing either. */
  begin(address: ThreadAddress, why: string, title: string): Promise<Detour>;
  /** A card of a thread stands in its parent: replies to it belong to the thread. */
  remember(address: ThreadAddress, post: string): Promise<void>;
  /** The thread that a message of a channel belongs to, when it is a card that stands in for one. */
  addressOf(channel: string, posts: readonly (string | undefined)[]): Promise<ThreadAddress | undefined>;
}

/** Of a thread that was locked. */
export const locked = 'is locked';

/** Of a thread that Discord does not open while so many others are open: that passes. */
export const crowded = 'can not be opened: the server has too many open threads';

/** What error codes say of a thread (docs, Opcodes and Status Codes: JSON). */
const closedBy: Readonly<Record<number, string>> = {
  160005: locked,
  [RESTJSONErrorCodes.UnknownChannel]: 'was deleted',
  160006: crowded,
};

/** Why a thread takes nothing any more, or can not be made, in words; `undefined` when the error says nothing of it. */
export function closedFor(error: unknown): string | undefined {
  return error instanceof DiscordAPIError ? closedBy[Number(error.code)] : undefined;
}

export interface DetourParts {
  readonly api: Api;
  readonly store: AdapterStore;
  readonly once: Once;
  /** The bot's own id. */
  readonly self: () => string;
}

export function createDetours(parts: DetourParts): Detours {
  const { api, store, once } = parts;
  let loading: Promise<Map<string, Detour>> | undefined;

  /** All of them, read once: they are few. */
  function known(): Promise<Map<string, Detour>> {
    loading ??= store.list('detour:').then(
      (all) => new Map(all.map(([key, value]) => [key.slice('detour:'.length), value as Detour])),
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  }

  async function note(address: ThreadAddress, why: string, title: string): Promise<Detour> {
    const parent = (await api.rest.get(Routes.channel(address.channel))) as APIChannel;
    const words = `The thread ${why}, so “${escapeText(plainName(title, threadNameLimit))}” goes on here. Reply to its messages to speak to it.`;
    const deed = {
      name: occasion(address.thread),
      after: ('last_message_id' in parent ? parent.last_message_id : undefined) ?? address.thread,
    };
    if (parent.type === ChannelType.GuildForum || parent.type === ChannelType.GuildMedia) {
      const id = await openOnce(parts, {
        ...deed,
        parent: parent.id,
        title,
        guild: parent.guild_id,
        open: (opening) => openForumPost(api, opening, bodyOf(words)),
      });
      await store.set(`thread:${id}`, address.thread);
      return { channel: id, since: id };
    }
    return { channel: parent.id, since: await sayOnce(parts, { ...deed, channel: parent.id, words }) };
  }

  return {
    async of({ thread }) {
      const detour = (await known()).get(thread);
      return detour?.ended ? undefined : detour;
    },
    async channelOf({ thread }, post) {
      const detour = (await known()).get(thread);
      if (detour === undefined) return undefined;
      const isNow = !detour.ended && BigInt(post) > BigInt(detour.since);
      return isNow || (await store.get(`detoured:${post}`)) !== undefined ? detour.channel : undefined;
    },
    any: async () => [...(await known()).values()].some(({ ended }) => !ended),
    async unlocked({ thread }) {
      const all = await known();
      const detour = all.get(thread);
      if (detour?.why !== locked || detour.ended) return;
      await once.forget(occasion(thread));
      await store.set(`detour:${thread}`, { ...detour, ended: true });
      all.set(thread, { ...detour, ended: true });
    },
    async begin(address, why, title) {
      const all = await known();
      const current = all.get(address.thread);
      if (current !== undefined && !current.ended) return current;
      const detour = { ...(await note(address, why, title)), why };
      await store.set(`detour:${address.thread}`, detour);
      all.set(address.thread, detour);
      return detour;
    },
    async remember({ thread }, post) {
      await store.set(`detoured:${post}`, thread);
    },
    async addressOf(channel, posts) {
      if (![...(await known()).values()].some((detour) => detour.channel === channel)) return undefined;
      for (const post of posts) {
        const thread = post === undefined ? undefined : await store.get(`detoured:${post}`);
        if (typeof thread === 'string') return { platform: 'discord', channel, thread };
      }
      return undefined;
    },
  };
}

/** What opens the way around a thread is made once, until the thread takes cards again. */
function occasion(thread: string): string {
  return `detour:${thread}`;
}
