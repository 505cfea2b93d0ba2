import type { ChatMessage } from '#core/chat/chat-store.ts';
import type { Outgoing } from './state.ts';

/**
 * A live event can be faster than the answer to the sending: its message takes the place of ours, so that it is never seen
 * twice. Messages carry no key; one on its way with the same words, files and target is that message. So is one that seemed to
 * have failed because the answer was lost.
 */
export function withoutArrived(
  outgoing: readonly Outgoing[],
  arrived: ChatMessage,
  myId: string | undefined,
): readonly Outgoing[] {
  if (arrived.author === 'commander' || arrived.author.id !== myId) return outgoing;
  const same = outgoing.findIndex((one) => isSame(one, arrived));
  return same < 0 ? outgoing : outgoing.filter((_, index) => index !== same);
}

function isSame(outgoing: Outgoing, message: ChatMessage): boolean {
  return (
    (outgoing.status === 'sending' || outgoing.offline === true) &&
    outgoing.target.channelId === message.channelId &&
    outgoing.target.rootId === message.rootId &&
    outgoing.text.trim() === (message.text ?? '').trim() &&
    outgoing.files.map(({ id }) => id).join() === message.files.map(({ id }) => id).join()
  );
}
