import { describe, expect, test } from 'vitest';
import { Refusal } from '../api/refusal.ts';
import { checkBlocks, mostBlockText, mostMarkdown } from './check.ts';
import { checkView } from './view.ts';

const letters = (count: number): string => 'x'.repeat(count);
const plain = (count: number) => ({ type: 'plain_text', text: letters(count) });
const many = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));
const button = (more: object = {}) => ({ type: 'button', text: plain(1), ...more });
const actions = (...elements: object[]) => [{ type: 'actions', elements }];
const option = (value = 'v') => ({ text: plain(1), value });
const menu = (more: object) => actions({ type: 'static_select', options: [option()], ...more });
const dialog = (more: object) => actions(button({ confirm: { text: plain(1), ...more } }));

/** Limits of a message's blocks: what is shown with `count` of something, and the most that Slack takes. */
const limits: ReadonlyArray<readonly [string, number, (count: number) => unknown[]]> = [
  ['blocks of a message', 50, (count) => many(count, () => ({ type: 'divider' }))],
  ['section text', 3000, (count) => [{ type: 'section', text: { type: 'mrkdwn', text: letters(count) } }]],
  ['field', 2000, (count) => [{ type: 'section', fields: [plain(count)] }]],
  ['fields', 10, (count) => [{ type: 'section', fields: many(count, () => plain(1)) }]],
  ['header', 150, (count) => [{ type: 'header', text: plain(count) }]],
  ['context elements', 10, (count) => [{ type: 'context', elements: many(count, () => plain(1)) }]],
  ['actions elements', 25, (count) => actions(...many(count, () => button()))],
  ['markdown text', 12_000, (count) => [{ type: 'markdown', text: letters(count) }]],
  ['button text', 75, (count) => actions(button({ text: plain(count) }))],
  ['button value', 2000, (count) => actions(button({ value: letters(count) }))],
  ['button url', 3000, (count) => actions(button({ url: letters(count) }))],
  ['action_id', 255, (count) => actions(button({ action_id: letters(count) }))],
  ['block_id', 255, (count) => [{ type: 'divider', block_id: letters(count) }]],
  ['confirm title', 100, (count) => dialog({ title: plain(count) })],
  ['confirm text', 300, (count) => dialog({ text: plain(count) })],
  ['confirm button', 30, (count) => dialog({ confirm: plain(count) })],
  ['select options', 100, (count) => menu({ options: many(count, (index) => option(String(index))) })],
  ['option text', 75, (count) => menu({ options: [{ ...option(), text: plain(count) }] })],
  ['option value', 75, (count) => menu({ options: [option(letters(count))] })],
  ['placeholder', 150, (count) => menu({ placeholder: plain(count) })],
  ['overflow options', 5, (count) => actions({ type: 'overflow', options: many(count, () => option()) })],
  ['radio options', 10, (count) => actions({ type: 'radio_buttons', options: many(count, () => option()) })],
  ['table rows', 100, (count) => [{ type: 'table', rows: many(count, () => [{ type: 'raw_text', text: 'x' }]) }]],
  ['table cells', 20, (count) => [{ type: 'table', rows: [many(count, () => ({ type: 'raw_text', text: 'x' }))] }]],
  ['alert', 200, (count) => [{ type: 'alert', text: plain(count) }]],
  ['tasks of a plan', 50, (count) => [plan(many(count, task))]],
  ['address of a source', 3000, (count) => [plan([{ ...task(), sources: [source(count)] }])]],
  ['title of a card', 150, (count) => [{ type: 'card', title: marked(count) }]],
  ['subtitle of a card', 150, (count) => [{ type: 'card', body: marked(1), subtitle: marked(count) }]],
  ['body of a card', 200, (count) => [{ type: 'card', body: marked(count) }]],
  ['buttons of a card', 3, (count) => [{ type: 'card', actions: many(count, () => button()) }]],
  ['cards of a carousel', 10, (count) => [{ type: 'carousel', elements: many(count, () => ({ ...card })) }]],
  ['title of a container', 150, (count) => [container({ title: plain(count) })]],
  ['subtitle of a container', 150, (count) => [container({ subtitle: plain(count) })]],
  ['blocks of a container', 10, (count) => [container({ child_blocks: many(count, () => ({ type: 'divider' })) })]],
  ['rows of a data table', 101, (count) => [dataTable({ rows: many(count, () => [raw]) })]],
  ['cells of a data table', 20, (count) => [dataTable({ rows: many(2, () => many(count, () => raw)) })]],
  ['rows of a page', 100, (count) => [dataTable({ page_size: count })]],
  ['context actions', 5, (count) => [{ type: 'context_actions', elements: many(count, icon) }]],
  ['description of a picture', 2000, (count) => [{ type: 'image', image_url: address, alt_text: letters(count) }]],
  ['description of a video', 2000, (count) => [video({ alt_text: letters(count) })]],
  ['author of a video', 49, (count) => [video({ author_name: letters(count) })]],
  ['label that is read out', 75, (count) => actions(button({ accessibility_label: letters(count) }))],
  ['text of all blocks', mostBlockText, spread],
  ['bytes of all blocks', mostBlockText, (count) => [plan([{ ...task(), title: bytes(count - 4) }])]],
  ['details count twice', mostBlockText, twice],
];

