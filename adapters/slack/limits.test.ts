import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import type { Block, Button, Card } from '#core/chat/card.ts';
import { linkWith } from '#core/chat/link.ts';
import type { Modal, ModalField } from '#core/chat/modal.ts';
import { checkBlocks, mostBlockText } from '#tests/slack-server/blocks/check.ts';
import { checkView } from '#tests/slack-server/blocks/view.ts';
import { drawCard, plainCard, wholeCard } from './card.ts';
import { drawForm } from './form.ts';
import * as limits from './limits.ts';

const letters = (count: number) => 'q'.repeat(count);
const json = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

function card(blocks: readonly Block[], title = 'Title', tone: Card['tone'] = 'neutral'): Card {
  return { key: 'k', tone, title: [title], blocks, summary: title };
}

/** Draws it and lets the stand-in, which refuses what Slack refuses, look at it. */
function drawn(blocks: readonly Block[], title?: string, tone?: Card['tone']): readonly KnownBlock[] {
  const { blocks: found } = drawCard(card(blocks, title, tone), {
    linkTo: linkWith('https://c.example'),
    style: 'newer',
  });
  checkBlocks(json(found), 'message');
  return found;
}

function form(field: ModalField, more: Partial<Modal> = {}) {
  const view = drawForm({ id: 'id', title: 'Title', intro: [], submit: 'Send', fields: [field], ...more }, '{}');
  return checkView(json(view), 'modal');
}

const button = (more: Partial<Button>): Block => ({
  kind: 'buttons',
  buttons: [{ label: 'Go', action: 'go', ...more }],
});
const confirm = { title: 'Sure?', text: 'Really?', yes: 'Yes' };
const option = (value: string) => ({ value, label: value });

/** Each limit: a text of that many characters in its place. One more is shortened, and Slack takes it still. */
const texts: readonly (readonly [name: string, limit: number, draw: (text: string) => unknown])[] = [
  ['the title', limits.headerLimit, (text) => drawn([], text)],
  ['the title of an alert', limits.headerLimit, (text) => drawn([], text, 'danger')],
  ['the words of a button', limits.buttonTextLimit, (text) => drawn([button({ label: text })])],
  [
    'the title of “sure?”',
    limits.confirmTitleLimit,
    (text) => drawn([button({ confirm: { ...confirm, title: text } })]),
  ],
  ['the words of “sure?”', limits.confirmTextLimit, (text) => drawn([button({ confirm: { ...confirm, text } })])],
  ['the yes of “sure?”', limits.confirmAnswerLimit, (text) => drawn([button({ confirm: { ...confirm, yes: text } })])],
  [
    'the title of a form',
    limits.formTitleLimit,
    (text) => form({ kind: 'text', name: 'a', label: 'A' }, { title: text }),
  ],
  [
    'the button of a form',
    limits.formTitleLimit,
    (text) => form({ kind: 'text', name: 'a', label: 'A' }, { submit: text }),
  ],
  ['the label of a field', limits.formLabelLimit, (text) => form({ kind: 'text', name: 'a', label: text })],
  ['the value of a field', limits.formTextLimit, (text) => form({ kind: 'text', name: 'a', label: 'A', value: text })],
  [
    'the words of an option',
    limits.buttonTextLimit,
    (text) => form({ kind: 'select', name: 'a', label: 'A', options: [{ value: 'v', label: text }] }),
  ],
];

describe.each(texts)('%s (%i characters)', (_, limit, draw) => {
  it.each([-1, 0])('is whole at the limit %i', (more) => {
    expect(JSON.stringify(draw(letters(limit + more)))).toContain(`"${letters(limit + more)}"`);
  });

  it('is shortened over it', () => {
    const shown = JSON.stringify(draw(letters(limit + 1)));
    expect(shown).toContain(`"${letters(limit - 1)}…"`);
    expect(shown).not.toContain(letters(limit));
  });
});

describe('what would mean something else when it is shortened is left out', () => {
  it.each([
    ['an action', limits.actionIdLimit, (text: string) => button({ action: text })],
    ['an address', limits.urlLimit, (text: string) => button({ action: undefined, href: `https://${text.slice(8)}` })],
  ])('%s (%i characters)', (_, limit, make) => {
    const count = (length: number) => drawn([make(letters(length))]).filter(({ type }) => type === 'actions').length;
    expect([count(limit - 1), count(limit), count(limit + 1)]).toEqual([1, 1, 0]);
  });

  it('an option’s value, which the form says', () => {
    const limit = limits.optionValueLimit;
    for (const kind of ['select', 'checkboxes'] as const) {
      const values = kind === 'checkboxes' ? { values: [] } : {};
      const options = [option(letters(limit - 1)), option(letters(limit)), option(letters(limit + 1))];
      const view = JSON.stringify(form({ kind, name: 'a', label: 'A', options, ...values } as ModalField));
      expect(view).toContain('1 of 3 can not be chosen here');
      expect(view).not.toContain(letters(limit + 1));
    }
  });
});

describe('counts', () => {
  it.each([-1, 0, 1])('blocks of a message: the limit %i', (more) => {
    const lines = Array.from({ length: limits.blockLimit - 1 + more }, (): Block => ({ kind: 'text', text: ['x'] }));
    const found = drawn(lines);
    expect(found).toHaveLength(Math.min(limits.blockLimit, lines.length + 1));
    expect(JSON.stringify(found).includes('There is more')).toBe(more === 1);
  });

  it.each([-1, 0, 1])('buttons of a row: the limit %i', (more) => {
    const buttons = Array.from({ length: limits.rowLimit + more }, (_, n) => ({ label: `${n}`, action: `a${n}` }));
    expect(drawn([{ kind: 'buttons', buttons }])).toHaveLength(more === 1 ? 3 : 2);
  });

  it.each([-1, 0, 1])('options of a menu: the limit %i', (more) => {
    const options = Array.from({ length: limits.menuLimit + more }, (_, n) => option(`v${n}`));
    const view = JSON.stringify(form({ kind: 'select', name: 'a', label: 'A', options }));
    expect(view.includes('1 of 101 can not be chosen here')).toBe(more === 1);
  });

  it.each([-1, 0, 1])('checkboxes: the limit %i', (more) => {
    const options = Array.from({ length: limits.checkboxLimit + more }, (_, n) => option(`v${n}`));
    const view = JSON.stringify(form({ kind: 'checkboxes', name: 'a', label: 'A', options, values: ['v0'] }));
    expect(view.includes('"multi_static_select"')).toBe(more === 1);
  });
});

describe('all text of a message', () => {
  it('stays below what Slack was seen to refuse, and the rest is said', () => {
    expect(limits.blockTextLimit).toBeLessThan(mostBlockText);
    // Up to the budget whole, one more character in another place.
    for (const count of [2800, 2900, 2901, 8900, 9000, 9001, 12_000]) {
      const found = drawn([{ kind: 'code', text: letters(count) }]);
      const shown = JSON.stringify(found).match(/q/g)?.length ?? 0;
      expect(shown === count || JSON.stringify(found).includes('There is more')).toBe(true);
    }
  });

  it.each([-1, 0, 1])('as plain text keeps within an edit: the limit %i', (more) => {
    const long = card(
      [{ kind: 'code', text: letters(limits.messageTextLimit + more) }],
      letters(limits.messageTextLimit),
    );
    expect(plainCard(long).length).toBeLessThanOrEqual(limits.messageTextLimit);
    expect(wholeCard(long).length).toBeLessThanOrEqual(limits.messageTextLimit);
  });
});
