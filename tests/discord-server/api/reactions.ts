import { need, needOpen, visibleChannel, visibleMessage } from '../access.ts';
import type { Discord } from '../discord.ts';
import { type ApiRequest, done, param, type Route } from '../http/route.ts';
import { rates } from '../limits.ts';
import { react, unreact } from '../reacting.ts';
import { refusals } from '../refusal.ts';

const own = '/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me';

export const reactionRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path: own,
    auth: 'bot',
    rate: rates.reactions,
    answer(request, discord) {
      const { channel, message } = target(request, discord);
      if (!message.reactions.has(emoji(request))) need(discord, channel, 'addReactions');
      react(discord, message, discord.world.bot.id, emoji(request));
      return done;
    },
  },
  {
    method: 'DELETE',
    path: own,
    auth: 'bot',
    rate: rates.reactions,
    answer(request, discord) {
      unreact(discord, target(request, discord).message, discord.world.bot.id, emoji(request));
      return done;
    },
  },
];

function target(request: ApiRequest, discord: Discord) {
  const channel = visibleChannel(discord, param(request, 'channel_id'));
  need(discord, channel, 'readMessageHistory');
  const message = visibleMessage(discord, channel, param(request, 'message_id'));
  needOpen(channel);
  return { channel, message };
}

/** Unicode emoji only: the stand-in's guild has none of its own. */
function emoji(request: ApiRequest): string {
  const name = param(request, 'emoji_name');
  if (!/^\p{RGI_Emoji}$/v.test(name) && !/^\p{Emoji}\uFE0F?$/u.test(name)) throw refusals.unknownEmoji();
  return name;
}
