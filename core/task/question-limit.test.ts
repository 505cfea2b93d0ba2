import { describe, expect, it } from 'vitest';
import { ana, begin, bo, plainUnderstanding, plannedStep, received, type TaskStory } from './testing.ts';

const agent = { id: 'stub', name: 'Stub', prompt: 'fix it' };
const stepId = 's1';
const options = [
  { value: '1', label: 'staging' },
  { value: '2', label: 'production' },
];

/** A task whose agent works; `answerWithin`: what its project says. */
function working(answerWithin?: number | 'never'): TaskStory {
  const understanding = { ...plainUnderstanding, ...(answerWithin === undefined ? {} : { answerWithin }) };
  const story = begin(received({ understanding, steps: [plannedStep(stepId, { agent, argv: [], steerable: true })] }));
  story.happens({ type: 'queue' });
  story.start();
  story.report({ type: 'step-started', stepId });
  return story;
}

function asks(story: TaskStory, more: { readonly otherwise?: string; readonly withinMs?: number } = {}): string {
  story.report({ type: 'asks-question', askId: 'q1', stepId, text: 'Where to?', options, ...more });
  return story.state.questions[0]?.limit?.until ?? '';
}

const due = { type: 'question-due', questionId: 'q1' } as const;
const answer = { type: 'answer', questionId: 'q1', answer: '2' } as const;

describe('a question with a stated default', () => {
  it('says an hour later what is taken, and the agent works on with it; nobody is named', () => {
    const story = working();
    const until = asks(story, { otherwise: 'staging' });
    expect(Date.parse(until) - Date.parse(story.state.questions[0]?.askedAt ?? '')).toBe(3_600_000);
    expect(story.state.because).toMatchObject({ until, next: 'If nobody answers in time, “staging” is taken.' });
    story.reaches(until);
    const after = story.happens(due);
    expect(after.questions[0]).toMatchObject({ status: 'timed-out', answer: 'staging', answeredAt: until });
    expect(after.questions[0]?.answeredBy).toBeUndefined();
    expect(after).toMatchObject({ status: 'running', steps: [{ status: 'running' }] });
    expect(after.actions.at(-1)?.text).toBe('Nobody answered in time: “staging” is taken');
  });

  it('without one lets the agent go on without an answer; parked, it is due again', () => {
    const story = working();
    const until = asks(story);
    story.report({ type: 'parked', stepId });
    story.reaches(until);
    expect(story.happens(due)).toMatchObject({
      status: 'queued',
      because: { text: 'Nobody answered in time; it goes on without an answer' },
      questions: [{ status: 'timed-out' }],
    });
  });

  it('waits as long as its project says, its agent within bounds, or for ever', () => {
    const waits = (story: TaskStory, withinMs?: number) =>
      Date.parse(asks(story, withinMs === undefined ? {} : { withinMs })) - Date.parse(story.state.because.since);
    expect(waits(working(600_000))).toBe(600_000);
    expect(waits(working(600_000), 1_800_000)).toBe(1_800_000);
    expect(waits(working(), 1)).toBe(300_000);
    expect(waits(working(), Number.MAX_SAFE_INTEGER)).toBe(86_400_000);
    const ever = working('never');
    asks(ever);
    expect(ever.state.questions[0]?.limit).toBeUndefined();
    expect(ever.refused(due)).toBe('not_now');
  });
});

describe('an answer and the time-out of its question', () => {
  it('at the same instant: the first one wins, whichever that is, and the other is told so', () => {
    const answeredFirst = working();
    answeredFirst.reaches(asks(answeredFirst, { otherwise: 'staging' }));
    answeredFirst.happens(answer, ana);
    expect(answeredFirst.refused(due)).toBe('already_decided');
    expect(answeredFirst.state.questions[0]).toMatchObject({ status: 'answered', answer: 'production' });

    const overFirst = working();
    overFirst.reaches(asks(overFirst, { otherwise: 'staging' }));
    overFirst.happens(due);
    expect(overFirst.refused(due)).toBe('already_decided');
    const late = overFirst.command(answer, ana);
    expect(late).toMatchObject({ ok: false, refusal: { code: 'already_decided' } });
    if (!late.ok) expect(late.refusal.message).toContain('“staging” was taken. To change that, write in the thread');
  });

  it('does not come before its time, and after an absence gives people time anew, once told', () => {
    const story = working();
    const until = asks(story, { otherwise: 'staging' });
    expect(story.refused(due)).toBe('not_now');
    story.reaches(new Date(Date.parse(until) + 7_200_000).toISOString());
    const extended = story.happens(due);
    expect(extended).toMatchObject({
      status: 'waiting',
      questions: [{ status: 'open', limit: { extendedAt: extended.questions[0]?.limit?.extendedAt } }],
    });
    const grace = Date.parse(extended.because.until ?? '') - Date.parse(extended.questions[0]?.limit?.extendedAt ?? '');
    expect(grace).toBe(900_000);
    expect(story.refused(due)).toBe('not_now');
    story.reaches(extended.because.until ?? '');
    expect(story.happens(due).questions[0]).toMatchObject({ status: 'timed-out', answer: 'staging' });
  });
});

describe('whether a step is safe to repeat', () => {
  function unsafe(): { readonly story: TaskStory; readonly questionId: string } {
    const story = begin(received({ steps: [plannedStep('s1', { safeToRepeat: false })] }));
    story.happens({ type: 'queue' });
    const runId = story.start();
    story.report({ type: 'step-started', stepId });
    story.happens({ type: 'interrupt', runId, reason: 'Its worker died' });
    const [question] = story.state.questions;
    story.reaches(question?.limit?.until ?? '');
    const questionId = question?.id ?? '';
    story.happens({ type: 'question-due', questionId });
    return { story, questionId };
  }

  it('is never guessed: the task pauses, and an answer still counts', () => {
    const { story, questionId } = unsafe();
    expect(story.state).toMatchObject({ status: 'paused', because: { text: 'Nobody answered in time' } });
    expect([story.state.ready, story.state.run]).toEqual([undefined, undefined]);
    const answered = story.happens({ type: 'answer', questionId, answer: 'skip' }, bo);
    expect(answered).toMatchObject({ status: 'queued', steps: [{ status: 'skipped' }] });
    expect(answered.questions[0]).toMatchObject({ status: 'answered', answeredBy: { name: 'bo' } });
  });

  it('is asked again when the task is resumed', () => {
    const { story, questionId } = unsafe();
    const resumed = story.happens({ type: 'resume' }, ana);
    expect(resumed).toMatchObject({ status: 'waiting', because: { waitingFor: 'answer' } });
    expect(resumed.questions.map(({ status }) => status)).toEqual(['timed-out', 'open']);
    expect(story.refused({ type: 'answer', questionId, answer: 'again' }, ana)).toBe('already_decided');
  });
});
