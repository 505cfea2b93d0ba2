import { type APIContainerComponent, ComponentType, MessageFlags } from 'discord.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, Card } from '#core/chat/card.ts';
import { linkWith } from '#core/chat/link.ts';
import { topComponents } from '#tests/discord-server/check/components.ts';
import { checkDraft } from '#tests/discord-server/check/message.ts';
import { attachmentName, drawCard, wholeCard } from './card.ts';
import { componentLimit, messageTextLimit } from './limits.ts';

const options = { linkTo: linkWith('https://commander.example'), shown: new Map(), marker: 7 };
const words = fc.string({ maxLength: 3000 });
const name = fc.string({ minLength: 1, maxLength: 200 });
const action = fc.string({ minLength: 1, maxLength: 120 });
const choices = fc.array(fc.record({ label: name, action }), { minLength: 1, maxLength: 30, size: 'max' });
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: fc.array(words, { maxLength: 2 }) }),
  fc.record({ kind: fc.constant('code' as const), text: words }),
  fc.record({ kind: fc.constant('quote' as const), from: words, text: words }),
  fc.record({ kind: fc.constant('buttons' as const), buttons: choices }),
  fc.record({ kind: fc.constant('select' as const), label: name, options: choices, chosen: action }),
);

function card(blocks: readonly Block[]): Card {
  return { key: 'k', tone: 'neutral', title: ['Title'], blocks, summary: 'Title' };
}

/** As Discord judges a message. */
function judge(container: APIContainerComponent): void {
  const components = topComponents.parse([container]);
  checkDraft({ content: '', flags: MessageFlags.IsComponentsV2, components, embeds: [], files: [] });
}

/** Every component, nested ones too. */
function everything(part: object): readonly object[] {
  const nested: readonly object[] = 'components' in part && Array.isArray(part.components) ? part.components : [];
  return [part, ...nested.flatMap(everything)];
}

function texts(container: APIContainerComponent): readonly string[] {
  return container.components.flatMap((each) => (each.type === ComponentType.TextDisplay ? [each.content] : []));
}

describe('a card as a container', () => {
  it('keeps to Discord’s limits, whatever it shows', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 5 }), (blocks) => {
        judge(drawCard(card(blocks), options).container);
      }),
    );
  });

  it('shows as many buttons as there is room for beside its title, and says so when there are more', () => {
    const buttons = (count: number, first = 0) =>
      Array.from({ length: count }, (_, at) => ({ label: 'Press', action: `press:${first + at}` }));
    const drawn = (blocks: readonly Block[]) => {
      const { container, isShort } = drawCard(card(blocks), options);
      judge(container);
      return [everything(container).filter((part) => 'custom_id' in part).length, isShort];
    };
    const alone = Array.from({ length: 30 }, (_, at): Block => ({ kind: 'buttons', buttons: buttons(1, at) }));
    expect(drawn(alone)).toEqual([30, false]);
    expect([30, 31, 40].map((count) => drawn([{ kind: 'buttons', buttons: buttons(count) }]))).toEqual([
      [30, false],
      [30, true],
      [30, true],
    ]);
  });

  it('has menus with one label apart, none with nothing in it, and nothing that can be pressed twice', () => {
    const menu = (label: string, value: string): Block => {
      const option = { label: 'One', action: value };
      return { kind: 'select', label, options: [option, option], chosen: value };
    };
    const long = 'x'.repeat(151);
    const press: Block = { kind: 'buttons', buttons: ['A', 'B'].map((label) => ({ label, action: 'same' })) };
    const blocks = [menu(long, 'a'), menu(long, 'b'), menu('Empty', 'v'.repeat(101)), press];
    const { container } = drawCard(card(blocks), options);
    judge(container);
    expect(container.components.filter(({ type }) => type === ComponentType.ActionRow)).toHaveLength(3);
  });

  it('says so when something did not fit, and keeps the buttons', () => {
    const long: Block = { kind: 'text', text: ['x'.repeat(messageTextLimit)] };
    const press: Block = { kind: 'buttons', buttons: [{ label: 'Approve', action: 'approve:1' }] };
    const drawn = drawCard(card([long, press]), options).container;
    expect(texts(drawn).at(-1)).toContain('There is more');
    expect(drawn.components.at(-1)).toMatchObject({ components: [{ custom_id: 'approve:1' }] });
  });

  it('leads to a page where people can open it, and acts where not', () => {
    const details: Block = {
      kind: 'buttons',
      buttons: [{ label: 'Details', href: '/tasks/1/log', action: 'details:1' }],
    };
    const drawn = (address?: string) =>
      drawCard(card([details]), { ...options, linkTo: linkWith(address) }).container.components.at(-1);
    const url = 'https://commander.example/tasks/1/log';
    expect(drawn('https://commander.example')).toMatchObject({ components: [{ url, label: 'Details' }] });
    expect(drawn()).toMatchObject({ components: [{ custom_id: 'details:1', label: 'Details' }] });
  });

  it('shows a text of just the room there is, and of one more character what fits, with the whole in a file', () => {
    const room = messageTextLimit - '### Title'.length - '-# There is more: see Details.'.length;
    const fits = drawCard(card([{ kind: 'text', text: ['x'.repeat(room)] }]), options);
    expect([fits.isShort, texts(fits.container).length]).toEqual([false, 2]);
    const long = card([{ kind: 'text', text: ['x'.repeat(room + 1)] }]);
    const over = drawCard(long, { ...options, whole: 'all.txt' });
    expect(over.isShort).toBe(true);
    expect(texts(over.container).join('').length).toBeLessThanOrEqual(messageTextLimit);
    expect(JSON.stringify(over.container)).toContain('attachment://all.txt');
    expect(wholeCard(long)).toContain('x'.repeat(room + 1));
  });

  it('has as many components as Discord takes, and not one more', () => {
    const lines = (count: number) =>
      card(Array.from({ length: count }, (_, line) => ({ kind: 'text', text: [`Line ${line}`] }) as const));
    // The container, the title, the line that says that there is more, and its file have four of them.
    const fits = drawCard(lines(componentLimit - 4), options);
    expect([fits.isShort, everything(fits.container).length]).toEqual([false, componentLimit - 2]);
    const over = drawCard(lines(componentLimit - 3), { ...options, whole: 'all.txt' });
    expect([over.isShort, everything(over.container).length]).toEqual([true, componentLimit]);
  });

  it('links to Commander’s own pages where it has an address, else only names them', () => {
    const link: Block = { kind: 'text', text: [{ kind: 'link', text: 'Diff', href: '/tasks/1/diff' }] };
    expect(texts(drawCard(card([link]), options).container).join()).toContain(
      '[Diff](https://commander.example/tasks/1/diff)',
    );
    expect(texts(drawCard(card([link]), { ...options, linkTo: linkWith(undefined) }).container)[1]).toBe('Diff');
  });

  it('names attachments so that Discord leaves the name as it is', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(attachmentName({ name, outputId: '0190a000-0000-7000-8000-00000000000a' })).toMatch(/^[\w.-]{1,80}$/);
      }),
    );
  });
});
