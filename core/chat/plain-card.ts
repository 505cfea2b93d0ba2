import type { Block, Card, PlanLine } from './card.ts';
import { plainOf } from './inline.ts';

/** A card in plain lines, for who has it read out, and where a platform refuses to draw it: all that it says, without buttons. */
export function plainLines({ title, summary, blocks }: Card): readonly string[] {
  const words = plainOf(title);
  const head = summary.startsWith(words) ? [summary] : [words, summary];
  return [...head, ...blocks.flatMap(linesOf)].filter((line) => line !== '');
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
      return block.steps.map(planLine);
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

function planLine({ title, state, detail = [] }: PlanLine): string {
  const more = plainOf(detail);
  return `${title} (${state})${more === '' ? '' : `: ${more}`}`;
}

/** The words of what a menu has chosen now. */
export function chosenOption({ options, chosen }: Block & { readonly kind: 'select' }): string {
  return options.find(({ action }) => action === chosen)?.label ?? '';
}
