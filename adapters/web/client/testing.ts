import type { ChatMessage } from '#core/chat/chat-store.ts';

/** A message for tests: only what matters is said. */
export function messageOf(parts: Partial<ChatMessage> & { readonly id: string }): ChatMessage {
  return {
    channelId: 'general',
    author: { id: 'ana', name: 'ana' },
    files: [],
    at: '2026-05-03T12:00:00.000Z',
    revision: 0,
    cursor: '1',
    replies: 0,
    ...parts,
  };
}
