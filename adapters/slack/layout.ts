import type { KnownBlock } from '@slack/types';
import { blockLimit, blockTextLimit } from './limits.ts';

/** A drawn block; `source` is the text that a person may need whole, of which the block shows a part or all. */
export interface Piece {
  readonly block: KnownBlock;
  readonly source?: Source;
}

export interface Source {
  readonly label: string;
  readonly text: string;
}

/** What a message shows, and what had no room in it. */
export interface Layout {
  readonly blocks: KnownBlock[];
  /** Texts of which a part is missing, whole; they belong into a file beside the message. */
  readonly left: readonly Source[];
}

const more = 'There is more: see Details.';
const moreInFile = 'There is more: the whole text is in the file.';

/** Buttons stay; other blocks are left out from where there is no room any more, and a line says where the rest is. */
export function layOut(pieces: readonly Piece[]): Layout {
  const all = pieces.map(({ block }) => block);
  if (all.length <= blockLimit && sizeOf(all) <= blockTextLimit) return { blocks: all, left: [] };
  const buttons = all.filter(({ type }) => type === 'actions');
  let room = blockTextLimit - moreInFile.length - sizeOf(buttons);
  let places = blockLimit - 1 - buttons.length;
  const others = pieces.filter(({ block }) => block.type !== 'actions');
  const kept = others.filter(({ block }) => {
    const size = textLength(block);
    if (places <= 0 || size > room) return false;
    places -= 1;
    room -= size;
    return true;
  });
  const shown = new Set(kept);
  const left = [...new Set(others.flatMap((piece) => (shown.has(piece) || !piece.source ? [] : [piece.source])))];
  const text = left.length > 0 ? moreInFile : more;
  const last: KnownBlock = { type: 'context', elements: [{ type: 'plain_text', text }] };
  return { blocks: [...kept.map(({ block }) => block), last, ...buttons].slice(0, blockLimit), left };
}

/** What is no text, and what counts twice. */
const weights: Readonly<Record<string, number>> = { type: 0, action_id: 0, style: 0, details: 2, output: 2 };

function sizeOf(blocks: readonly KnownBlock[]): number {
  return blocks.reduce((sum, block) => sum + textLength(block), 0);
}

/** All text that Slack could count, in bytes. */
function textLength(block: unknown): number {
  if (typeof block === 'string') return Buffer.byteLength(block);
  if (typeof block !== 'object' || block === null) return 0;
  return Object.entries(block).reduce((sum, [key, value]) => sum + textLength(value) * (weights[key] ?? 1), 0);
}
