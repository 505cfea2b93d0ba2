import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInContainer,
  type APIContainerComponent,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import type { Block, Button, Card, CardFile, Option, Tone } from '#core/chat/card.ts';
import type { LinkTo } from '#core/chat/link.ts';
import { plainLines } from '#core/chat/plain-card.ts';
import { stepSigns } from '#core/look/step-signs.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { cut } from '#core/text/cut.ts';
import { codeBlock, escapeText } from './escape.ts';
import { withinLimits } from './fit.ts';
import {
  altTextLimit,
  buttonLabelLimit,
  customIdLimit,
  galleryLimit,
  optionLimit,
  optionTextLimit,
  placeholderLimit,
  rowButtonLimit,
} from './limits.ts';
import { markdownOf } from './rich-text.ts';

/** A press of a button that asks first: the sign stands before the action of the button. */
export const sureSign = '?';

/** Begins the id of a menu: what was chosen in it says what it does. */
export const menuSign = '+';

/** How a produced file is shown. */
export interface FileShown {
  /** The name of the attachment that goes along; absent: it is only named. */
  readonly attachedAs?: string;
  /** Bytes of the attachment, when it is compressed. */
  readonly compressedTo?: number;
  /** Of one that is only named. */
  readonly sha256?: string;
  /** It has a message of its own. */
  readonly follows?: true;
}

/** How links and files of a card are shown. */
export interface PartOptions {
  readonly linkTo: LinkTo;
  /** The files, by output; one that is not there is only named. */
  readonly shown: ReadonlyMap<string, FileShown>;
}

export interface DrawOptions extends PartOptions {
  /** A number of the card's own, which Discord gives back: finds the message when its answer was lost. */
  readonly marker: number;
  /** The attachment with all that the card says, for one that is too long. */
  readonly whole?: string;
}

export interface DrawnCard {
  readonly container: APIContainerComponent;
  /** Something did not fit, and the card says so. */
  readonly isShort: boolean;
}

const colours: Readonly<Record<Tone, number>> = {
  neutral: 0x64748b,
  progress: 0x2563eb,
  waiting: 0xd97706,
  success: 0x16a34a,
  warning: 0xd97706,
  danger: 0xdc2626,
};

/** Discord takes at most this much of one text before the others get theirs. */
const blockTextLimit = 1800;
const quoteTextLimit = blockTextLimit / 2;

/** A card as a container: its title, then its blocks, within Discord's limits. What does not fit is said, and is in `whole`. */
export function drawCard(card: Card, options: DrawOptions): DrawnCard {
  const { components, isShort } = withinLimits(drawParts(card, options), options.whole);
  return {
    container: { type: ComponentType.Container, id: options.marker, accent_color: colours[card.tone], components },
    isShort: isShort || hasCut(card),
  };
}

export function filesOf({ blocks }: Card): readonly CardFile[] {
  return blocks.flatMap((block) => (block.kind === 'files' ? block.files : []));
}

/** Title and blocks as components, however many and however long they are. */
export function drawParts(card: Card, options: PartOptions): readonly APIComponentInContainer[] {
  return onceEach([title(card, options), ...card.blocks.flatMap((block, place) => drawBlock(block, place, options))]);
}

/** A button that does the same as an earlier one is left out: Discord takes each id once. */
function onceEach(parts: readonly APIComponentInContainer[]): readonly APIComponentInContainer[] {
  const ids = new Set<string>();
  return parts.flatMap((part): readonly APIComponentInContainer[] => {
    if (part.type !== ComponentType.ActionRow) return [part];
    const components = part.components.filter((each) => {
      const isKnown = 'custom_id' in each && ids.has(each.custom_id);
      if ('custom_id' in each) ids.add(each.custom_id);
      return !isKnown;
    });
    return components.length === 0 ? [] : [{ ...part, components }];
  });
}

/** All that a card says, for a file. */
export function wholeCard(card: Card): string {
  return `${plainLines(card).join('\n\n')}\n`;
}

