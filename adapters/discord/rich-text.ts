import type { Inline, RichText } from '#core/chat/inline.ts';
import type { LinkTo } from '#core/chat/link.ts';
import { escapeText, inlineCode } from './escape.ts';

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
  return href === undefined ? shown : `[${shown}](${encoded(href)})`;
}

/** An address that ends neither its link nor, by what is wrong with it, its card; what is encoded already stays as it is. */
function encoded(href: string): string {
  return encodeURI(href.toWellFormed())
    .replaceAll(/%25(?=[\da-f]{2})/gi, '%')
    .replaceAll('(', '%28')
    .replaceAll(')', '%29');
}

function seconds(at: string): number {
  return Math.floor(Date.parse(at) / 1000);
}
