import type { Block, Button } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import { plainText } from '#core/text/sanitise.ts';

/** Slack's header block takes 150 characters, the least of all platforms. */
export const titleLimit = 150;
/** Slack's button text takes 75 characters, Discord's 80. */
const buttonLabelLimit = 75;
/** A row of Discord holds 5 buttons. */
const buttonsPerBlock = 5;
/** Slack's section takes 3,000 characters. */
const codeLimit = 3000;
/** Slack's confirmation dialogue takes 300 characters. */
export const confirmLimit = 300;
/** A person reads no more at a glance; a message of Discord carries 10 files. */
export const fileLimit = 10;
/** Words of others inside a sentence: long enough to understand, short enough for a card of many. */
const wordsLimit = 300;

/** Words of others as one calm line of at most `maxLength` UTF-16 units. */
export function line(text: string, maxLength = wordsLimit): string {
  return plainText(text, { singleLine: true, maxLength });
}

/** Monospaced text in full, or its beginning and how much is missing. The text itself is not changed. */
export function codeBlock(label: string, text: string): Block {
  return { kind: 'code', label, text: beginningOf(text) };
}

function beginningOf(text: string): string {
  if (text.length <= codeLimit) return text;
  // A cut in the middle of a character would leave half of it.
  const kept = text.slice(0, codeLimit - 60).replace(/[\ud800-\udbff]$/, '');
  return `${kept}\n… ${text.length - kept.length} more characters, see Details`;
}

/** Buttons in rows that every platform takes; no block at all for no buttons. */
export function buttonBlocks(buttons: readonly Button[]): readonly Block[] {
  const named = buttons.map((button) => ({ ...button, label: line(button.label, buttonLabelLimit) || 'Choose' }));
  return Array.from({ length: Math.ceil(named.length / buttonsPerBlock) }, (_, row) => ({
    kind: 'buttons',
    buttons: named.slice(row * buttonsPerBlock, (row + 1) * buttonsPerBlock),
  }));
}

/** Rows of a list: more is not read in a chat. The rest is counted. */
const rowLimit = 20;

/** Items one below the other, and how many are not shown: `more` of them were not given; `next` says what to say to see them. */
export function listBlock(
  items: readonly RichText[],
  { more = 0, next }: { readonly more?: number; readonly next?: string } = {},
): Block {
  const shown = items.slice(0, rowLimit);
  const hidden = items.length - shown.length + more;
  const rest: RichText =
    next === undefined ? [`and ${hidden} more`] : [`and ${hidden} more: `, { kind: 'code', text: next }];
  return { kind: 'list', items: hidden === 0 ? shown : [...shown, rest] };
}
