import type { Otherwise, Question, QuestionLimit } from './asked.ts';
import type { DecideContext, RunReport } from './commands.ts';
import type { TaskEvent } from './events.ts';
import type { TaskState } from './state.ts';
import type { StepState } from './step-state.ts';

const minuteMs = 60_000;

/** How long a question waits for an answer where nobody said anything else: an hour. */
export const usualAnswerMs = 60 * minuteMs;

/** What an agent may say of its own question: long enough that a person can notice it, no longer than a day. */
export const answerBounds = { least: 5 * minuteMs, most: 24 * 60 * minuteMs } as const;

/** The limit of a question that is asked now; none where the project or the installation wants it to wait for ever. */
export function limitOf(
  { understanding }: TaskState,
  otherwise: Otherwise,
  now: string,
  withinMs: number | 'never' = understanding.answerWithin ?? usualAnswerMs,
): { readonly limit?: QuestionLimit } {
  return withinMs === 'never' ? {} : { limit: { until: later(now, withinMs), otherwise } };
}

/** The limit of what an agent asks: its own words hold, as far as they are within bounds. */
export function agentLimit(
  state: TaskState,
  { otherwise, withinMs }: RunReport & { readonly type: 'asks-question' },
  now: string,
): { readonly limit?: QuestionLimit } {
  const then: Otherwise = otherwise === undefined ? { kind: 'without' } : { kind: 'answer', answer: otherwise };
  const own = withinMs === undefined ? undefined : Math.min(Math.max(withinMs, answerBounds.least), answerBounds.most);
  return limitOf(state, then, now, own);
}

/** Asks whether a step that may have run in part is done again. When nobody answers, nothing is guessed: the task pauses. */
export function asksIfSafeToRepeat(state: TaskState, { plan }: StepState, { now, newId }: DecideContext): TaskEvent {
  return {
    type: 'question.asked',
    questionId: newId(),
    text: `#${state.number} broke off during “${plan.name}”. It may have run in part or in full, and it is not marked as safe to repeat. What now?`,
    options: [
      { value: 'again', label: 'Run it again' },
      { value: 'skip', label: 'It was done: go on' },
      { value: 'cancel', label: 'Cancel the task' },
    ],
    about: { kind: 'unsafe-step', stepId: plan.id },
    ...limitOf(state, { kind: 'pause' }, now),
  };
}

/** Whether an answer still counts: while it is open, and after its time as long as the task pauses for it. */
export function takesAnswer(state: TaskState, question: Question): boolean {
  return question.status === 'open' || (unsettled(state) === question && state.status === 'paused');
}

/** The step that the task pauses for, because nobody said whether it is to be done again. */
export function unsettledStep(state: TaskState): StepState | undefined {
  const stepId = unsettled(state)?.about.stepId;
  return state.steps.find(({ plan }) => plan.id === stepId);
}

function unsettled({ questions }: TaskState): Question | undefined {
  const last = questions.at(-1);
  return last?.status === 'timed-out' && last.limit?.otherwise.kind === 'pause' ? last : undefined;
}

/** What happens when nobody answers in time, as a sentence that comes before the time itself. */
export function otherwiseWords(limit: QuestionLimit | undefined): string {
  switch (limit?.otherwise.kind) {
    case undefined:
      return 'Nothing runs until somebody answers.';
    case 'answer':
      return `If nobody answers in time, “${limit?.otherwise.answer}” is taken.`;
    case 'without':
      return 'If nobody answers in time, it goes on without an answer and says so.';
    case 'pause':
      return 'If nobody answers in time, it pauses and nothing is done again.';
  }
}

/** A moment so many milliseconds after another (ISO 8601). */
export function later(now: string, ms: number): string {
  return new Date(Date.parse(now) + ms).toISOString();
}
