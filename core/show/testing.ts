import type { Block, Button, Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';

/** For tests: everything that a card says, button labels and confirmations included. */
export function wordsOf(card: Card): string {
  return [plainOf(card.title), card.summary, ...card.blocks.map(wordsOfBlock)].join('\n');
}

export function wordsOfBlock(block: Block): string {
  switch (block.kind) {
    case 'text':
    case 'context':
      return plainOf(block.text);
    case 'list':
      return block.items.map(plainOf).join('\n');
    case 'plan':
      return block.steps.map((step) => `${step.title} ${plainOf(step.detail ?? [])}`).join('\n');
    case 'actions':
      return block.actions.map((action) => plainOf(action.text)).join('\n');
    case 'fields':
      return block.fields.map((field) => `${field.label} ${plainOf(field.value)}`).join('\n');
    case 'buttons':
      return block.buttons
        .map((button) => `${button.label} ${button.confirm?.title} ${button.confirm?.text}`)
        .join('\n');
    case 'person':
      return `${block.label} ${block.chosen?.name ?? ''}`;
    case 'select':
      return `${block.label} ${block.options.map(({ label }) => label).join(' ')}`;
    case 'code':
    case 'quote':
      return block.text;
    default:
      return '';
  }
}

/** The buttons of a card. */
export function buttonsOf(card: Card): readonly Button[] {
  return card.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
}
