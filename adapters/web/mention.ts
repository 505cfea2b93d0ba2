/**
 * The bot's name as a word of its own, in any case, with a comma or colon and spaces that belong to it. A longer name
 * (`@commander-two`), an address (`ana@commander`, `@commander.example`, `@commander@example`) is somebody else.
 */
const mention = /(?<![\p{L}\p{N}_@.-])@commander(?![\p{L}\p{N}_@-]|\.[\p{L}\p{N}])[,:]?[ \t]*/iu;

/** Whether a text addresses the bot, and the text without its name; all else, indentation too, stays as it was written. */
export function readMention(text: string): { readonly addressed: boolean; readonly rest: string } {
  const found = mention.exec(text);
  if (found === null) return { addressed: false, rest: text.trim() };
  // By steps: an expression that begins with spaces tries each of a long run of them anew.
  let end = found.index;
  while (text[end - 1] === ' ' || text[end - 1] === '\t') end -= 1;
  return { addressed: true, rest: `${text.slice(0, end)} ${text.slice(found.index + found[0].length)}`.trim() };
}