const marked = (count: number) => ({ type: 'mrkdwn', text: letters(count) });
const raw = { type: 'raw_text', text: 'x' };
const address = 'https://example.org/';
const card = { type: 'card', body: marked(1) };
const task = (index = 0) => ({ type: 'task_card', task_id: `t${index}`, title: 'x', status: 'pending' });
const plan = (tasks: readonly object[]) => ({ type: 'plan', title: 'Plan', tasks });
const source = (count: number) => ({ type: 'url', url: letters(count), text: 'x' });
const icon = (index: number) => ({ type: 'icon_button', action_id: `i${index}`, icon: 'trash', text: plain(1) });
const container = (more: object) => ({
  type: 'container',
  title: plain(1),
  child_blocks: [{ type: 'divider' }],
  ...more,
});
const dataTable = (more: object) => ({ type: 'data_table', caption: 'x', rows: [[raw], [raw]], ...more });
const video = (more: object) => ({
  ...{ type: 'video', video_url: address, thumbnail_url: address, alt_text: 'x', title: plain(1) },
  ...more,
});

/** Text of so many bytes, mostly of characters of three. */
function bytes(count: number): string {
  return `${'語'.repeat(Math.floor(count / 3))}${letters(count % 3)}`;
}

/** A plan whose text counts so much: `Plan`, a title, and details that count twice. */
function twice(count: number): unknown[] {
  const details = Math.floor((count - 5) / 2);
  const rich = { type: 'rich_text_section', elements: [{ type: 'text', text: letters(details) }] };
  const title = letters(count - 4 - 2 * details);
  return [plan([{ ...task(), title, details: { type: 'rich_text', elements: [rich] } }])];
}

/** Sections of text that hold `count` characters together. */
function spread(count: number): unknown[] {
  const full = many(Math.floor(count / 3000), () => 3000);
  return [...full, count % 3000].map((length) => ({ type: 'section', text: plain(length) }));
}

function refusalOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe.each(limits)('%s: %i', (_what, most, blocks) => {
  test('one below passes, the limit passes, one above is refused', () => {
    expect(refusalOf(() => checkBlocks(blocks(most - 1), 'message'))).toBeUndefined();
    expect(refusalOf(() => checkBlocks(blocks(most), 'message'))).toBeUndefined();
    expect(refusalOf(() => checkBlocks(blocks(most + 1), 'message'))).toMatch(/^(invalid_blocks|msg_blocks_too_long)$/);
  });
});

test('markdown blocks count together', () => {
  const halves = (count: number) => [letters(6000), letters(count - 6000)].map((text) => ({ type: 'markdown', text }));
  expect(refusalOf(() => checkBlocks(halves(mostMarkdown), 'message'))).toBeUndefined();
  expect(refusalOf(() => checkBlocks(halves(mostMarkdown + 1), 'message'))).toBe('msg_blocks_too_long');
});