/** Whether a block of the card is too long to be drawn whole. */
export function hasCut({ blocks }: Card): boolean {
  return blocks.some(isCut);
}

function isCut(block: Block): boolean {
  if (block.kind === 'code') return block.text.length > codeTextLimit(block.label);
  return block.kind === 'quote' && block.text.length > quoteTextLimit;
}

function codeTextLimit(label = ''): number {
  return blockTextLimit - label.length - 20;
}

function title(card: Card, { linkTo }: PartOptions): APIComponentInContainer {
  const ping = card.notifies === undefined ? '' : ` <@${card.notifies.externalId.replace(/\D/g, '')}>`;
  return text(`### ${cut(markdownOf(card.title, linkTo).replaceAll('\n', ' '), 300)}${ping}`);
}

/** `place`: of the block in its card. */
function drawBlock(block: Block, place: number, options: PartOptions): readonly APIComponentInContainer[] {
  const { linkTo } = options;
  const rich = (words: Parameters<typeof markdownOf>[0]) => markdownOf(words, linkTo);
  switch (block.kind) {
    case 'text':
      return [text(rich(block.text))];
    case 'context':
      return [text(small(rich(block.text)))];
    case 'fields':
      return [text(block.fields.map(({ label, value }) => `**${escapeText(label)}** ${rich(value)}`).join('\n'))];
    case 'plan':
      return [
        text(
          block.steps
            .map(({ state, title: name, detail }) =>
              [stepSigns[state], escapeText(name), ...(detail === undefined ? [] : ['·', rich(detail)])].join(' '),
            )
            .join('\n'),
        ),
      ];
    case 'actions':
      return [text(block.actions.map(({ text: words }) => small(rich(words))).join('\n'))];
    case 'list':
      return [text(block.items.map((item) => `- ${rich(item)}`).join('\n'))];
    case 'code': {
      const label = block.label === undefined ? '' : `${escapeText(block.label)}\n`;
      return [text(`${label}${codeBlock(cut(block.text, codeTextLimit(block.label)))}`)];
    }
    case 'quote':
      return [text(`**${escapeText(block.from)}**\n${quoted(cut(block.text, quoteTextLimit))}`)];
    case 'changes':
      return [text(changes(block))];
    case 'files':
      return files(block.files, options);
    case 'buttons':
      return rows(block.buttons, linkTo);
    case 'select':
      return menu(block, place);
    case 'person':
      // Shown on a page of one's own alone, which Discord does not have.
      return [text(escapeText(`${block.label}: ${block.chosen?.name ?? 'nobody'}`))];
  }
}

function text(content: string): APIComponentInContainer {
  return { type: ComponentType.TextDisplay, content: content.trim() === '' ? '\u200b' : content };
}

function small(content: string): string {
  return content
    .split('\n')
    .map((line) => `-# ${line}`)
    .join('\n');
}

