/** A text inside blocks, and how Slack reads it. */
export interface BlockText {
  readonly text: string;
  readonly reading: 'plain' | 'markup' | 'markdown' | 'element';
}

/** Every text that blocks show, in order; labels, options and dialogs included. */
export function textsOf(blocks: unknown): readonly BlockText[] {
  if (Array.isArray(blocks)) return blocks.flatMap(textsOf);
  if (typeof blocks !== 'object' || blocks === null) return [];
  const { type, text, title } = blocks as { type?: unknown; text?: unknown; title?: unknown };
  const own: BlockText[] = [];
  if (typeof text === 'string') own.push({ text, reading: readingOf(type) });
  if (typeof title === 'string') own.push({ text: title, reading: 'plain' });
  return [
    ...own,
    ...Object.values(blocks)
      .filter((value) => typeof value === 'object')
      .flatMap(textsOf),
  ];
}

const readings: Readonly<Record<string, BlockText['reading']>> = {
  mrkdwn: 'markup',
  markdown: 'markdown',
  plain_text: 'plain',
};

function readingOf(type: unknown): BlockText['reading'] {
  return readings[String(type)] ?? 'element';
}

/**
 * What in the text of a markdown block is more than formatting (docs, markdown block): a link whose words are not its address, a
 * picture, a reference, HTML or one of Slack's own tokens, a line that divides, code that goes over lines. A sign behind a backslash
 * is only itself.
 */
export function risksOf(markdown: string): readonly string[] {
  const read = markdown.replace(/\\[\\`*_{}[\]()#+\-.!&]/g, '\0');
  const boxless = read.replace(/^(\s*(?:[-*+]|\d+[.)]) )\[[ xX]\](?=[ \t])/gm, '$1');
  return [
    ...(boxless.match(/[<>[\]]/g) ?? []),
    ...(boxless.match(/^[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*$/gm) ?? []),
    ...(boxless.replace(/(?<!`)`[^`\0\n]+`(?!`)/g, '').match(/`/g) ?? []),
    ...(boxless.match(/^\s*~{3}/gm) ?? []),
    ...(boxless.match(/@(?:channel|here|everyone)/gi) ?? []),
  ];
}

/** What a markdown block shows where nothing in it formats: escaped signs and entities as what they stand for. */
export function shownBy(markdown: string): string {
  return markdown
    .replaceAll('\u200b', '')
    .replace(/\\([\\`*_{}[\]()#+\-.!&])/g, '$1')
    .replace(/&(lt|gt|amp);/g, (_, name: 'lt' | 'gt' | 'amp') => ({ lt: '<', gt: '>', amp: '&' })[name]);
}

const pingForm = /<(?:!(?:channel|here|everyone)|!subteam\^[A-Z0-9]+|@[UW][A-Z0-9]+)(?:\|[^>]*)?>/g;

/** Whom a message calls: `<!channel>`, `<@U…>`, … of its text and its blocks, in the form that Slack reads. */
export function pingsOf(text: string, blocks: unknown): readonly string[] {
  const written = textsOf(blocks).filter(({ reading }) => reading === 'markup' || reading === 'markdown');
  const inText = [text, ...written.map((part) => part.text)].flatMap((part) => part.match(pingForm) ?? []);
  return [...new Set([...inText, ...elementPings(blocks)])];
}

function elementPings(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(elementPings);
  if (typeof value !== 'object' || value === null) return [];
  const element = value as Readonly<Record<string, unknown>>;
  if (element.type === 'broadcast') return [`<!${String(element.range)}>`];
  if (element.type === 'user' && 'user_id' in element) return [`<@${String(element.user_id)}>`];
  if (element.type === 'usergroup') return [`<!subteam^${String(element.usergroup_id)}>`];
  return Object.values(element).flatMap(elementPings);
}
