import { expect, it } from 'vitest';
import { idOf } from '#core/task/testing.ts';
import type { Ask } from '#core/understand/ask.ts';
import { showAsk } from './ask.ts';
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
