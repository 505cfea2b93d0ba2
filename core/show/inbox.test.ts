import { describe, expect, it } from 'vitest';
import { plainLines } from '#core/chat/plain-card.ts';
import { answeredTogether, foldRows, type InboxRow, isUrgent, showInbox, type Together } from './inbox.ts';

const row: InboxRow = {
  kind: 'approval',
  number: 1,
  title: 'Release',
  project: 'demo',
  text: 'it tags',
  askedAt: '2026-05-03T12:00',
};
const together = (id: string): Together => ({ kind: 'approval', id, hash: 'h', options: [] });
const same = (number: number, more: Partial<InboxRow> = {}): InboxRow => ({
  ...row,
  number,
  same: 'alike',
  together: together(`id-${number}`),
  ...more,
});

describe('what waits for people', () => {
  it('is one line for all that ask the same, with a link to each and one answer', () => {
    const lines = foldRows([same(3), same(1), { ...row, number: 2 }], 'oldest');
    expect(lines.map((rows) => rows.map(({ number }) => number))).toEqual([[3, 1], [2]]);
    const card = showInbox({ lines, bound: new Map([['id-3', 'digest']]) });
    expect(plainLines(card).join('\n')).toContain('2 tasks ask: #3, #1 · Approval in demo: it tags');
    const buttons = card.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
    expect(buttons.map(({ label, action }) => [label, action])).toEqual([
      ['Approve (all 2)', 'together:id-3:0-digest'],
      ['Deny (all 2)', 'together:id-3:1-digest'],
    ]);
  });

  it('has no common answer when one of them must be answered by itself, or is alone', () => {
    const [mixed] = foldRows([same(1), same(2, { together: undefined })], 'oldest');
    const [alone] = foldRows([same(1)], 'oldest');
    expect([mixed && answeredTogether(mixed), alone && answeredTogether(alone)]).toEqual([[], []]);
  });

  it('urgent: what ends first, then what has the higher priority, then what waits longest', () => {
    const ends = (number: number, until: string) => ({ ...row, number, until });
    const rows = [
      { ...row, number: 1, priority: 50 },
      { ...row, number: 2, priority: 10, askedAt: '2026-05-03T13:00' },
      ends(3, '2026-05-03T15:00'),
      ends(4, '2026-05-03T14:00'),
      { ...row, number: 5, priority: 50, askedAt: '2026-05-03T11:00' },
    ];
    expect(foldRows(rows, 'soonest').map(([first]) => first.number)).toEqual([4, 3, 2, 5, 1]);
    const now = '2026-05-02T16:00';
    expect(rows.filter((each) => isUrgent(each, now)).map(({ number }) => number)).toEqual([2, 3, 4]);
    expect(isUrgent(ends(6, '2026-05-03T16:00'), now)).toBe(false);
    expect(foldRows(rows, 'oldest').map(([first]) => first.number)[0]).toBe(5);
  });
});
