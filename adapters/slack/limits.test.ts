import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import type { Block, Button, Card } from '#core/chat/card.ts';
import { linkWith } from '#core/chat/link.ts';
import type { Modal, ModalField, ModalOption } from '#core/chat/modal.ts';
import { checkBlocks, mostBlockText, mostMarkdown } from '#tests/slack-server/blocks/check.ts';
import { checkView } from '#tests/slack-server/blocks/view.ts';
import { drawCard, wholeCard } from './card.ts';
import { drawForm } from './form.ts';
import * as known from './limits.ts';
import { drawPage } from './page.ts';
import { fitText } from './text.ts';

type Limit = keyof typeof known;
const limits: Readonly<Record<Limit, number>> = { ...known };
const linkTo = linkWith('https://c.example');

const letters = (count: number) => 'q'.repeat(count);
const json = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

function card(blocks: readonly Block[], title = 'Title', tone: Card['tone'] = 'neutral'): Card {
  return { key: 'k', tone, title: [title], blocks, summary: title };
}

/** Draws it and lets the stand-in, which refuses what Slack refuses, look at it. */
function drawn(blocks: readonly Block[], title?: string, tone?: Card['tone']): readonly KnownBlock[] {
  const { blocks: found } = drawCard(card(blocks, title, tone), {
    linkTo,
    style: 'newer',
  });
  checkBlocks(json(found), 'message');
  return found;
}

function form(fields: ModalField | readonly ModalField[], more: Partial<Modal> = {}, place = '{}') {
  const modal = { id: 'id', title: 'Title', intro: [], submit: 'Send', fields: [fields].flat(), ...more };
  return checkView(json(drawForm(modal, place)), 'modal');
}

const button = (more: Partial<Button>): Block => ({
  kind: 'buttons',
  buttons: [{ label: 'Go', action: 'go', ...more }],
});
const confirm = { title: 'Sure?', text: 'Really?', yes: 'Yes' };
const many = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));
const option = (value: string) => ({ value, label: 'x', action: value });
const options = (count: number) => many(count, (n) => option(`v${n}`));
const manyOptions = many(100, (n) => ({ ...option(`${letters(70)}${n}`), label: letters(75) }));
const field = (more: object = {}): ModalField => ({ kind: 'text', name: 'a', label: 'A', ...more });
const menu = (of: readonly ModalOption[]): ModalField => ({ kind: 'select', name: 'a', label: 'A', options: of });
const boxes = (of: readonly ModalOption[]): ModalField => ({
  ...{ kind: 'checkboxes', name: 'a', label: 'A', options: of, values: [] },
});
const choice = (of: ReturnType<typeof options>): Block => ({ kind: 'select', label: 'A', options: of, chosen: 'v' });
const plan = (...steps: readonly object[]): Block => ({
  kind: 'plan',
  steps: steps.map((step) => ({ state: 'running', title: 'Tests', ...step })),
});
const row = (count: number): Block => ({
  kind: 'buttons',
  buttons: many(count, (n) => ({ label: `${n}`, action: `a${n}` })),
});
const lines = (count: number) => many(count, (): Block => ({ kind: 'text', text: ['x'] }));
const forms = (count: number) => form(many(count, (n) => field({ name: `f${n}` })));
const address = (text: string) => `https://${text.slice(8)}`;

/** A page of so many blocks, as Slack takes it. */
function page(count: number) {
  const cards = [card(lines(49)), card(lines(count - 51))];
  return checkView(json({ type: 'home', blocks: drawPage(cards, linkTo) }), 'home');
}

