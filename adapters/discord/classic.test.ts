import { ComponentType } from 'discord.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, Button, Card } from '#core/chat/card.ts';
import { linkWith } from '#core/chat/link.ts';
import { drawClassic } from './classic.ts';
import { contentLimit, rowButtonLimit, rowLimit } from './limits.ts';

const note = '-# note';
const options = { linkTo: linkWith('https://commander.example'), shown: new Map(), note };
const words = fc.string({ maxLength: 2500 });
const button: fc.Arbitrary<Button> = fc.oneof(
  fc.record({ label: words, action: fc.string({ minLength: 1, maxLength: 120 }) }),
  fc.record({ label: words, href: fc.constant('/tasks/1') }),
);
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: fc.array(words, { maxLength: 2 }) }),
  fc.record({ kind: fc.constant('code' as const), text: words }),
  fc.record({ kind: fc.constant('buttons' as const), buttons: fc.array(button, { minLength: 1, maxLength: 12 }) }),
  fc.record({
    kind: fc.constant('select' as const),
    label: words,
    options: fc.constant([{ label: 'One', action: 'choose:1' }]),
    chosen: fc.constant('choose:1'),
  }),
);

const card = (...blocks: readonly Block[]): Card => {
  return { key: 'k', tone: 'neutral', title: ['Title'], blocks, summary: 'Title' };
};
const acting = (count: number, first = 0): Block => ({
  kind: 'buttons',
  buttons: Array.from({ length: count }, (_, at) => ({ label: `B${first + at}`, action: `do:${first + at}` })),
});

describe('a card without a container', () => {
  it('keeps to Discord’s limits, whatever it shows, and ends with why it looks like this', () => {
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 8 }),
        fc.option(fc.constant('all.txt'), { nil: undefined }),
        (all, whole) => {
          const { content, rows } = drawClassic(card(...all), {
            ...options,
            ...(whole === undefined ? {} : { whole }),
          });
          expect(content.length).toBeLessThanOrEqual(contentLimit);
          expect(content.endsWith(note)).toBe(true);
          expect(rows.length).toBeLessThanOrEqual(rowLimit);
          for (const { components } of rows) {
            expect(components.length).toBeGreaterThan(0);
            expect(components.length).toBeLessThanOrEqual(rowButtonLimit);
          }
        },
      ),
    );
  });

  it('has the same buttons and menus, and its links among the words', () => {
    const menu: Block = {
      kind: 'select',
      label: 'Tone',
      options: [{ label: 'Calm', action: 'choose:calm' }],
      chosen: 'choose:calm',
    };
    const leading: Block = { kind: 'buttons', buttons: [{ label: 'Details', href: '/tasks/1' }] };
    const { content, rows, isShort } = drawClassic(card(acting(2), leading, menu), options);
    expect(rows).toMatchObject([
      { components: [{ custom_id: 'do:0' }, { custom_id: 'do:1' }] },
      { components: [{ type: ComponentType.StringSelect, options: [{ value: 'choose:calm' }] }] },
    ]);
    expect(content).toBe(`### Title\n[Details](https://commander.example/tasks/1)\n${note}`);
    expect(isShort).toBe(false);
  });

  it('puts more buttons into a row where there would be too many rows, and says so when some have no place at all', () => {
    const fits = drawClassic(card(...Array.from({ length: 6 }, (_, at) => acting(4, at * 4))), options);
    expect(fits.rows.map(({ components }) => components.length)).toEqual([5, 5, 5, 5, 4]);
    expect(fits.isShort).toBe(false);
    const over = drawClassic(card(...Array.from({ length: 7 }, (_, at) => acting(4, at * 4))), options);
    expect(over.rows.flatMap(({ components }) => components)).toHaveLength(rowLimit * rowButtonLimit);
    expect([over.isShort, over.content.includes('There is more')]).toEqual([true, true]);
  });

  it('is cut where a text goes on too long, and says where all of it is', () => {
    const room = contentLimit - `### Title\n\n${note}`.length;
    const fits = drawClassic(card({ kind: 'text', text: ['x'.repeat(room)] }), options);
    expect([fits.isShort, fits.content.length]).toEqual([false, contentLimit]);
    const over = drawClassic(card({ kind: 'text', text: ['x'.repeat(room + 1)] }), { ...options, whole: 'all.txt' });
    expect([over.isShort, over.content.length <= contentLimit]).toEqual([true, true]);
    expect(over.content).toContain('all of it is in this file');
  });
});
