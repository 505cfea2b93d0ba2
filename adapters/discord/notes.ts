import { type APIMessage, ComponentType, MessageFlags, Routes } from 'discord.js';
import type { PostId } from '#core/chat/adapter.ts';
import type { Api } from './api.ts';
import { markerOf, nonceOf } from './nonce.ts';
import type { Deed, Once } from './once.ts';
import { findMessage } from './send.ts';

/** What is said beside the cards, in Discord's markdown: nothing in it pings or shows what a link leads to. */
export interface Note extends Pick<Deed, 'name' | 'after' | 'words'> {
  readonly channel: string;
}

interface NoteParts {
  readonly api: Api;
  readonly once: Once;
  /** The bot's own id. */
  readonly self: () => string;
}

/** Says something once, however often it is tried, and whatever it would say by then. */
export function sayOnce({ api, once, self }: NoteParts, { channel, ...note }: Note): Promise<PostId> {
  return once.make({
    ...note,
    find: ({ key, after }) => findMessage({ api, self }, channel, key, after),
    make: ({ key, words }) => say(api, channel, key, words),
  });
}

/** Posts a text, once for each key as long as Discord knows it. */
export async function say({ rest }: Api, channel: string, key: string, words: string): Promise<PostId> {
  const body = { ...bodyOf(words, markerOf(key)), nonce: nonceOf(key), enforce_nonce: true };
  return ((await rest.post(Routes.channelMessages(channel), { body })) as APIMessage).id;
}

/** A message that shows a text; `marker`: what it is found by. */
export function bodyOf(words: string, marker?: number): object {
  const text = { type: ComponentType.TextDisplay, content: words, ...(marker === undefined ? {} : { id: marker }) };
  return { flags: MessageFlags.IsComponentsV2, components: [text], allowed_mentions: { parse: [] } };
}
