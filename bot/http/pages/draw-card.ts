import { html } from 'hono/html';
import { decodeAction } from '#core/chat/button.ts';
import type { Block, Button } from '#core/chat/card.ts';
import type { Inline, RichText } from '#core/chat/inline.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { formatMoment } from '#core/text/moment.ts';

/** The parts of a card that a page shows as the thread does; its buttons are a page's own matter. */
export function drawBlocks(blocks: readonly Block[]) {
  return blocks.map(drawBlock);
}

function drawBlock(block: Block) {
  switch (block.kind) {
    case 'text':
      return html`<p>${drawText(block.text)}</p>`;
    case 'context':
      return html`<p class="note">${drawText(block.text)}</p>`;
    case 'list':
      return html`<ul>${block.items.map((item) => html`<li>${drawText(item)}</li>`)}</ul>`;
    case 'code':
      return html`<figure class="words">${block.label === undefined ? '' : html`<figcaption>${block.label}</figcaption>`}<pre tabindex="0">${block.text}</pre></figure>`;
    case 'quote':
      return html`<figure class="words"><figcaption>${block.from}</figcaption><blockquote>${block.text}</blockquote></figure>`;
    case 'files':
      return html`<ul>${block.files.map(({ name, href, size }) => html`<li><a href="${href}">${name}</a> <span class="note">${formatBytes(size)}</span></li>`)}</ul>`;
    default:
      return '';
  }
}

/** Text with its meaning as HTML; all that stands in it is escaped. */
export function drawText(text: RichText) {
  return text.map(drawPiece);
}

function drawPiece(piece: Inline) {
  if (typeof piece === 'string') return piece;
  switch (piece.kind) {
    case 'bold':
      return html`<strong>${piece.text}</strong>`;
    case 'code':
      return html`<code>${piece.text}</code>`;
    case 'link':
      return html`<a href="${piece.href}">${piece.text}</a>`;
    case 'task':
      return html`<a href="${piece.href ?? `/tasks/${piece.number}`}">#${piece.number}</a>`;
    case 'person':
      return piece.name;
    case 'time':
      return html`<time datetime="${piece.at}">${formatMoment(piece.at)}</time>`;
    case 'elapsed':
      return html`since <time datetime="${piece.since}">${formatMoment(piece.since)}</time>`;
  }
}

/** A button that acts at once: no form has to be filled in first. */
export type DirectButton = Button & { readonly action: string };

/** The buttons of a card that a page without scripts can have. */
export function directButtons(blocks: readonly Block[]): readonly DirectButton[] {
  return blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons.filter(isDirect) : []));
}

function isDirect(button: Button): button is DirectButton {
  const { verb, choice } = decodeAction(button.action ?? '') ?? {};
  return verb === 'approve' || verb === 'deny' || (choice !== undefined && answering.has(verb));
}

const answering: ReadonlySet<string | undefined> = new Set(['answer', 'choose', 'together']);
