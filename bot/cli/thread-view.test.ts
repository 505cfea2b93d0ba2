import { expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { cardLines, pressable } from './print-card.ts';
import { newsOf, outcomesIn, threadNamed } from './thread-view.ts';

const reader = { url: 'http://localhost:1', now: Date.parse('2026-01-01T00:01:00Z') };

const card = (more: Partial<Card>): Card => ({
  key: 'status:1',
  tone: 'progress',
  title: [{ kind: 'task', number: 7 }, ' Test · ', { kind: 'bold', text: 'Running' }],
  summary: 'It runs.',
  blocks: [],
  ...more,
});

const running = card({
  blocks: [
    {
      kind: 'plan',
      steps: [{ state: 'running', title: 'Build', detail: [{ kind: 'elapsed', since: '2026-01-01T00:00:00Z' }] }],
    },
    { kind: 'actions', actions: [{ at: '2026-01-01T00:00:30Z', text: ['Running make'] }] },
    {
      kind: 'buttons',
      buttons: [
        { label: 'Pause', action: 'pause:1' },
        { label: 'Details', href: '/tasks/7/log', action: 'details:7' },
      ],
    },
  ],
});

it('a card is told in aligned lines, its paths as addresses, and nothing in it moves the cursor', () => {
  const told = cardLines(
    card({
      title: ['Bad \u001b[2Jtitle'],
      blocks: [
        {
          kind: 'fields',
          fields: [
            { label: 'Project', value: ['api'] },
            { label: 'Works on', value: ['all'] },
          ],
        },
        { kind: 'code', label: 'It runs', text: 'rm \u001b]0;x\u0007-rf\nbuild' },
        { kind: 'list', items: [['one ', { kind: 'link', text: 'page', href: '/library' }]] },
        {
          kind: 'files',
          files: [
            { outputId: '1', name: 'a.pdf', mediaType: 'application/pdf', size: 1500, version: 2, href: '/files/1' },
          ],
        },
        { kind: 'changes', files: [{ path: 'a.ts', status: 'modified', added: 2, removed: 1 }], more: 3 },
        { kind: 'quote', from: 'ana', text: 'one\ntwo' },
      ],
    }),
    reader,
  );
  expect(told).toEqual([
    'Bad title',
    '  Project   api',
    '  Works on  all',
    '  It runs:',
    '    rm -rf',
    '    build',
    '  - one page (http://localhost:1/library)',
    '  a.pdf  1.5 kB, version 2  http://localhost:1/files/1',
    '  modified a.ts  +2 −1',
    '  and 3 more',
    '  ana:',
    '  > one',
    '  > two',
  ]);
});

it('what can be pressed is told apart from what leads to a page', () => {
  expect(pressable(running).map(({ label }) => label)).toEqual(['Pause']);
  expect(cardLines(running, reader)).toContain('  Details:  http://localhost:1/tasks/7/log');
});

it('a status that changes tells only what is new, and time that passes is nothing new', () => {
  expect(newsOf(running, running, { ...reader, now: reader.now + 5000 })).toEqual([]);
  const next = card({
    title: [{ kind: 'task', number: 7 }, ' Test · ', { kind: 'bold', text: 'Completed' }],
    blocks: [
      { kind: 'plan', steps: [{ state: 'done', title: 'Build', detail: ['took 2 s'] }] },
      {
        kind: 'actions',
        actions: [
          { at: '2026-01-01T00:00:30Z', text: ['Running make'] },
          { at: '2026-01-01T00:00:32Z', text: ['Checked'] },
        ],
      },
    ],
  });
  expect(newsOf(running, next, reader)).toEqual(['#7 Test · Completed', '  ✓ Build (took 2 s)', '  Checked']);
});

const seen = (...cards: readonly (Partial<Card> & { cursor: string })[]) =>
  new Map(cards.map(({ cursor, ...more }, index) => [String(index), { cursor, card: card(more) } as ChatMessage]));

it('a task has ended when a card of its newest round says so', () => {
  expect([...outcomesIn(seen({ cursor: '1' }))]).toEqual([[7, undefined]]);
  const first = { key: 'report:1', outcome: 'failed', cursor: '5' } as const;
  expect(outcomesIn(seen({ cursor: '1' }, first)).get(7)).toBe('failed');
  expect(outcomesIn(seen({ cursor: '1' }, first, { key: 'status:2', cursor: '6' })).get(7)).toBeUndefined();
  const again = { key: 'report:2', outcome: 'completed', cursor: '9' } as const;
  expect(outcomesIn(seen({ cursor: '1' }, again, { key: 'status:2', cursor: '6' }, first)).get(7)).toBe('completed');
});

it('an end that was told before is no end of what was begun since', () => {
  expect(outcomesIn(seen({ cursor: '3', outcome: 'cancelled' }), 3n).get(7)).toBeUndefined();
  expect(outcomesIn(seen({ cursor: '4', outcome: 'cancelled' }), 3n).get(7)).toBe('cancelled');
});

it('an answer leads to the thread of the one task that it links to', () => {
  const link = (number: number) => ({ kind: 'task', number, href: `/c/general/${number}` }) as const;
  expect(threadNamed(card({ blocks: [{ kind: 'text', text: ['There: ', link(3)] }] }))).toEqual({
    number: 3,
    href: '/c/general/3',
  });
  expect(threadNamed(card({ blocks: [{ kind: 'text', text: [link(3), link(4)] }] }))).toBeUndefined();
});
