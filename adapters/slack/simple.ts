import type { KnownBlock } from '@slack/types';
import type { Button, Card } from '#core/chat/card.ts';
import type { LinkTo } from '#core/chat/link.ts';
import { plainLines } from '#core/chat/plain-card.ts';
import { chunks } from '#core/text/chunks.ts';
import { cut } from '#core/text/cut.ts';
import { type DrawOptions, drawBlock } from './card.ts';
import { layOut } from './layout.ts';
import { buttonTextLimit, partLimit } from './limits.ts';
import { fitText } from './text.ts';

/**
 * A card in the oldest blocks that there are, for where Slack refuses what it usually looks like: words, and below them what can be
 * pressed. Links stand among the words: an address that Slack takes for none would have all buttons refused.
 */
export function drawSimple(card: Card, options: DrawOptions): readonly KnownBlock[] {
  const texts = chunks(plainLines(card).join('\n'), partLimit).map((text) => section('plain_text', text));
  const ping = options.ping === undefined ? [] : [section('mrkdwn', `<@${options.ping}>`)];
  const pressed = card.blocks.flatMap((block) => {
    if (block.kind === 'select') return drawBlock(block, options);
    if (block.kind !== 'buttons') return [];
    const acting = block.buttons.filter((button) => linkOf(button, options.linkTo).length === 0);
    return drawBlock({ ...block, buttons: acting }, options);
  });
  const buttons = card.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
  const links = buttons.flatMap((button) => linkOf(button, options.linkTo));
  const last = links.length === 0 ? [] : [section('mrkdwn', fitText(links.join('\n'), partLimit))];
  return layOut([...texts, ...ping, ...last, ...pressed].map((block) => ({ block }))).blocks;
}

function section(type: 'plain_text' | 'mrkdwn', text: string): KnownBlock {
  return { type: 'section', text: { type, text: text.trim() === '' ? '·' : text } };
}

function linkOf({ label, href }: Button, linkTo: LinkTo): readonly string[] {
  const url = href === undefined ? undefined : linkTo(href);
  return url === undefined ? [] : [`${cut(label, buttonTextLimit)}: ${url}`];
}
