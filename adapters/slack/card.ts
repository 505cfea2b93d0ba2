import type {
  ActionsBlock,
  KnownBlock,
  PlainTextOption,
  PlanBlock,
  RichTextBlock,
  RichTextElement,
  SectionBlock,
  Button as SlackButton,
} from '@slack/types';
import type { Block, Button, Card, CardFile, PlanLine, Tone } from '#core/chat/card.ts';
import { plainOf, type RichText } from '#core/chat/inline.ts';
import type { LinkTo } from '#core/chat/link.ts';
import { plainLines } from '#core/chat/plain-card.ts';
import { stepSigns } from '#core/look/step-signs.ts';
import { cut } from '#core/text/cut.ts';
import { type Layout, layOut } from './layout.ts';
import {
  actionIdLimit,
  alertLimit,
  buttonTextLimit,
  confirmAnswerLimit,
  confirmTextLimit,
  confirmTitleLimit,
  contextLimit,
  headerLimit,
  menuLimit,
  messageTextRoom,
  optionValueLimit,
  planLimit,
  rowLimit,
  taskDetailLimit,
  taskTitleLimit,
  urlLimit,
} from './limits.ts';
import { drawLongText } from './long-text.ts';
import { elementsOf, preformatted, rich, words } from './rich-text.ts';
import { fitText } from './text.ts';

export interface DrawOptions {
  readonly linkTo: LinkTo;
  /** Slack's newer blocks (a plan with a card for each step, alerts); else what a workspace takes that refuses them. */
  readonly style: 'newer' | 'classic';
  /** The person whom the card may ping, as Slack knows him. */
  readonly ping?: string;
}

/** Begins the action of a menu: what was chosen in it says what it does. */
export const menuSign = 'menu:';

/** A card as blocks within Slack's limits. What does not fit is said, not lost. */
export function drawCard(card: Card, options: DrawOptions): Layout {
  const ping: RichTextElement[] = options.ping === undefined ? [] : [{ type: 'user', user_id: options.ping }];
  const pinged = ping.length === 0 ? [] : [{ block: rich([{ type: 'rich_text_section', elements: ping }]) }];
  const pieces = [
    { block: titleOf(card, options) },
    ...pinged,
    ...card.blocks.flatMap((block) =>
      block.kind === 'code' || block.kind === 'quote'
        ? drawLongText(block, options.style)
        : drawBlock(block, options).map((drawn) => ({ block: drawn })),
    ),
  ];
  // Under way a card changes all the time, and each text would be a further file: what has no room stands in Details.
  return layOut(card.tone === 'progress' ? pieces.map(({ block }) => ({ block })) : pieces);
}

const levels: Partial<Record<Tone, 'warning' | 'error'>> = { warning: 'warning', danger: 'error' };

/** What went wrong is an alert, so that colour and sign say it too. */
function titleOf({ title, tone }: Card, { style }: DrawOptions): KnownBlock {
  const level = levels[tone];
  const words = (limit: number) => ({ type: 'plain_text' as const, text: cut(plainOf(title), limit) || '·' });
  return style === 'newer' && level !== undefined
    ? { type: 'alert', level, text: words(alertLimit) }
    : { type: 'header', text: words(headerLimit) };
}

/**
 * The whole card in words: its beginning is what notifications say, all of it what screen readers read, which do not look into blocks
 * (docs, chat.postMessage: accessibility considerations), and what is left where Slack refuses the blocks.
 */
export function wholeCard(card: Card): string {
  return fitText(plainLines(card).join('\n'), messageTextRoom);
}

export function drawBlock(
  block: Exclude<Block, { kind: 'code' | 'quote' }>,
  options: DrawOptions,
): readonly KnownBlock[] {
  const { linkTo } = options;
  switch (block.kind) {
    case 'text':
      return section(elementsOf(block.text, linkTo));
    case 'context':
      return [
        { type: 'context', elements: [{ type: 'plain_text', text: cut(plainOf(block.text), contextLimit) || '·' }] },
      ];
    case 'fields':
      return section(
        block.fields.flatMap(({ label, value }, index) => [
          ...words(`${index === 0 ? '' : '\n'}${label} `, { bold: true }),
          ...elementsOf(value, linkTo),
        ]),
      );
    case 'plan':
      return options.style === 'newer' ? [planBlock(block.steps, linkTo)] : section(planLines(block.steps, linkTo));
    case 'actions':
      return section(
        block.actions.flatMap(({ text }, index) => [...words(index === 0 ? '' : '\n'), ...elementsOf(text, linkTo)]),
      );
    case 'list':
      return block.items.length === 0
        ? []
        : [
            rich([
              {
                type: 'rich_text_list',
                style: 'bullet',
                elements: block.items.map((item) => ({
                  type: 'rich_text_section',
                  elements: elementsOf(item, linkTo),
                })),
              },
            ]),
          ];
    case 'changes': {
      const signs = { added: 'A', modified: 'M', deleted: 'D', renamed: 'R' } as const;
      const changed = block.files.map((file) => `${signs[file.status]} ${file.path}  +${file.added} −${file.removed}`);
      const rest = block.more > 0 ? [`… and ${block.more} more`] : [];
      return [rich([{ type: 'rich_text_preformatted', elements: preformatted([...changed, ...rest].join('\n')) }])];
    }
    case 'files':
      return section(block.files.flatMap((file, index) => fileLine(file, linkTo, index)));
    case 'buttons':
      return rows(block.buttons, linkTo);
    case 'select':
      return [menu(block)];
    case 'person':
      return [personMenu(block)];
  }
}

function section(elements: readonly RichTextElement[]): readonly KnownBlock[] {
  return elements.length === 0 ? [] : [rich([{ type: 'rich_text_section', elements: [...elements] }])];
}

