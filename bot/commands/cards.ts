import type { Card, Tone } from '#core/chat/card.ts';
import { showNotice } from '#core/show/replies.ts';

/** A card of one sentence. */
export function noticeCard(title: string, tone: Tone = 'neutral', text: readonly string[] = []): Card {
  return showNotice({ tone, title, text: text.map((paragraph) => [paragraph]) });
}