/** A text in its place: one of as many characters as the limit is shown whole, a longer one shortened, and Slack takes it still. */
const texts: readonly (readonly [what: string, limit: Limit, draw: (text: string) => unknown])[] = [
  ['the title', 'headerLimit', (text) => drawn([], text)],
  ['the title of an alert', 'alertLimit', (text) => drawn([], text, 'danger')],
  ['what is said aside', 'contextLimit', (text) => drawn([{ kind: 'context', text: [text] }])],
  ['the title of a task', 'taskTitleLimit', (text) => drawn([plan({ title: text })])],
  ['the details of a task', 'taskDetailLimit', (text) => drawn([plan({ detail: [text] })])],
  ['the words of a button', 'buttonTextLimit', (text) => drawn([button({ label: text })])],
  [
    'the words beside a menu of people',
    'buttonTextLimit',
    (text) => drawn([{ kind: 'person', label: text, action: 'a' }]),
  ],
  ['the title of “sure?”', 'confirmTitleLimit', (text) => drawn([button({ confirm: { ...confirm, title: text } })])],
  ['the words of “sure?”', 'confirmTextLimit', (text) => drawn([button({ confirm: { ...confirm, text } })])],
  ['the yes of “sure?”', 'confirmAnswerLimit', (text) => drawn([button({ confirm: { ...confirm, yes: text } })])],
  ['the title of a form', 'formTitleLimit', (text) => form(field(), { title: text })],
  ['the button of a form', 'formTitleLimit', (text) => form(field(), { submit: text })],
  ['a sentence of a form', 'formTextLimit', (text) => form(field(), { intro: [text] })],
  ['the label of a field', 'formLabelLimit', (text) => form(field({ label: text }))],
  ['the hint of a field', 'formLabelLimit', (text) => form(field({ hint: text }))],
  ['the value of a field', 'formTextLimit', (text) => form(field({ value: text }))],
  ['the words of an option', 'buttonTextLimit', (text) => form(menu([{ value: 'v', label: text }]))],
];

describe.each(texts)('%s (%s)', (_, name, draw) => {
  const limit = limits[name];

  it.each([-1, 0])('is whole at the limit %i', (more) => {
    expect(JSON.stringify(draw(letters(limit + more)))).toContain(`"${letters(limit + more)}"`);
  });

  it('is shortened over it', () => {
    const shown = JSON.stringify(draw(letters(limit + 1)));
    expect(shown).toContain(`"${letters(limit - 1)}…"`);
    expect(shown).not.toContain(letters(limit));
  });
});

/** What would mean something else when it is shortened: whole at the limit, left out over it. */
const kept: readonly (readonly [what: string, limit: Limit, draw: (text: string) => unknown])[] = [
  ['an action', 'actionIdLimit', (text) => drawn([button({ action: text })])],
  ['the name of a field', 'actionIdLimit', (text) => form(field({ name: text }))],
  ['the address of a button', 'urlLimit', (text) => drawn([button({ action: undefined, href: address(text) })])],
  [
    'the address of a link',
    'urlLimit',
    (text) => drawn([{ kind: 'text', text: [{ kind: 'link', text: 'x', href: address(text) }] }]),
  ],
  ['the value of an option', 'optionValueLimit', (text) => form(menu([option('v'), option(text)]))],
  ['the value of a box', 'optionValueLimit', (text) => form(boxes([option('v'), option(text)]))],
  ['the action of a menu', 'optionValueLimit', (text) => drawn([choice([option('v'), option(text)])])],
];

describe.each(kept)('%s (%s)', (_, name, draw) => {
  it.each([-1, 0, 1])('the limit %i', (more) => {
    const text = letters(limits[name] + more);
    expect(JSON.stringify(draw(text)).includes(text.slice(8))).toBe(more < 1);
  });
});

