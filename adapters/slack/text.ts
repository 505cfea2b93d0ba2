import { cut } from '#core/text/cut.ts';

/** Foreign text in a place that Slack reads as markup: nothing in it pings or links (docs, Formatting text: escaping). */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The same within so many characters; what is cut ends with an ellipsis, and never within an escaped character. */
export function fitText(text: string, limit: number): string {
  const escaped = escapeText(text);
  if (escaped.length <= limit) return escaped;
  return `${cut(escaped, limit)
    .slice(0, -1)
    .replace(/&[a-z]*$/, '')}…`;
}

/** What a person typed, from how Slack encodes it (a `<` of theirs is `&lt;`): links as their address, people and channels as their names where given. */
export function decodeText(text: string): string {
  return text
    .replace(/<(https?:[^|<>]+)(?:\|[^<>]*)?>/g, '$1')
    .replace(/<mailto:([^|<>]+)(?:\|[^<>]*)?>/g, '$1')
    .replace(/<[@#!]([^|<>]+)\|([^<>]+)>/g, '$2')
    .replace(/<([@#!])([^|<>]+)\|?>/g, '$1$2')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
