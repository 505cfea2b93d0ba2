import type { Block, Card, Tone } from '#core/chat/card.ts';
import { plainOf, type RichText } from '#core/chat/inline.ts';

/** A card that answers a message. */
export function replyCard(title: RichText, blocks: readonly Block[], tone: Tone = 'neutral'): Card {
  return { key: 'reply', tone, title, blocks, summary: plainOf(title) };
}

/** A card of one sentence. */
export function noticeCard(text: string, tone: Tone = 'neutral'): Card {
  return replyCard([text], [], tone);
}

/** What to say instead, as a list of things that can be copied. */
export function choicesCard(title: string, choices: readonly string[]): Card {
  const items = choices.map((say) => [{ kind: 'code', text: `@commander ${say}` } as const]);
  const help: RichText = ['Or say ', { kind: 'code', text: '@commander help' }, ' for everything that I understand.'];
  return replyCard(
    [title],
    [...(items.length === 0 ? [] : [{ kind: 'list', items } as const]), { kind: 'context', text: help }],
    'warning',
  );
}
