import type { Block } from '#core/chat/card.ts';
import { chunks } from '#core/text/chunks.ts';
import { cut } from '#core/text/cut.ts';
import type { Piece } from './layout.ts';
import { partLimit } from './limits.ts';
import { isMarkdown, markdownParts, safeMarkdown } from './markdown.ts';
import { preformatted, rich, words } from './rich-text.ts';

type LongText = Extract<Block, { kind: 'code' | 'quote' }>;

/** Of who said something. */
const nameLimit = 200;

/**
 * Code and quotes in parts, each a block of its own: nothing can break out of one, and none is cut in the middle of a line. What an
 * agent wrote in Markdown is shown as such where the workspace takes it.
 */
export function drawLongText(block: LongText, style: 'newer' | 'classic'): readonly Piece[] {
  if (block.kind === 'quote' && block.written === 'markdown' && style === 'newer' && isMarkdown(block.text))
    return drawMarkdown(block);
  const label = block.kind === 'code' ? block.label : cut(block.from, nameLimit);
  const source = { label: label ?? 'Text', text: block.text };
  return chunks(block.text, partLimit).map((part, index) => {
    const above =
      index > 0 || label === undefined ? [] : words(label, block.kind === 'quote' ? { bold: true } : undefined);
    return {
      block: rich([
        ...(above.length === 0 ? [] : [{ type: 'rich_text_section' as const, elements: above }]),
        { type: block.kind === 'code' ? 'rich_text_preformatted' : 'rich_text_quote', elements: preformatted(part) },
      ]),
      source,
    };
  });
}

/** Between two lines, which nothing in the text can draw: what is there is foreign. Code is structure, so nothing breaks out of it. */
function drawMarkdown({ from, text }: Extract<LongText, { kind: 'quote' }>): readonly Piece[] {
  const label = cut(from, nameLimit);
  const source = { label, text };
  const name = words(label || 'Agent', { bold: true });
  return [
    { block: { type: 'divider' } },
    { block: rich([{ type: 'rich_text_section', elements: name }]) },
    ...markdownParts(text, partLimit).map((part) => ({
      block:
        part.kind === 'code'
          ? rich([{ type: 'rich_text_preformatted', elements: preformatted(part.text) }])
          : { type: 'markdown' as const, text: safeMarkdown(part.text) },
      source,
    })),
    { block: { type: 'divider' } },
  ];
}
