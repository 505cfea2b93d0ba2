import { chunks } from '#core/text/chunks.ts';

/** A part of a text in Markdown: code exactly as it is, or all between. */
export interface MarkdownPart {
  readonly kind: 'code' | 'prose';
  readonly text: string;
}

/** Whether Slack's `markdown` block says a text better than a quotation does: it has headings, lists, tables, code or marked words. */
export function isMarkdown(text: string): boolean {
  return [heading, listItem, tableLine, fence, marked].some((sign) => sign.test(text));
}

const heading = /^ {0,3}#{1,6}\s+\S/m;
const listItem = /^\s*(?:[-*+]|\d{1,9}[.)])\s+\S/m;
const tableLine = /^\s*\|?\s*:?-{3,}:?\s*\|/m;
const fence = /^\s*(?:`{3}|~{3})/m;
const marked = /\*\*[^*\s][^*]*\*\*|`[^`\n]+`/;

/** A text at its fences: each part is of at most `limit` characters, prose cut between paragraphs where there are any. */
export function markdownParts(text: string, limit: number): readonly MarkdownPart[] {
  const parts: { kind: MarkdownPart['kind']; lines: string[] }[] = [];
  let closing: RegExp | undefined;
  let current: string[] | undefined;
  for (const line of text.split('\n')) {
    const opened = closing === undefined ? opening.exec(line) : null;
    if (closing?.test(line) || opened !== null) {
      const ticks = opened?.[1] ?? opened?.[2];
      closing = ticks === undefined ? undefined : new RegExp(`^\\s*${ticks[0]}{${ticks.length},}\\s*$`);
      current = undefined;
      continue;
    }
    if (current === undefined) {
      current = [];
      parts.push({ kind: closing === undefined ? 'prose' : 'code', lines: current });
    }
    current.push(line);
  }
  return parts.flatMap(({ kind, lines }) => {
    const whole = lines.join('\n');
    const cut = kind === 'code' ? chunks(whole, limit) : paragraphs(whole, limit);
    return cut.filter((part) => part.trim() !== '').map((part) => ({ kind, text: part }));
  });
}

/** Begins code, also as what a list says. */
const opening = /^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(?:(`{3,})[^`]*|(~{3,}).*)$/;

/** The text in parts of at most `limit`, each of as many whole paragraphs as fit. */
function paragraphs(text: string, limit: number): readonly string[] {
  const found: string[] = [];
  for (const paragraph of text.split(/\n{2,}/).flatMap((each) => chunks(each, limit))) {
    const last = found.at(-1);
    if (last !== undefined && last.length + 2 + paragraph.length <= limit)
      found[found.length - 1] = `${last}\n\n${paragraph}`;
    else found.push(paragraph);
  }
  return found;
}

/**
 * Foreign Markdown for Slack's `markdown` block, of which headings, lists, tables and marked words stay, and in which nothing pings,
 * no link hides where it leads, and no code opens or ends where a reader would not see it:
 *
 * - `<` and `>` are entities: Slack's own tokens (`<!here>`, `<@U…>`, `<address|words>`) and HTML are words then. Slack shows them as
 *   the signs and does not read what it decoded again (measured on Slack in PostHog #95054).
 * - Brackets are escaped (docs, markdown block: escaping special characters), those of a box to tick aside: links, pictures and references
 *   are words then, with their address beside them. An address alone is a link to exactly what it shows.
 * - Backticks are escaped but around words that mean nothing else when Slack should not take them for code.
 * - Lines that divide are escaped: those of a card are Commander's.
 */
export function safeMarkdown(text: string): string {
  return text.replace(dividing, '$1\\$2').replace(token, (found) => safeToken(found));
}

/** Signs that Slack lets be escaped (docs, markdown block). */
const escapable = '\\\\`*_{}\\[\\]()#+\\-.!';
const dividing = /^([ \t]*)([-*_](?:[ \t]*[-*_]){2,}[ \t]*)$/gm;
const harmless = '[^`\\\\<>\\[\\]&@\\n]';
const token = new RegExp(
  [
    `\\\\[${escapable}]`,
    `(?<![\`\\\\])\`${harmless}+\`(?!\`)`,
    '^[ \\t]*(?:[-*+]|\\d{1,9}[.)])[ \\t]+\\[[ xX]\\](?=[ \\t])',
    '&(?=#?\\w+;)',
    '@(?=channel|here|everyone)',
    '[\\\\<>`\\[\\]]',
  ].join('|'),
  'gim',
);

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** Invisible: stands between the sign and the name, so nothing is read as a ping. */
const nothing = '\u200b';

function safeToken(found: string): string {
  if (found === '@') return `@${nothing}`;
  if (found.length > 1) return found;
  return entities[found] ?? `\\${found}`;
}
