import type { APIMessage } from 'discord.js';
import type { ChatHost } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import type { Api } from './api.ts';
import { sayOnce } from './notes.ts';
import type { Once } from './once.ts';
import type { Places } from './places.ts';

export interface UnheardParts {
  readonly api: Api;
  readonly host: ChatHost;
  readonly places: Places;
  readonly once: Once;
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
  once,
  log,
  self,
}: UnheardParts): (message: APIMessage) => Promise<void> {
  /** Threads where it was said. */
  const said = new Set<string>();

  return async ({ id, channel_id: channel, sticker_items: stickers = [], message_reference: reference }) => {
    if (stickers.length > 0 || said.has(channel)) return;
    const { address, kind } = await places.addressOf(channel, id, reference?.message_id);
    if (kind !== 'thread' || !(await host.follows(address))) return;
    const words = `Commander does not see messages here that do not name it: begin with <@${self()}>, or reply to one of its messages. “Message Content Intent” in the developer portal and DISCORD_MESSAGE_CONTENT=true change that.`;
    try {
      await sayOnce({ api, once, self }, { name: `unheard:${channel}`, channel, after: id, words });
      said.add(channel);
    } catch (error) {
      // The next words there are another occasion.
      log.info({ error, channel }, 'it could not be said that Commander does not hear words here');
    }
  };
}