function quoted(content: string): string {
  return escapeText(content)
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

function changes({ files: changed, more }: Block & { readonly kind: 'changes' }): string {
  const signs = { added: 'A', modified: 'M', deleted: 'D', renamed: 'R' } as const;
  const lines = changed.map(({ path, status, added, removed }) => `${signs[status]} ${path}  +${added} −${removed}`);
  return codeBlock([...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n'));
}

/** Pictures as a gallery, other files each with a download, both only when their bytes go along. */
function files(given: readonly CardFile[], { shown, linkTo }: PartOptions): readonly APIComponentInContainer[] {
  const along = given.flatMap((file) => {
    const { attachedAs, compressedTo } = shown.get(file.outputId) ?? {};
    return attachedAs === undefined ? [] : [{ file, url: `attachment://${attachedAs}`, compressedTo }];
  });
  const pictures = along.filter(({ file, compressedTo }) => isPicture(file) && compressedTo === undefined);
  const gallery = pictures.slice(0, galleryLimit);
  const others = along.filter((each) => !gallery.includes(each));
  const lines = [
    ...others.flatMap(({ file, compressedTo }) =>
      compressedTo === undefined
        ? []
        : [small(`${escapeText(file.name)} is compressed: ${formatBytes(file.size)} as ${formatBytes(compressedTo)}`)],
    ),
    ...given
      .filter((file) => !along.some((each) => each.file === file))
      .map((file) => fileLine(file, shown.get(file.outputId), linkTo)),
  ];
  return [
    ...(gallery.length === 0
      ? []
      : [
          {
            type: ComponentType.MediaGallery as const,
            items: gallery.map(({ file, url }) => ({ media: { url }, description: cut(file.name, altTextLimit) })),
          },
        ]),
    ...others.map(({ url }) => ({ type: ComponentType.File as const, file: { url } })),
    ...(lines.length === 0 ? [] : [text(lines.join('\n'))]),
  ];
}

/** A file that does not go along: where it is, or what it is known by. */
function fileLine({ name, version, size, href }: CardFile, shown: FileShown | undefined, linkTo: LinkTo): string {
  const { sha256, follows } = shown ?? {};
  const link = linkTo(href);
  const words = `📄 ${escapeText(name)} (version ${version}, ${formatBytes(size)})`;
  if (link !== undefined) return `${words} [download](${link})`;
  if (follows) return words;
  const print = sha256 === undefined ? '' : `; SHA-256 \`${sha256}\``;
  return `${words}: not sent along here, kept by Commander${print}`;
}

function isPicture({ mediaType }: CardFile): boolean {
  return /^image\/(png|jpeg|gif|webp)$/.test(mediaType);
}

/** The name of a file's bytes among a message's attachments: Discord takes letters, digits, `_`, `-` and `.` there. */
export function attachmentName({ name, outputId }: Pick<CardFile, 'name' | 'outputId'>): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^\.+/, '');
  return `${outputId.slice(-6)}-${safe.slice(-60) || 'file'}`;
}

function rows(buttons: readonly Button[], linkTo: LinkTo): readonly APIComponentInContainer[] {
  const drawn = buttons.flatMap((button) => drawButton(button, linkTo) ?? []);
  const drawnRows: APIActionRowComponent<APIButtonComponent>[] = [];
  for (let at = 0; at < drawn.length; at += rowButtonLimit)
    drawnRows.push({ type: ComponentType.ActionRow, components: drawn.slice(at, at + rowButtonLimit) });
  return drawnRows;
}

/** Menus stand below the texts, so each option says what it is about. What it does is its value. Several may have one label. */
function menu(
  { label, options, chosen }: Block & { readonly kind: 'select' },
  place: number,
): readonly APIComponentInContainer[] {
  const drawn = options
    .filter(({ action }, at) => action.length <= optionTextLimit && isFirst(options, action, at))
    .slice(0, optionLimit)
    .map(({ label: words, action }) => ({
      label: cut(`${label}: ${words}`, optionTextLimit),
      value: action,
      default: action === chosen,
    }));
  if (drawn.length === 0) return [];
  const custom_id = cut(`${menuSign}${place} ${label}`, customIdLimit);
  const placeholder = cut(label, placeholderLimit);
  const select = { type: ComponentType.StringSelect as const, custom_id, options: drawn, placeholder };
  return [{ type: ComponentType.ActionRow, components: [select] }];
}

function isFirst(options: readonly Option[], action: string, at: number): boolean {
  return options.findIndex((option) => option.action === action) === at;
}

function drawButton({ label, style, action, href, confirm }: Button, linkTo: LinkTo): APIButtonComponent | undefined {
  const shown = cut(label, buttonLabelLimit);
  const url = href === undefined ? undefined : linkTo(href);
  if (url !== undefined) return { type: ComponentType.Button, style: ButtonStyle.Link, label: shown, url };
  if (action === undefined) return undefined;
  const customId = confirm === undefined ? action : `${sureSign}${action}`;
  if (customId.length > customIdLimit) return undefined;
  const colour =
    style === 'primary' ? ButtonStyle.Primary : style === 'danger' ? ButtonStyle.Danger : ButtonStyle.Secondary;
  return { type: ComponentType.Button, style: colour, label: shown, custom_id: customId };
}
