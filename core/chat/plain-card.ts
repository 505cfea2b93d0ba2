import type { Block, Card } from './card.ts';
import { plainOf } from './inline.ts';

/** A card in plain lines, for where a platform refuses to draw it: what has to be read, without buttons. */
export function plainLines(card: Card): readonly string[] {
  return [plainOf(card.title), card.summary, ...card.blocks.flatMap(linesOf)];
}

function linesOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'text':
    case 'context':
      return [plainOf(block.text)];
    case 'code':
      return [block.label ?? '', block.text];
    case 'list':
      return block.items.map(plainOf);
    case 'quote':
      return [`${block.from}: ${block.text}`];
    case 'plan':
      return block.steps.map(({ title, state }) => `${title} (${state})`);
    case 'fields':
      return block.fields.map(({ label, value }) => `${label}: ${plainOf(value)}`);
    case 'actions':
      return block.actions.map(({ text }) => plainOf(text));
    case 'changes':
      return [
        ...block.files.map(({ path, status, added, removed }) => `${status} ${path} +${added} −${removed}`),
        ...(block.more > 0 ? [`and ${block.more} more`] : []),
      ];
    case 'files':
      return block.files.map(({ name, version }) => `${name} (version ${version})`);
    case 'select':
      return [`${block.label}: ${chosenOption(block)}`];
    case 'person':
      return [`${block.label}: ${block.chosen?.name ?? 'nobody'}`];
    case 'buttons':
      return [];
  }
}

/** The words of what a menu has chosen now. */
export function chosenOption({ options, chosen }: Block & { readonly kind: 'select' }): string {
  return options.find(({ action }) => action === chosen)?.label ?? '';
}
