import type { ChatChannel } from '#core/chat/chat-store.ts';
import { draftOf, keepDraft } from './drafts.ts';
import { placeOf } from './place.ts';

/** Most that an address may bring, in characters. */
const longest = 2000;

/**
 * Words that the address brings (`?say=`) become the draft of its channel, below what is written there already: a person reads
 * and sends them. They leave the address, so that a reload does not bring them again.
 */
export function takeGivenWords(channels: readonly ChatChannel[]): void {
  const words = new URLSearchParams(location.search).get('say')?.slice(0, longest);
  const channel = channels.find(({ name }) => name === placeOf(location.pathname).channel);
  if (words === undefined || words === '' || channel === undefined) return;
  const before = draftOf(channel.id);
  keepDraft(channel.id, before === '' ? words : `${before}\n${words}`);
  history.replaceState(null, '', location.pathname);
}
