import type { Block, Button, Card, CardFile, PlanLineState } from '#core/chat/card.ts';
import { type Inline, plainOf, type RichText } from '#core/chat/inline.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { formatDuration } from '#core/text/duration.ts';
import { plainText } from '#core/text/sanitise.ts';
import { columns } from './columns.ts';

/** What the lines of a card need to know of where they are read. */
export interface Reader {
  /** Makes a card's paths into addresses; no slash at the end. */
  readonly url: string;
  readonly now: number;
}

/** A card as lines for a terminal: nothing in it can move the cursor, and what leads somewhere says where. */
export function cardLines(card: Card, reader: Reader): readonly string[] {
  return [richLine(card.title, reader), ...card.blocks.flatMap((block) => blockLines(block, reader).map(indented))];
}

/** The buttons of a card that act and lead to no page, in their order; the option of a menu is called `Tone: terse`. */
export function pressable(card: Card): readonly (Button & { readonly action: string })[] {
  return card.blocks.flatMap((block) => {
    if (block.kind === 'select')
      return block.options.map(({ label, action }) => ({ label: `${block.label}: ${label}`, action }));
    if (block.kind !== 'buttons') return [];
    return block.buttons.flatMap(({ action, ...button }) =>
      action === undefined || button.href !== undefined ? [] : [{ ...button, action }],
    );
  });
}

/** Text with meaning as one line or paragraph. */
export function richLine(text: RichText, reader: Reader): string {
  return plainText(text.map((piece) => pieceText(piece, reader)).join(''));
}

const marks: Readonly<Record<PlanLineState, string>> = {
  pending: '·',
  running: '▸',
  waiting: '?',
  done: '✓',
  failed: '✗',
  skipped: '-',
};

/** A step of a plan, as it is now. */
export function planLine(
  { state, title, detail }: Extract<Block, { kind: 'plan' }>['steps'][number],
  reader: Reader,
): string {
  const words = detail === undefined ? '' : ` (${richLine(detail, reader)})`;
  return `${marks[state]} ${plainText(title, { singleLine: true })}${words}`;
}

function blockLines(block: Block, reader: Reader): readonly string[] {
  switch (block.kind) {
    case 'text':
    case 'context':
      return richLine(block.text, reader).split('\n');
    case 'code':
      return [
        ...(block.label === undefined ? [] : [`${block.label}:`]),
        ...plainText(block.text).split('\n').map(indented),
      ];
    case 'quote':
      return [
        `${plainText(block.from)}:`,
        ...plainText(block.text)
          .split('\n')
          .map((each) => `> ${each}`),
      ];
    case 'list':
      return block.items.map((item) => `- ${richLine(item, reader)}`);
    case 'plan':
      return block.steps.map((step) => planLine(step, reader));
    case 'fields':
      return columns(block.fields.map(({ label, value }) => [label, richLine(value, reader)] as const));
    case 'actions':
      return block.actions.map(({ at, text }) => `${clock(at)} ${richLine(text, reader)}`);
    case 'changes':
      return [
        ...columns(
          block.files.map(
            (file) => [`${file.status} ${plainText(file.path)}`, `+${file.added} −${file.removed}`] as const,
          ),
        ),
        ...(block.more > 0 ? [`and ${block.more} more`] : []),
      ];
    case 'files':
      return columns(block.files.map((file) => fileRow(file, reader)));
    case 'select':
      return [`${block.label}: ${block.options.find(({ action }) => action === block.chosen)?.label ?? ''}`];
    case 'person':
      return [`${block.label}: ${block.chosen?.name ?? 'nobody'}`];
    case 'buttons':
      return linkLines(block.buttons, reader);
  }
}

function linkLines(buttons: readonly Button[], reader: Reader): readonly string[] {
  return columns(
    buttons.flatMap(({ label, href }) => (href === undefined ? [] : [[`${label}:`, absolute(href, reader)] as const])),
  );
}

function fileRow({ name, size, version, href }: CardFile, reader: Reader): readonly [string, string] {
  const words = `${formatBytes(size)}${version > 1 ? `, version ${version}` : ''}`;
  return [plainText(name, { singleLine: true }), `${words}  ${absolute(href, reader)}`];
}

function pieceText(piece: Inline, reader: Reader): string {
  if (typeof piece === 'string') return piece;
  switch (piece.kind) {
    case 'link':
      return `${piece.text} (${absolute(piece.href, reader)})`;
    case 'time':
      return moment(piece.at);
    case 'elapsed':
      return `for ${formatDuration(reader.now - Date.parse(piece.since))}`;
    default:
      return plainOf([piece]);
  }
}

function absolute(href: string, { url }: Reader): string {
  return href.startsWith('/') ? `${url}${href}` : href;
}

const inFull = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const inShort = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** In the time zone of the terminal's machine. */
function moment(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : inFull.format(time);
}

function clock(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : inShort.format(time);
}

function indented(text: string): string {
  return `  ${text}`;
}