/** How many of something are shown of so many, and what says that some are not. */
const counts: readonly (readonly [what: string, limit: Limit, draw: (count: number) => unknown, over: RegExp])[] = [
  ['blocks of a message', 'blockLimit', (count) => drawn(lines(count - 1)), /There is more/],
  ['tasks of a plan', 'planLimit', (count) => drawn([plan(...many(count, () => ({})))]), /and 2 more/],
  ['buttons of a row', 'rowLimit', (count) => drawn([row(count)]), /"type":"actions".*"type":"actions"/],
  ['options of a menu in one list', 'menuLimit', (count) => form(menu(options(count))), /"option_groups"/],
  ['options of a menu', 'groupedLimit', (count) => form(menu(options(count))), /1 of 501 can not be chosen here/],
  ['checkboxes', 'checkboxLimit', (count) => form(boxes(options(count))), /"multi_static_select"/],
  ['blocks of a form', 'viewBlockLimit', (count) => forms(count), /2 more can not be filled in here/],
  ['blocks of a page', 'viewBlockLimit', (count) => page(count), /There is more/],
];

describe.each(counts)('%s (%s)', (_, name, draw, over) => {
  it.each([-1, 0, 1])('the limit %i', (more) => {
    expect(over.test(JSON.stringify(draw(limits[name] + more)))).toBe(more === 1);
  });
});

/** What is never so long, and would lead elsewhere when it is shortened. */
const refused: readonly (readonly [what: string, limit: Limit, check: (count: number) => unknown])[] = [
  ['what a form carries', 'placeLimit', (count) => form(field(), {}, letters(count))],
  ['what a form is', 'formIdLimit', (count) => form(field(), { id: letters(count) })],
];

describe.each(refused)('%s (%s)', (_, name, check) => {
  it.each([-1, 0, 1])('the limit %i', (more) => {
    const attempt = () => check(limits[name] + more);
    if (more === 1) expect(attempt).toThrow(RangeError);
    else expect(attempt).not.toThrow();
  });
});

