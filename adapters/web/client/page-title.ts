import type { ChatState } from './state.ts';
import { isChannelUnread } from './unread.ts';

/** The window's title: where one is, with a dot when something new is elsewhere. */
export function titleOf({ place, channels = [], read }: Pick<ChatState, 'place' | 'channels' | 'read'>): string {
  const unread = channels.some((channel) => isChannelUnread(channel, read));
  const where = place.channel === undefined ? 'Commander' : `#${place.channel} · Commander`;
  return unread ? `• ${where}` : where;
}
