import { describe, expect, it } from 'vitest';
import type { TaskEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { begin, plannedStep, received } from './testing.ts';
import { whoHears } from './who-hears.ts';

const ask = (options: readonly { value: string; label: string }[]): TaskEvent => ({
  type: 'question.asked',
  questionId: 'q1',
  text: 'Which colour?',
  options,
  about: { kind: 'agent', stepId: 's1' },
});

const steerable = plannedStep('s1', { steerable: true });
const colours = ['blue', 'red'].map((value) => ({ value, label: value }));

function task(number: number, ...events: readonly TaskEvent[]) {
  const { state } = begin(received({ number, steps: [steerable] }));
  return events.reduce((before, event) => evolve(before, { at: '2026-05-03T12:00:00Z', event }), state);
}

describe('who hears what is said in a thread where several tasks are under way', () => {
  it.each([
    ['use tabs', [], 13, 'use tabs', [12]],
    ['#12: use tabs', [], 12, 'use tabs', []],
    ['#12, btw: how far?', [], 12, 'btw: how far?', []],
    ['#13: use tabs', [], 13, 'use tabs', []],
    ['#99: is an issue', [], 13, '#99: is an issue', [12]],
    ['#12 is broken', [], 13, '#12 is broken', [12]],
    ['blue', [ask(colours)], 12, 'blue', []],
    ['use tabs', [ask(colours)], 13, 'use tabs', [12]],
    ['queue: blue', [ask(colours)], 13, 'queue: blue', [12]],
    ['blue', [ask([])], 13, 'blue', [12]],
  ] as const)('“%s”', (words, events, number, text, others) => {
    const heard = whoHears([task(13), task(12, ...events)], words);
    expect({ number: heard?.task.number, text: heard?.text }).toEqual({ number, text });
    expect(heard?.others.map((each) => each.number)).toEqual(others);
  });

  it('is nobody where none is', () => {
    expect(whoHears([], 'use tabs')).toBeUndefined();
  });
});