describe('all of it', () => {
  it('the text of a message stays below what Slack was seen to refuse, in bytes, and the rest is said', () => {
    expect(limits.blockTextLimit).toBeLessThan(mostBlockText);
    for (const letter of ['q', '語', '🙂']) {
      for (const count of [2800, 2900, 2901, 8900, 9000, 9001, 12_000]) {
        const found = drawn([{ kind: 'code', text: letter.repeat(count / letter.length) }]);
        const shown = JSON.stringify(found).split(letter).length - 1;
        expect(shown === Math.floor(count / letter.length) || JSON.stringify(found).includes('There is more')).toBe(
          true,
        );
      }
    }
  });

  it.each([-1, 0, 1])('a field for files takes as many as Slack lets it: %i', (more) => {
    const view = drawForm(
      { id: 'id', title: 'T', intro: [], submit: 'S', fields: [{ kind: 'file', name: 'a', label: 'A' }] },
      '{}',
    );
    const shown = JSON.stringify(view);
    expect(shown).toContain(`"max_files":${limits.fileFieldLimit}`);
    const other = shown.replace(/"max_files":\d+/, `"max_files":${limits.fileFieldLimit + more}`);
    const check = () => checkView(JSON.parse(other), 'modal');
    if (more === 1) expect(check).toThrow();
    else expect(check).not.toThrow();
  });

  it.each([-1, 0, 1])('a form of as many bytes as it has room for is whole: the limit %i', (more) => {
    // 10,000 bytes are for what is around the fields, 2 for the brackets around the sentences; a comma follows each field.
    const most = limits.viewSizeLimit - 10_000 - 2;
    const bytesOf = (fields: readonly ModalField[]) =>
      fields.reduce((sum, one) => sum + JSON.stringify(form(one).blocks[0]).length + 1, 0);
    const long = { label: letters(limits.formLabelLimit), hint: letters(limits.formLabelLimit) };
    const full = many(33, (n) => field({ ...long, name: `n${n}`, value: letters(limits.formTextLimit) }));
    const spare = most - bytesOf([...full, field({ value: 'q' })]);
    const shown = form([...full, field({ value: letters(1 + spare + more) })]);
    expect(JSON.stringify(shown).includes('1 more can not be filled in here')).toBe(more === 1);
  });

  it.each([-1, 0, 1])('Markdown counts like any other text, and goes into a file: over the limit by %i', (more) => {
    expect(limits.blockTextLimit).toBeLessThan(mostMarkdown);
    const last = limits.blockTextLimit - 'Title'.length - 'q'.length - 3 * limits.partLimit + more;
    const paragraphs = [
      `# ${letters(limits.partLimit - 2)}`,
      ...many(2, () => letters(limits.partLimit)),
      letters(last),
    ];
    const said: Block = { kind: 'quote', from: 'q', text: paragraphs.join('\n\n'), written: 'markdown' };
    const found = drawn([said]);
    expect(found.filter(({ type }) => type === 'markdown')).toHaveLength(more === 1 ? 3 : 4);
    expect(drawCard(card([said]), { linkTo, style: 'newer' }).left).toHaveLength(more === 1 ? 1 : 0);
  });

  it('details of tasks count twice', () => {
    const steps = many(20, () => ({ title: letters(150), detail: [letters(250)] }));
    expect(JSON.stringify(drawn([plan(...steps)]))).toContain('There is more');
    expect(JSON.stringify(drawn([plan(...steps.slice(0, 12))]))).not.toContain('There is more');
  });

  it.each([-1, 0, 1])('code goes on in a further block: the limit of a part %i', (more) => {
    const found = drawn([{ kind: 'code', text: letters(limits.partLimit + more) }]);
    expect(found).toHaveLength(more === 1 ? 3 : 2);
  });

  it('a form and a page stay below their size, and what is left out is said', () => {
    const large = many(30, (n): ModalField => ({ ...menu(manyOptions), name: `n${n}` }));
    expect(JSON.stringify(form(large)).length).toBeLessThanOrEqual(limits.viewSizeLimit);
    expect(JSON.stringify(form(large))).toMatch(/\d more can not be filled in here/);
    const cards = many(20, () => card([choice(manyOptions), choice(manyOptions)]));
    const shown = drawPage(cards, linkTo);
    expect(() => checkView(json({ type: 'home', blocks: shown }), 'home')).not.toThrow();
    expect(JSON.stringify(shown)).toContain('There is more');
  });

  it.each([-1, 0, 1])('as plain text keeps within an edit: the limit %i', (more) => {
    const long = card(
      [{ kind: 'code', text: letters(limits.messageTextLimit + more) }],
      letters(limits.messageTextLimit),
    );
    expect(wholeCard(long).length).toBeLessThanOrEqual(limits.messageTextRoom);
    expect(limits.messageTextRoom).toBeLessThan(limits.messageTextLimit);
  });

  it.each([-1, 0, 1])('plain text is never cut within an escaped character: the limit %i', (more) => {
    const { messageTextRoom: room } = limits;
    expect(fitText(letters(room + more), room)).toBe(more === 1 ? `${letters(room - 1)}…` : letters(room + more));
    expect(fitText(`${letters(room - 3)}<<`, room)).toBe(`${letters(room - 3)}…`);
  });
});

/** Tried by calls, each in the test that is named. What a page of a list may have at most is no limit of what is shown. */
const elsewhere: Readonly<Partial<Record<Limit, string>>> = {
  sessionTitleLimit: 'adapter.test.ts: says how a task stands beside the thread',
  uploadLimit: 'adapter.test.ts: puts produced files into the thread, once',
  pageLimit: 'adapter.test.ts: is read as far as the newest thousand messages of a channel',
  channelPageLimit: 'faults.test.ts: users.conversations',
};

it('every limit has a row', () => {
  const rows = [texts, kept, counts, refused].flatMap((table) => table.map(([, limit]) => limit));
  const here: readonly Limit[] = [
    ...([
      'blockTextLimit',
      'partLimit',
      'fileFieldLimit',
      'viewSizeLimit',
      'messageTextLimit',
      'messageTextRoom',
    ] as const),
  ];
  expect([...new Set([...rows, ...here, ...Object.keys(elsewhere)])].toSorted()).toEqual(
    Object.keys(limits).toSorted(),
  );
});
