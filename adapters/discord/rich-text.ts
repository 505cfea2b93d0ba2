import type { Inline, RichText } from '#core/chat/inline.ts';
import { escapeText, inlineCode } from './escape.ts';

/** Makes a path of Commander's own pages a link; `undefined` when Commander has no address for people. */
export type LinkTo = (href: string) => string | undefined;

/** Links lead to Commander's own pages or to what the card gives as an absolute address. */
export function linkWith(address: string | undefined): LinkTo {
  return (href) => {
    if (href.startsWith('/')) return address === undefined ? undefined : `${address}${href}`;
    return /^https?:\/\/[^\s<>()]+$/.test(href) ? href : undefined;
  };
}

/** Text with meaning as Discord's markdown. */
export function markdownOf(text: RichText, linkTo: LinkTo): string {
  return text.map((piece) => pieceOf(piece, linkTo)).join('');
}

function pieceOf(piece: Inline, linkTo: LinkTo): string {
  if (typeof piece === 'string') return escapeText(piece);
  switch (piece.kind) {
    case 'bold':
      return `**${escapeText(piece.text)}**`;
    case 'code':
      return inlineCode(piece.text);
    case 'link':
      return linked(piece.text, linkTo(piece.href));
    case 'task':
      return linked(`#${piece.number}`, piece.href === undefined ? undefined : linkTo(piece.href));
    case 'person':
      return `**${escapeText(piece.name)}**`;
    case 'time':
      return `<t:${seconds(piece.at)}:f>`;
    case 'elapsed':
      return `<t:${seconds(piece.since)}:R>`;
  }
}

function linked(text: string, href: string | undefined): string {
  const shown = escapeText(text);
  return href === undefined ? shown : `[${shown}](${encodeURI(decodeURI(href)).replace(/[()]/g, encodeURIComponent)})`;
}

function seconds(at: string): number {
  return Math.floor(Date.parse(at) / 1000);
}
