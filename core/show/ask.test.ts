import { expect, it } from 'vitest';
import { idOf } from '#core/task/testing.ts';
import type { Ask } from '#core/understand/ask.ts';
import { settledWords, showAsk } from './ask.ts';
import { buttonsOf, wordsOf } from './testing.ts';

const message = { id: idOf(7), from: 'ana' };
const plain = { part: 2, text: 'release it', card: 0, answers: [] };

it('offers places as buttons, two rows of five, and names the others', () => {
  const choices = Array.from({ length: 12 }, (_, index) => ({ projectId: `p${index}`, label: `project ${index}` }));
  const card = showAsk(message, { ...plain, wanted: { kind: 'place', choices } }, 'professional');
  expect(card.blocks.flatMap((block) => (block.kind === 'buttons' ? [block.buttons.length] : []))).toEqual([5, 5]);
  expect(buttonsOf(card)[6]).toEqual({ label: 'project 6', action: `choose:${idOf(7)}:2-6` });
  expect(wordsOf(card)).toContain('project 11');
});

const needsVersion: Ask = {
  ...plain,
  answers: ['bo chose shop'],
  wanted: {
    kind: 'inputs',
    project: { id: 'p', name: 'shop' },
    runbook: { id: 'release', name: 'Release' },
    given: {},
    problems: { version: '“version” is needed (three numbers)' },
  },
};

it('says what is needed, and how to answer by a form or in words', () => {
  const card = showAsk(message, needsVersion, 'professional');
  expect(card.tone).toBe('waiting');
  expect(wordsOf(card)).toContain('“version” is needed (three numbers).');
  expect(wordsOf(card)).toContain('bo chose shop.');
  expect(wordsOf(card)).toContain('just the version, or version=…. Nothing was started yet.');
  expect(buttonsOf(card)).toEqual([{ label: 'Fill in', style: 'primary', action: `fill:${idOf(7)}:2` }]);
});

it('that is answered has no button any more, and names who answered what, and the task', () => {
  const card = showAsk(message, { ...needsVersion, taskNumber: 12 }, 'professional');
  expect(wordsOf(card)).toContain('It is #12.');
  expect(wordsOf(card)).toContain('bo chose shop.');
  expect(buttonsOf(card)).toEqual([]);
});

const limit = { from: '2026-01-02T10:00:00.000Z', until: '2026-01-02T11:00:00.000Z' };
const timesIn = (card: ReturnType<typeof showAsk>) =>
  card.blocks.flatMap((block) =>
    block.kind === 'text' || block.kind === 'context'
      ? block.text.filter((each) => typeof each === 'object' && each.kind === 'time')
      : [],
  );

it('says until when it is waited for, and that nothing is started then', () => {
  const card = showAsk(message, { ...needsVersion, limit }, 'professional');
  expect(wordsOf(card)).toMatch(/Nothing was started yet\. If nobody answers by .+, nothing is started\./);
  expect(timesIn(card)).toEqual([{ kind: 'time', at: limit.until }]);
  const anew = showAsk(message, { ...needsVersion, limit: { ...limit, again: true } }, 'professional');
  expect(wordsOf(anew)).toContain('Commander was away when the time was over, so there is more. If nobody');
});

it('that nobody answered has no button any more: nothing was started, and how to go on', () => {
  const ended = { ...needsVersion, limit, endedAt: '2026-01-02T11:00:00.400Z' };
  const card = showAsk(message, ended, 'professional');
  expect(wordsOf(card)).toMatch(/Nobody answered by .+: nothing was started\./);
  expect(wordsOf(card)).toContain('say it again: “release it”');
  expect(timesIn(card)).toEqual([{ kind: 'time', at: limit.until }]);
  expect(buttonsOf(card)).toEqual([]);
  expect(settledWords(ended)).toBe(
    'Nobody answered in time, so nothing was started. To have it done after all, say it again: “release it”.',
  );
});
