import { expect, it } from 'vitest';
import { begin, receivedWithCheck } from '#core/task/testing.ts';
import { show } from './task.ts';
import { wordsOf } from './testing.ts';
import { namedTasks, withoutNames } from './unnamed-tasks.ts';

it('does not name the private tasks that a task waits for, and names the others', () => {
  const { state } = begin(receivedWithCheck({ after: [41, 4] }));
  const because = { ...state.because, text: 'Waiting for #41, #4 to complete', awaited: '#41, #4' };
  const waiting = { ...state, because };
  expect([...namedTasks(waiting)].toSorted()).toEqual([4, 41]);
  const words = show(withoutNames(waiting, new Set([41])))
    .map(wordsOf)
    .join(' ');
  expect(words).not.toContain('#41');
  expect(words).toContain('Waiting for a private task, #4 to complete');
  expect(withoutNames(waiting, new Set())).toBe(waiting);
});
