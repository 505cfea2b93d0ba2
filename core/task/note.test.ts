import { describe, expect, it } from 'vitest';
import { answerFromText } from './answer-text.ts';
import { filesHeard } from './said-files.ts';
import { ana, begin, bo, cy, idOf, plannedStep, received, type TaskStory } from './testing.ts';

function underWay(steerable: boolean): TaskStory {
  const steps = [plannedStep('s1', steerable ? { steerable: true } : {})];
  const told = begin(received({ steps }));
  told.happens({ type: 'queue' });
  told.start();
  return told;
}

function refusedAsTaken(told: TaskStory, revision: number, id = 1): string {
  const report = { type: 'note-taken', noteId: idOf(id), revision } as const;
  return told.refused({ type: 'report', runId: told.state.run?.id ?? '', report });
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
    told.report({ type: 'note-taken', noteId: idOf(1), revision: 0 });
    expect(told.state.notes).toMatchObject([{ status: 'taken' }]);
    expect(refusedAsTaken(told, 0)).toBe('not_now');
  });

  it('count as taken up only in the words that the run has heard', () => {
    const told = underWay(true);
    told.happens(say('steer', 'use tabs'), ana);
    told.happens({ type: 'change-note', noteId: idOf(1), text: 'use spaces' }, ana);
    told.happens({ type: 'change-note', noteId: idOf(1), text: 'use tabs' }, ana);
    expect([0, 1].map((revision) => refusedAsTaken(told, revision))).toEqual(['not_now', 'not_now']);
    expect(told.state.notes).toMatchObject([{ text: 'use tabs', status: 'waiting' }]);
    told.report({ type: 'note-taken', noteId: idOf(1), revision: 2 });
    expect(told.state.notes).toMatchObject([{ text: 'use tabs', status: 'taken' }]);
  });

  it('that were heard before they were taken back count as heard, an answer to them is wanted no more', () => {
    const told = underWay(true);
    told.happens(say('steer', 'use tabs'), ana);
    told.happens(say('aside', 'which file?', 2), ana);
    for (const noteId of [idOf(1), idOf(2)]) told.happens({ type: 'drop-note', noteId }, ana);
    expect(refusedAsTaken(told, 1)).toBe('not_now');
    expect(refusedAsTaken(told, 0, 2)).toBe('not_now');
    told.report({ type: 'note-taken', noteId: idOf(1), revision: 0 });
    expect(told.state.notes.map(({ status }) => status)).toEqual(['taken', 'dropped']);
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

  it('keep their files, of which those that the work was given are never forgotten, and which are bounded too', () => {
    const told = underWay(true);
    const files = Array.from({ length: 60 }, (_, n) => ({
      name: `${n}.png`,
      mediaType: 'image/png',
      size: 1,
      sha256: 'f',
    }));
    told.happens({ ...say('steer', 'like these'), files }, ana);
    expect(told.refused({ ...say('steer', 'and these', 2), files }, ana)).toBe('not_now');
    told.report({ type: 'note-taken', noteId: idOf(1), revision: 0 });
    for (let id = 2; id <= 25; id += 1) {
      told.happens(say('steer', `thing ${id}`, id), ana);
      told.report({ type: 'note-taken', noteId: idOf(id), revision: 0 });
    }
    expect(filesHeard(told.state)).toMatchObject([{ id: idOf(1), files }]);
    expect(told.state.notes).toHaveLength(21);
  });

  it('are taken for what they are marked as when they are changed', () => {
    const told = underWay(true);
    told.happens(say('queued', 'use tabs'), ana);
    const change = { type: 'change-note', noteId: idOf(1), text: 'use tabs' } as const;
    expect(told.happens({ ...change, kind: 'steer' }, ana).notes).toMatchObject([{ kind: 'steer', text: 'use tabs' }]);
    const events = told.events.length;
    told.happens({ ...change, kind: 'steer' }, ana);
    expect(told.events).toHaveLength(events);
    const fixed = underWay(false);
    fixed.happens(say('queued', 'use tabs'), ana);
    expect(fixed.happens({ ...change, kind: 'steer' }, ana)).toMatchObject({
      notesDeclined: true,
      notes: [{ status: 'dropped', reason: expect.stringContaining('can not be steered') }],
    });
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

  it('is the names of files where nothing else was said and words are taken', () => {
    const review = { options, about: { kind: 'review', stepId: 's' } } as const;
    expect(answerFromText(review, ' ', ['a.png', 'b.png'])).toBe('a.png and b.png');
    expect(answerFromText(review, '2', ['a.png'])).toBe('skip');
    expect(answerFromText({ options }, '', ['a.png'])).toBeUndefined();
  });

  it('is taken as it is where there are no options', () => {
    expect(answerFromText({ options: [] }, ' the blue one ')).toBe('the blue one');
  });
});
