import { describe, expect, it } from 'vitest';
import { answerFromText } from './answer-text.ts';
import { ana, begin, bo, cy, idOf, plannedStep, received, type TaskStory } from './testing.ts';

function underWay(steerable: boolean): TaskStory {
  const steps = [plannedStep('s1', steerable ? { steerable: true } : {})];
  const told = begin(received({ steps }));
  told.happens({ type: 'queue' });
  told.start();
  return told;
}

const say = (kind: 'steer' | 'queued' | 'aside', text: string, id = 1) =>
  ({ type: 'say', noteId: idOf(id), kind, text }) as const;

describe('words to a task that is under way', () => {
  it('reach the run that takes words, once, however often they are delivered', () => {
    const told = underWay(true);
    told.happens(say('steer', 'use tabs'), ana);
    told.happens(say('steer', 'use tabs'), ana);
    expect(told.state.notes).toMatchObject([
      { text: 'use tabs', kind: 'steer', status: 'waiting', by: { name: 'ana' } },
    ]);
    told.report({ type: 'note-taken', noteId: idOf(1) });
    expect(told.state.notes).toMatchObject([{ status: 'taken' }]);
    const again = { type: 'note-taken', noteId: idOf(1) } as const;
    expect(told.refused({ type: 'report', runId: told.state.run?.id ?? '', report: again })).toBe('not_now');
  });

  it('are declined once by fixed steps, and never again', () => {
    const told = underWay(false);
    expect(told.happens(say('steer', 'use tabs'), ana).notesDeclined).toBe(true);
    const events = told.events.length;
    told.happens(say('steer', 'really', 2), ana);
    expect(told.events).toHaveLength(events);
    expect(told.state.notes).toEqual([]);
  });

  it('wait for the end when they are queued, and are asked then', () => {
    const told = underWay(false);
    told.happens(say('queued', 'report as PDF'), ana);
    told.report({ type: 'step-started', stepId: 's1' });
    told.report({ type: 'step-finished', stepId: 's1' });
    told.report({ type: 'finished' });
    expect(told.state.status).toBe('completed');
    expect(told.events.at(-1)?.event).toEqual({ type: 'note.taken', noteId: idOf(1), as: 'request' });
  });

  it('are dropped with the task when somebody cancels it', () => {
    const told = underWay(true);
    told.happens(say('queued', 'report as PDF'), ana);
    told.happens(say('steer', 'use tabs', 2), ana);
    told.happens({ type: 'cancel' }, ana);
    told.report({ type: 'stopped' });
    expect(told.state.status).toBe('cancelled');
    expect(told.state.notes.map(({ status }) => status)).toEqual(['dropped', 'dropped']);
  });

  it('follow their message while they wait, and only their author changes them', () => {
    const told = underWay(false);
    told.happens(say('queued', 'report as PDF'), ana);
    const change = { type: 'change-note', noteId: idOf(1), text: 'report as HTML' } as const;
    expect(told.refused(change, bo)).toBe('not_allowed');
    expect(told.happens(change, ana).notes).toMatchObject([{ text: 'report as HTML' }]);
    told.happens({ type: 'drop-note', noteId: idOf(1) }, ana);
    expect(told.refused(change, ana)).toBe('already_decided');
  });

  it('of somebody who may not steer are refused', () => {
    expect(underWay(true).refused(say('steer', 'use tabs'), cy)).toBe('not_allowed');
  });

  it('are bounded in number', () => {
    const told = underWay(true);
    for (let id = 1; id <= 20; id += 1) told.happens(say('queued', `thing ${id}`, id), ana);
    expect(told.refused(say('queued', 'one more', 21), ana)).toBe('not_now');
    expect(told.state.notes).toHaveLength(20);
  });
});

describe('an answer in words', () => {
  const options = [
    { value: 'again', label: 'Run it again' },
    { value: 'skip', label: 'It was done: go on' },
    { value: 'cancel', label: 'Cancel the task' },
  ];

  it.each([
    ['again', 'again'],
    ['Run it again!', 'again'],
    ['2', 'skip'],
    ['  it was done ', 'skip'],
    ['CANCEL.', 'cancel'],
    ['perhaps', undefined],
    ['', undefined],
  ])('“%s” is taken for %s', (text, value) => expect(answerFromText({ options }, text)).toBe(value));

  it('is taken as it is where there are no options', () => {
    expect(answerFromText({ options: [] }, ' the blue one ')).toBe('the blue one');
  });
});