test.each([
  [
    'an unknown field',
    [{ type: 'divider', color: 'red' }],
    'invalid additional property: color [json-pointer:/blocks/0]',
  ],
  ['an unknown block', [{ type: 'marquee' }], 'unsupported type [json-pointer:/blocks/0/type]'],
  ['a file, which no app can send', [{ type: 'file' }], 'unsupported type [json-pointer:/blocks/0/type]'],
  [
    'a task card beside a plan',
    [
      { type: 'plan', title: 'x' },
      { type: 'task_card', task_id: '1', title: 'x', status: 'pending' },
    ],
    'plan and task_card blocks are mutually exclusive [json-pointer:/blocks]',
  ],
  ['the same task twice', [plan([task(), task()])], '`task_id` t0 already exists [json-pointer:/blocks/0]'],
  [
    'a container without a title',
    [container({ title: undefined })],
    'missing required field: title [json-pointer:/blocks/0]',
  ],
  [
    'rows of different lengths',
    [dataTable({ rows: [[raw], [raw, raw]] })],
    'all rows must have the same number of cells [json-pointer:/blocks/0]',
  ],
  ['a missing field', [{ type: 'header' }], 'missing required field: text [json-pointer:/blocks/0/text]'],
  [
    'too long a text',
    [{ type: 'header', text: plain(151) }],
    'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'empty text',
    [{ type: 'header', text: plain(0) }],
    'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
  ],
])('%s is refused, with its place', (_what, blocks, message) => {
  expect(() => checkBlocks(blocks, 'message')).toThrow(
    expect.objectContaining({
      details: { errors: [message], response_metadata: { messages: [`[ERROR] ${message}`] } },
    }),
  );
});

test('the same action_id twice in a block is refused, in two blocks it is fine', () => {
  const twice = button({ action_id: 'same' });
  expect(refusalOf(() => checkBlocks(actions(twice, twice), 'message'))).toBe('invalid_blocks');
  expect(refusalOf(() => checkBlocks([...actions(twice), ...actions(twice)], 'message'))).toBeUndefined();
});

test('the same block_id twice is refused, in nested blocks too', () => {
  const card = { type: 'task_card', block_id: 'same', task_id: '1', title: 'Build', status: 'pending' };
  expect(refusalOf(() => checkBlocks([{ type: 'plan', title: 'Plan', tasks: [card, card] }], 'message'))).toBe(
    'invalid_blocks',
  );
});

test('a plan with task cards, alerts and context pass; ids are given where there are none', () => {
  const rich = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'done' }] }],
  };
  const tasks = ['pending', 'in_progress', 'complete', 'error'].map((status) => ({
    type: 'task_card',
    task_id: status,
    title: status,
    status,
    details: rich,
    output: rich,
    sources: [{ type: 'url', url: 'https://example.org', text: 'source' }],
  }));
  const blocks = checkBlocks(
    [{ type: 'plan', title: 'Plan', tasks }, { type: 'alert', level: 'warning', text: plain(1) }, ...actions(button())],
    'message',
  );
  expect(blocks).toMatchObject([
    { block_id: expect.stringMatching(/./) },
    { block_id: expect.stringMatching(/./) },
    { block_id: expect.stringMatching(/./), elements: [{ action_id: expect.stringMatching(/./) }] },
  ]);
});

test.each([
  ['title', 24, (count: number) => ({ title: plain(count) })],
  ['submit', 24, (count: number) => ({ submit: plain(count) })],
  ['close', 24, (count: number) => ({ close: plain(count) })],
  ['private_metadata', 3000, (count: number) => ({ private_metadata: letters(count) })],
  ['callback_id', 255, (count: number) => ({ callback_id: letters(count) })],
  ['blocks', 100, (count: number) => ({ blocks: many(count, () => ({ type: 'divider' })) })],
] as const)('a modal takes %s up to %i', (_what, most, part) => {
  const modal = (count: number) => ({ type: 'modal', title: plain(1), blocks: [{ type: 'divider' }], ...part(count) });
  expect(refusalOf(() => checkView(modal(most), 'modal'))).toBeUndefined();
  expect(refusalOf(() => checkView(modal(most + 1), 'modal'))).toMatch(/^invalid_(arguments|blocks)$/);
});

test('a modal over 250 kB is refused', () => {
  const text = { type: 'mrkdwn', text: letters(2900) };
  const modal = { type: 'modal', title: plain(1), blocks: many(90, () => ({ type: 'section', text })) };
  expect(refusalOf(() => checkView(modal, 'modal'))).toBe('view_too_large');
});

test('a modal that asks needs a submit button, and markdown has no place in it', () => {
  const input = { type: 'input', label: plain(1), element: { type: 'plain_text_input', action_id: 'a' } };
  expect(refusalOf(() => checkView({ type: 'modal', title: plain(1), blocks: [input] }, 'modal'))).toBe(
    'invalid_arguments',
  );
  const markdown = { type: 'markdown', text: 'x' };
  expect(refusalOf(() => checkView({ type: 'modal', title: plain(1), blocks: [markdown] }, 'modal'))).toBe(
    'invalid_blocks',
  );
});
