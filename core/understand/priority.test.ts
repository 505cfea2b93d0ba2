import { expect, it } from 'vitest';
import { priorityOf } from './priority.ts';

it.each([
  [undefined, undefined, 50, undefined],
  [undefined, 20, 20, { value: 20, from: 'runbook' }],
  [10, undefined, 10, { value: 10, from: 'words' }],
  [10, 20, 10, { value: 10, from: 'words' }],
  [0, undefined, 0, { value: 0, from: 'words' }],
  // The usual one is worth a word where the runbook has another.
  [50, 20, 50, { value: 50, from: 'words' }],
  [50, undefined, 50, undefined],
])('said %s, declared %s: %s', (said, declared, priority, wanted) => {
  expect(priorityOf(said, declared)).toEqual({ priority, wanted: wanted === undefined ? {} : { priority: wanted } });
});
