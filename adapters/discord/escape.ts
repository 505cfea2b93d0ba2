import { cut } from '#core/text/cut.ts';

/** What Discord's markdown reads as markup anywhere in a line. */
const inlineMarkup = /[\\*_~`|[\]<>]/g;

/** What it reads as markup at the beginning of a line, and of that line alone: headings, quotes, lists, small print. */
const lineMarkup = /^([^\S\n\r\u2028\u2029]*)(#{1,3}\s|-#\s|>{1,3}\s|[-+]\s|\d+[.)]\s)/gm;

/** Invisible: stands between the sign and the name, so nothing is read as a ping or an address. */
const nothing = '\u200b';

/**
 * Text that Discord shows exactly as it is: no markup, no link, no ping, no emoji. Pings are also switched off for each message
 * (`allowed_mentions`); this makes that they do not look like one either.
 */
export function escapeText(text: string): string {
  return text
    .replace(inlineMarkup, '\\$&')
    .replace(/@(?=everyone|here|[!&]?\d)/g, `@${nothing}`)
    .replace(/(https?):\/\//gi, `$1:${nothing}//`)
    .replace(lineMarkup, '$1\\$2');
}

/** Text within `code` of one line: it ends only where we end it. */
export function inlineCode(text: string): string {
  const flat = text.replace(/(?<!\s)\s*\n\s*/g, ' ');
  if (flat.trim() === '') return '` `';
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${flat}${space}${fence}`;
}

/** Text in a block of code: backticks that touch each other get an invisible sign between them, so none closes the block. */
export function codeBlock(text: string): string {
  return `\`\`\`\n${text.replace(/`(?=`)/g, `\`${nothing}`)}\n\`\`\``;
}

/** A name for a thread: one line, no sign that pings. */
export function plainName(text: string, limit: number): string {
  const flat = text.replace(/\s+/g, ' ').replaceAll('@', `@${nothing}`).trim();
  return cut(flat, limit) || 'Task';
}
