/** The bot's name as a word of its own, in any case. */
const mention = /(?<![\w@.-])@commander\b(?![\w.-]*@)/i;

/** Whether a text addresses the bot, and the text without its name. */
export function readMention(text: string): { readonly addressed: boolean; readonly rest: string } {
  const addressed = mention.test(text);
  return {
    addressed,
    rest: addressed
      ? text
          .replace(mention, ' ')
          .replaceAll(/[ \t]+/g, ' ')
          .trim()
      : text.trim(),
  };
}
