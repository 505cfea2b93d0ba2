import { type APIComponentInContainer, ButtonStyle, ComponentType } from 'discord.js';
import type { Card } from '#core/chat/card.ts';
import { cut } from '#core/text/cut.ts';
import { drawParts, hasCut, type PartOptions } from './card.ts';
import { moreLine, packed, type Row } from './fit.ts';
import { buttonLabelLimit, contentLimit, rowLimit } from './limits.ts';
import { markdownOf } from './rich-text.ts';
import { splitText } from './split.ts';

/** Characters of a message that links may take. */
const linksLimit = 800;

export interface ClassicOptions extends PartOptions {
  /** The attachment with all that the card says, for one that is too long. */
  readonly whole?: string;
  /** The last line: why the card looks like this. */
  readonly note: string;
}

/** A card without a container: words, and below them what can be pressed. */
export interface ClassicCard {
  readonly content: string;
  readonly rows: readonly Row[];
  /** Something did not fit, and the card says so. */
  readonly isShort: boolean;
}

/**
 * A card as Discord showed messages before there were containers, for where it refuses one. Links stand among the words: an address
 * that Discord takes for none would have all buttons refused.
 */
export function drawClassic(card: Card, options: ClassicOptions): ClassicCard {
  const parts = drawParts(card, options);
  const { rows, areAll } = rowsOf(parts);
  const words = parts.flatMap((part) => (part.type === ComponentType.TextDisplay ? [part.content] : [])).join('\n');
  const last = [...linksOf(card, options), options.note];
  const full = [words, ...last].join('\n');
  const isShort = full.length > contentLimit || !areAll || hasCut(card);
  if (!isShort && options.whole === undefined) return { content: full, rows, isShort };
  const end = ['', moreLine(options.whole), ...last].join('\n');
  const [first] = splitText(words, contentLimit - end.length);
  return { content: `${first?.before}${first?.text.trimEnd()}${first?.after}${end}`, rows, isShort };
}

/** What can be pressed: rows as on the card while there is room, else with as many buttons as a row takes. */
function rowsOf(parts: readonly APIComponentInContainer[]): {
  readonly rows: readonly Row[];
  readonly areAll: boolean;
} {
  const drawn = parts.flatMap((part): Row[] => {
    if (part.type !== ComponentType.ActionRow) return [];
    const pressed = part.components.filter((each) => !('style' in each) || each.style !== ButtonStyle.Link);
    return pressed.length === 0 ? [] : [{ type: ComponentType.ActionRow, components: pressed }];
  });
  const rows = drawn.length > rowLimit ? packed(drawn) : drawn;
  return { rows: rows.slice(0, rowLimit), areAll: rows.length <= rowLimit };
}

/** Buttons that lead to a page, as links in one line, as far as it has room. */
function linksOf({ blocks }: Card, { linkTo }: PartOptions): readonly string[] {
  let line = '';
  for (const { label, href } of blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))) {
    if (href === undefined || linkTo(href) === undefined) continue;
    const link = markdownOf([{ kind: 'link', text: cut(label, buttonLabelLimit), href }], linkTo);
    const longer = line === '' ? link : `${line} · ${link}`;
    if (longer.length <= linksLimit) line = longer;
  }
  return line === '' ? [] : [line];
}
