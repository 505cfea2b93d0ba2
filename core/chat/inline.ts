import { formatMoment } from '../text/moment.ts';

/**
 * A piece of text with meaning. Text is data and never markup: an adapter escapes every string for its platform, so nothing
 * that an agent, a file or a person wrote can format, link or ping by itself.
 */
export type Inline =
  | string
  | { readonly kind: 'bold'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  /** `href` is an absolute http(s) URL, or a path on Commander's own pages beginning with `/`. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  /** A task by the number that people say; adapters link it to its thread where they can. */
  | { readonly kind: 'task'; readonly number: number; readonly href?: string }
  /** A person by name. `ping` is the only way that a card may ever notify somebody. */
  | { readonly kind: 'person'; readonly memberId: string; readonly name: string; readonly ping?: boolean }
  /** A moment (ISO 8601); shown in the reader's own time zone where the platform can. */
  | { readonly kind: 'time'; readonly at: string }
  /** Time since a moment; platforms that can, count on by themselves without an edit. */
  | { readonly kind: 'elapsed'; readonly since: string };

/** One line or paragraph: pieces in reading order. */
export type RichText = readonly Inline[];

/** The same text without any markup: for notifications, logs, screen readers and comparisons. */
export function plainOf(text: RichText): string {
  return text.map(plainOfPiece).join('');
}

function plainOfPiece(piece: Inline): string {
  if (typeof piece === 'string') return piece;
  switch (piece.kind) {
    case 'task':
      return `#${piece.number}`;
    case 'person':
      return piece.name;
    case 'time':
      return formatMoment(piece.at);
    case 'elapsed':
      return `since ${formatMoment(piece.since)}`;
    default:
      return piece.text;
  }
}
