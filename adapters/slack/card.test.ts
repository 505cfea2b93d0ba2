import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, Card, Tone } from '#core/chat/card.ts';
import { linkWith } from '#core/chat/link.ts';
import { checkBlocks } from '#tests/slack-server/blocks/check.ts';
import { pingsOf, risksOf, textsOf } from '#tests/slack-server/blocks/texts.ts';
import { drawCard, wholeCard } from './card.ts';
import { blockLimit, messageTextLimit } from './limits.ts';

const options = { linkTo: linkWith('https://commander.example'), style: 'newer' } as const;
const hostile = fc.constantFrom(
  '<!channel>',
  '<@U1>',
  '<!subteam^S1>',
  '<https://evil.example|safe>',
  '```',
  '&lt;',
  '@here',
  '[safe](https://evil.example)',
  '# Heading',
  '- [x](https://evil.example)\n---\n',
);
const words = fc.oneof(fc.string({ maxLength: 4000 }), hostile);
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: fc.array(words, { maxLength: 2 }) }),
  fc.record({ kind: fc.constant('context' as const), text: fc.array(words, { maxLength: 2 }) }),
  fc.record({ kind: fc.constant('code' as const), text: words }),
  fc.record({ kind: fc.constant('quote' as const), from: words, text: words }),
  fc.record({
    kind: fc.constant('quote' as const),
    from: words,
    text: fc.array(words, { maxLength: 5 }).map((all) => all.join('\n')),
    written: fc.constant('markdown' as const),
  }),
  fc.record({
    kind: fc.constant('plan' as const),
    steps: fc.array(
      fc.record({ state: fc.constantFrom('pending' as const, 'running' as const, 'done' as const), title: words }),
      { minLength: 1, maxLength: 5 },
    ),
  }),
  fc.record({
    kind: fc.constant('list' as const),
    items: fc.array(fc.array(words, { maxLength: 2 }), { maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('buttons' as const),
    buttons: fc
      .uniqueArray(fc.stringMatching(/^[a-z]{1,40}$/), { minLength: 1, maxLength: 6 })
      .chain((actions) =>
        fc.tuple(...actions.map((action) => fc.record({ label: words, action: fc.constant(action) }))),
      ),
  }),
);

const tone = fc.constantFrom<Tone>('neutral', 'progress', 'waiting', 'success', 'warning', 'danger');

function card(blocks: readonly Block[], title = 'Title'): Card {
  return { key: 'k', tone: 'neutral', title: [title], blocks, summary: title };
}

/** The first row of buttons only: action ids are unique within a card of ours. */
function oneRow(blocks: readonly Block[]): readonly Block[] {
  const row = blocks.find(({ kind }) => kind === 'buttons');
  return [...blocks.filter(({ kind }) => kind !== 'buttons'), ...(row === undefined ? [] : [row])];
}

/** The code that blocks show, joined. */
function shownTexts(blocks: readonly unknown[]): string {
  return blocks
    .flatMap(
      (each) =>
        (each as { elements?: readonly { type: string; elements: readonly { text: string }[] }[] }).elements ?? [],
    )
    .flatMap(({ type, elements }) => (type === 'rich_text_preformatted' ? elements.map(({ text }) => text) : []))
    .join('');
}

it.each([
  ['warning', 'alert'],
  ['danger', 'alert'],
  ['success', 'header'],
  ['progress', 'header'],
] as const)(
  'a card of the tone %s begins with the block %s; a plan is a plan, and what is said aside a context',
  (of, first) => {
    const plan = { kind: 'plan', steps: [{ state: 'done', title: 'Tests' }] } as const;
    const drawn = drawCard({ ...card([plan, { kind: 'context', text: ['aside'] }]), tone: of }, options).blocks;
    expect(drawn.map(({ type }) => type)).toEqual([first, 'plan', 'context']);
  },
);

it('a plan’s steps have Slack’s own states', () => {
  const states = ['pending', 'running', 'waiting', 'done', 'failed', 'skipped'] as const;
  const detail = [
    { kind: 'link', text: 'since', href: '/tasks/1' },
    { kind: 'elapsed', since: '2026-01-01T00:00:00Z' },
  ] as const;
  const steps = states.map((state) => ({ state, title: state, detail }));
  const [, plan] = drawCard(card([{ kind: 'plan', steps }]), options).blocks;
  const tasks = (plan as unknown as { tasks: readonly { status: string }[] }).tasks;
  const shown = ['pending', 'in_progress', 'in_progress', 'complete', 'error', 'pending'];
  expect(tasks.map(({ status }) => status)).toEqual(shown);
  expect(plan).toMatchObject({ title: 'Plan: 1 of 6 done, 1 skipped' });
  // What is true of a step is its details, what came of it its output.
  const fields = ['details', 'details', 'details', 'output', 'output', 'details'];
  expect(tasks.map((task) => Object.keys(task).filter((key) => fields.includes(key)))).toEqual(
    fields.map((key) => [key]),
  );
  const [link] = (tasks[1] as unknown as { details: { elements: readonly { elements: readonly unknown[] }[] } }).details
    .elements;
  expect(link?.elements).toMatchObject([
    { type: 'link', url: 'https://commander.example/tasks/1', text: 'since' },
    { type: 'date' },
  ]);
});

it('what an agent wrote in Markdown stands between two lines, its code as structure; a workspace that takes no such block gets a quotation', () => {
  const text = '# Done\n\n| a | b |\n| --- | --- |\n\n```\n<!here>\n```';
  const said = { kind: 'quote', from: 'Claude', text, written: 'markdown' } as const;
  const kinds = (shown: Block, style: 'newer' | 'classic') =>
    drawCard(card([shown, { kind: 'text', text: ['next'] }]), { ...options, style }).blocks.map(({ type }) => type);
  const framed = ['header', 'divider', 'rich_text', 'markdown', 'rich_text', 'divider', 'rich_text'];
  expect(kinds(said, 'newer')).toEqual(framed);
  const quoted = ['header', 'rich_text', 'rich_text'];
  expect(kinds(said, 'classic')).toEqual(quoted);
  expect(kinds({ ...said, text: 'All is well.' }, 'newer')).toEqual(quoted);
  expect(kinds({ kind: 'quote', from: 'ana', text }, 'newer')).toEqual(quoted);
});

it('what is read out is all that a card says, once, beginning with what a notification says', () => {
  const blocks: readonly Block[] = [
    { kind: 'plan', steps: [{ state: 'failed', title: 'Tests', detail: ['took 4 s'] }] },
    { kind: 'quote', from: 'Claude', text: 'All done.' },
    { kind: 'context', text: ['Asked by ana.'] },
  ];
  const shown = { ...card(blocks, 'Release'), summary: 'Release has failed.' };
  const lines = ['Release has failed.', 'Tests (failed): took 4 s', 'Claude: All done.', 'Asked by ana.'];
  expect(wholeCard(shown).split('\n')).toEqual(lines);
});

describe('a card as blocks', () => {
  it('is taken by Slack, whatever it shows', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), words, tone, (blocks, title, how) => {
        const { blocks: drawn } = drawCard({ ...card(oneRow(blocks), title), tone: how }, options);
        expect(() => checkBlocks(JSON.parse(JSON.stringify(drawn)), 'message', '/blocks')).not.toThrow();
        expect(drawn.length).toBeLessThanOrEqual(blockLimit);
      }),
    );
  });

  it('has a plain form that fits and in which nothing pings or links', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), words, (blocks, title) => {
        const text = wholeCard(card(blocks, title));
        expect(text).not.toMatch(/[<>]/);
        expect(text.length).toBeLessThan(messageTextLimit);
      }),
    );
  });

  it('pings nobody and links nowhere, whatever foreign text says', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), words, tone, (blocks, title, how) => {
        const shown = { ...card(oneRow(blocks), title), tone: how };
        const { blocks: drawn } = drawCard(shown, options);
        expect(pingsOf(wholeCard(shown), drawn)).toEqual([]);
        expect(JSON.stringify(drawn)).not.toMatch(/"type":"(link|user|usergroup|broadcast|channel|emoji)"/);
        // Nothing is markup, and what is Markdown only formats.
        for (const { text, reading } of textsOf(drawn)) {
          expect(reading).not.toBe('markup');
          if (reading === 'markdown') expect(risksOf(text)).toEqual([]);
        }
      }),
    );
  });

  it('shows long code whole, in parts, or says that it is in a file', () => {
    const text = Array.from({ length: 700 }, (_, line) => `line ${line}`).join('\n');
    const code: Block = { kind: 'code', label: 'The command', text };
    const { blocks: drawn, left } = drawCard(card([code]), options);
    expect(left).toEqual([]);
    expect(shownTexts(drawn)).toContain(text);
    const longer = { ...code, text: `${text}\n${text}` };
    const cutOff = drawCard(card([longer]), options);
    expect(cutOff.left).toEqual([{ label: 'The command', text: longer.text }]);
    expect(JSON.stringify(cutOff.blocks)).toContain('in the file');
    // What changes all the time gets no file each time.
    const underWay = drawCard({ ...card([longer]), tone: 'progress' }, options);
    expect(underWay.left).toEqual([]);
    expect(JSON.stringify(underWay.blocks)).toContain('There is more: see Details');
  });

  it('leads to a page where people can open it, and acts where not', () => {
    const details: Block = {
      kind: 'buttons',
      buttons: [{ label: 'Details', href: '/tasks/1/log', action: 'details:1' }],
    };
    const drawn = (address?: string) =>
      drawCard(card([details]), { ...options, linkTo: linkWith(address) }).blocks.at(-1);
    const url = 'https://commander.example/tasks/1/log';
    expect(drawn('https://commander.example')).toMatchObject({ elements: [{ url, action_id: 'open:/tasks/1/log' }] });
    expect(drawn()).toMatchObject({ elements: [{ action_id: 'details:1' }] });
    expect(JSON.stringify(drawn())).not.toContain('url');
  });

  it('says so when something did not fit, and keeps the buttons', () => {
    const long: Block = { kind: 'list', items: Array.from({ length: 5 }, () => ['x'.repeat(2900)]) };
    const { blocks: drawn } = drawCard(
      card([long, { kind: 'buttons', buttons: [{ label: 'Go', action: 'go' }] }]),
      options,
    );
    expect(JSON.stringify(drawn)).toContain('There is more');
    expect(drawn.at(-1)).toMatchObject({ type: 'actions' });
  });
});
