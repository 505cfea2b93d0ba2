import type { RichTextBlock, RichTextBlockElement, RichTextElement } from '@slack/types';
import type { Inline, RichText } from '#core/chat/inline.ts';
import type { LinkTo } from '#core/chat/link.ts';
import { urlLimit } from './limits.ts';

/**
 * Text with meaning as Slack's rich text: structure, never markup, so that nothing a person, an agent or a file wrote can format,
 * ping or link.
 */
export function elementsOf(text: RichText, linkTo: LinkTo): RichTextElement[] {
  return text.flatMap((piece) => elementOf(piece, linkTo));
}

/** Plain words; Slack refuses an empty element. */
export function words(text: string, style?: { readonly bold?: true; readonly code?: true }): RichTextElement[] {
  return text === '' ? [] : [{ type: 'text', text, ...(style === undefined ? {} : { style }) }];
}

export function rich(elements: RichTextBlockElement[]): RichTextBlock {
  return { type: 'rich_text', elements };
}

/** Words as they are, for code and quotations. */
export function preformatted(text: string): { type: 'text'; text: string }[] {
  return [{ type: 'text', text: text === '' ? ' ' : text }];
}

function elementOf(piece: Inline, linkTo: LinkTo): RichTextElement[] {
  if (typeof piece === 'string') return words(piece);
  switch (piece.kind) {
    case 'bold':
      return words(piece.text, { bold: true });
    case 'code':
      return words(piece.text, { code: true });
    case 'link':
      return linked(piece.text, linkTo(piece.href));
    case 'task':
      return linked(`#${piece.number}`, piece.href === undefined ? undefined : linkTo(piece.href));
    case 'person':
      return words(piece.name, { bold: true });
    case 'time':
      return [date(piece.at, '{date_short_pretty} {time}')];
    case 'elapsed':
      return [date(piece.since, '{ago}')];
  }
}

function linked(text: string, url: string | undefined): RichTextElement[] {
  return url === undefined || url.length > urlLimit ? words(text) : [{ type: 'link', url, text }];
}

function date(at: string, format: string): RichTextElement {
  return { type: 'date', timestamp: Math.floor(Date.parse(at) / 1000), format, fallback: at };
}
