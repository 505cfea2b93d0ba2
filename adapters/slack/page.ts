import type { KnownBlock } from '@slack/types';
import type { Card } from '#core/chat/card.ts';
import type { LinkTo } from '#core/chat/link.ts';
import { drawCard } from './card.ts';
import { viewBlockLimit, viewSizeLimit } from './limits.ts';

/** A person's own page: his cards one below the other, as many blocks as Slack takes; where some are left out it says so. */
export function drawPage(cards: readonly Card[], linkTo: LinkTo): readonly KnownBlock[] {
  const blocks = cards.flatMap((card) => drawCard(card, { linkTo, style: 'classic' }).blocks);
  if (fits(blocks)) return blocks;
  const kept = blocks.slice(0, viewBlockLimit - 1);
  while (!fits([...kept, more])) kept.pop();
  return [...kept, more];
}

const more: KnownBlock = {
  type: 'context',
  elements: [{ type: 'plain_text', text: 'There is more: say “inbox” or “tasks” to Commander.' }],
};

/** Room for what is around the blocks. */
const around = 1000;

function fits(blocks: readonly KnownBlock[]): boolean {
  return blocks.length <= viewBlockLimit && Buffer.byteLength(JSON.stringify(blocks)) <= viewSizeLimit - around;
}
