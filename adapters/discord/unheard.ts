import { type APIMessage, MessageType, Routes } from 'discord.js';
import type { AdapterStore, ChatHost } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import type { Api } from './api.ts';
import { nonceOf } from './nonce.ts';
import type { Places } from './places.ts';

export interface UnheardParts {
  readonly api: Api;
  readonly host: ChatHost;
  readonly places: Places;
  readonly store: AdapterStore;
  readonly log: AdapterLog;
  /** The bot's own id. */
  readonly self: () => string;
}

/**
 * Says in a task's thread that words are not heard which do not name the bot, once for each thread: without the Message Content
 * intent they come empty, and people would talk to nobody.
 */
export function sayUnheard({
  api,
  host,
  places,
  store,
  log,
  self,
}: UnheardParts): (message: APIMessage) => Promise<void> {
  /** Threads where it was said, or is being said. */
  const said = new Set<string>();

  return async ({ id, type, channel_id: channel, sticker_items: stickers = [], message_reference: reference }) => {
    const isSpeech = type === MessageType.Default || type === MessageType.Reply;
    if (!isSpeech || stickers.length > 0 || said.has(channel)) return;
    const { address, kind } = await places.addressOf(channel, id, reference?.message_id);
    if (kind !== 'thread' || !(await host.follows(address)) || said.has(channel)) return;
    said.add(channel);
    if ((await store.get(`unheard:${channel}`)) !== undefined) return;
    const content = `Commander does not see messages here that do not name it: begin with <@${self()}>, or reply to one of its messages. “Message Content Intent” in the developer portal and DISCORD_MESSAGE_CONTENT=true change that.`;
    const once = { nonce: nonceOf(`${BigInt(channel).toString(16)}c`), enforce_nonce: true };
    const body = { content, allowed_mentions: { parse: [] }, ...once };
    try {
      await api.rest.post(Routes.channelMessages(channel), { body });
      await store.set(`unheard:${channel}`, true);
    } catch (error) {
      // The next words there are another occasion.
      said.delete(channel);
      log.info({ error, channel }, 'it could not be said that Commander does not hear words here');
    }
  };
}