/** Slack has four. What was skipped was not done: its details say what became of it. */
const statuses = {
  pending: 'pending',
  running: 'in_progress',
  waiting: 'in_progress',
  done: 'complete',
  failed: 'error',
  skipped: 'pending',
} as const satisfies Record<PlanLine['state'], string>;

/** The plan with a task for each step: what is true of it while it is open, and what came of it when it has ended. */
function planBlock(steps: readonly PlanLine[], linkTo: LinkTo): PlanBlock {
  const count = (...of: readonly PlanLine['state'][]) => steps.filter(({ state }) => of.includes(state)).length;
  const skipped = count('skipped');
  return {
    type: 'plan',
    title: `Plan: ${count('done')} of ${steps.length} done${skipped === 0 ? '' : `, ${skipped} skipped`}`,
    tasks: withinPlan(steps).map(({ title, state, detail = [] }, index) => ({
      type: 'task_card',
      task_id: `step-${index + 1}`,
      title: cut(title, taskTitleLimit) || `Step ${index + 1}`,
      status: statuses[state],
      ...(plainOf(detail) === '' ? {} : { [hasEnded.has(state) ? 'output' : 'details']: detailsOf(detail, linkTo) }),
    })),
  };
}

const hasEnded: ReadonlySet<PlanLine['state']> = new Set(['done', 'failed']);

/** Steps that a plan has no room for are counted. */
function withinPlan(steps: readonly PlanLine[]): readonly PlanLine[] {
  if (steps.length <= planLimit) return steps;
  const shown = steps.slice(0, planLimit - 1);
  return [...shown, { state: 'pending', title: `and ${steps.length - shown.length} more` }];
}

function detailsOf(detail: RichText, linkTo: LinkTo): RichTextBlock {
  const text = plainOf(detail);
  const elements = text.length > taskDetailLimit ? words(cut(text, taskDetailLimit)) : elementsOf(detail, linkTo);
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

function planLines(steps: readonly PlanLine[], linkTo: LinkTo): RichTextElement[] {
  return steps.flatMap(({ state, title, detail }, index) => [
    ...words(`${index === 0 ? '' : '\n'}${stepSigns[state]} ${title}${detail === undefined ? '' : ' · '}`),
    ...(detail === undefined ? [] : elementsOf(detail, linkTo)),
  ]);
}

function fileLine({ name, version, size, href }: CardFile, linkTo: LinkTo, index: number): RichTextElement[] {
  const url = linkTo(href);
  const text = `${name} (version ${version}, ${Math.ceil(size / 1024)} KiB)`;
  return [
    ...words(`${index === 0 ? '' : '\n'}📄 `),
    ...(url === undefined ? words(text) : [{ type: 'link' as const, url, text }]),
  ];
}

function rows(buttons: readonly Button[], linkTo: LinkTo): readonly KnownBlock[] {
  const drawn = buttons.flatMap((button) => drawButton(button, linkTo) ?? []);
  const found: ActionsBlock[] = [];
  for (let at = 0; at < drawn.length; at += rowLimit)
    found.push({ type: 'actions', elements: drawn.slice(at, at + rowLimit) });
  return found;
}

/** Slack's own menu of people, in which one is found by typing; what it does is its id, and a press says who was chosen. */
function personMenu({ label, action, chosen }: Block & { readonly kind: 'person' }): SectionBlock {
  const initial = chosen?.externalId.split('/').at(-1);
  return {
    type: 'section',
    text: { type: 'plain_text', text: cut(label, buttonTextLimit) || '·' },
    accessory: {
      type: 'users_select',
      action_id: cut(action, actionIdLimit),
      placeholder: { type: 'plain_text', text: 'Choose a person' },
      ...(initial === undefined ? {} : { initial_user: initial }),
    },
  };
}

/** What an option does is its value: a press of a menu carries that of the chosen one. */
function menu({ label, options, chosen }: Block & { readonly kind: 'select' }): SectionBlock {
  const drawn = options
    .filter(({ action }) => action.length <= optionValueLimit)
    .slice(0, menuLimit)
    .map(({ label: words, action }): PlainTextOption => {
      return { text: { type: 'plain_text', text: cut(words, buttonTextLimit) || '·' }, value: action };
    });
  const initial = drawn.find(({ value }) => value === chosen);
  return {
    type: 'section',
    text: { type: 'plain_text', text: cut(label, buttonTextLimit) || '·' },
    accessory: {
      type: 'static_select',
      action_id: cut(`${menuSign}${label}`, actionIdLimit),
      options: drawn,
      ...(initial === undefined ? {} : { initial_option: initial }),
    },
  };
}

function drawButton({ label, style, action, href, confirm }: Button, linkTo: LinkTo): SlackButton | undefined {
  const shared = {
    type: 'button' as const,
    text: { type: 'plain_text' as const, text: cut(label, buttonTextLimit) || '·' },
    ...(style === undefined ? {} : { style }),
  };
  const url = href === undefined ? undefined : linkTo(href);
  if (url !== undefined && url.length <= urlLimit)
    return { ...shared, url, action_id: cut(`open:${href}`, actionIdLimit) };
  if (action === undefined || action.length > actionIdLimit) return undefined;
  if (confirm === undefined) return { ...shared, action_id: action };
  return {
    ...shared,
    action_id: action,
    confirm: {
      title: { type: 'plain_text', text: cut(confirm.title, confirmTitleLimit) },
      text: { type: 'plain_text', text: cut(confirm.text, confirmTextLimit) },
      confirm: { type: 'plain_text', text: cut(confirm.yes, confirmAnswerLimit) },
      deny: { type: 'plain_text', text: 'Back' },
    },
  };
}
