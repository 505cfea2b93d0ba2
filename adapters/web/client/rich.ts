import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import type { Inline, RichText } from '#core/chat/inline.ts';
import { Elapsed, When } from './clock.ts';
import { OwnLink } from './link.ts';

/** A card's text: every string becomes a text node, so nothing in it can be markup. */
export function Rich({ text }: { text: RichText }): ComponentChild {
  return html`${text.map(drawPiece)}`;
}

function drawPiece(piece: Inline): ComponentChild {
  if (typeof piece === 'string') return piece;
  switch (piece.kind) {
    case 'bold':
      return html`<strong>${piece.text}</strong>`;
    case 'code':
      return html`<code>${piece.text}</code>`;
    case 'link':
      return html`<${OwnLink} href=${piece.href}>${piece.text}<//>`;
    case 'task':
      return piece.href === undefined ? `#${piece.number}` : html`<${OwnLink} href=${piece.href}>#${piece.number}<//>`;
    case 'person':
      return html`<span class="mention">${piece.name}</span>`;
    case 'time':
      return html`<${When} at=${piece.at} shape="moment" />`;
    case 'elapsed':
      return html`<${Elapsed} since=${piece.since} />`;
    default:
      return undefined;
  }
}
