/**
 * The bot's name as a word of its own, in any case, with a comma or colon and spaces that belong to it. A longer name
 * (`@commander-two`), an address (`ana@commander`, `@commander.example`, `@commander@example`) is somebody else.
 */
const mention = /[ \t]*(?<![\p{L}\p{N}_@.-])@commander(?![\p{L}\p{N}_@-]|\.[\p{L}\p{N}])[,:]?[ \t]*/iu;

/** Whether a text addresses the bot, and the text without its name; all else, indentation too, stays as it was written. */
export function readMention(text: string): { readonly addressed: boolean; readonly rest: string } {
  const addressed = mention.test(text);
  return { addressed, rest: (addressed ? text.replace(mention, ' ') : text).trim() };
}
