import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import type { ChatMessage } from '#core/chat/chat-store.ts';

/** The number of colours of people in styles/messages.css. */
const hues = 8;

/** A person's initial on a colour of their own, or the bot's mark. The name stands beside it, so it says nothing itself. */
export function Avatar({ author }: { author: ChatMessage['author'] }): ComponentChild {
  if (author === 'commander') {
    return html`<span class="avatar avatar-bot" aria-hidden="true">
      <svg viewBox="0 0 32 32"><path d="m9 10 6 6-6 6M17.5 22H23" /></svg>
    </span>`;
  }
  return html`<span class=${`avatar hue-${hueOf(author.name)}`} aria-hidden="true">${initialOf(author.name)}</span>`;
}

function initialOf(name: string): string {
  const [first = '?'] = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(name.trim() || '?');
  return typeof first === 'string' ? first : first.segment.toUpperCase();
}

/** The same name has the same colour everywhere. */
function hueOf(name: string): number {
  let sum = 0;
  for (const character of name.toLowerCase()) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % hues;
}
