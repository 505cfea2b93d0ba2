import type { Otherwise, Question } from './asked.ts';
import type { Decision } from './commands.ts';
import { goesOn } from './decide-asked.ts';
import { happens, refuse } from './decision.ts';
import type { TaskEvent } from './events.ts';
import { later } from './question-limit.ts';
import { notMended } from './reviewing.ts';
import type { TaskState } from './state.ts';

/** A time-out that comes this much later (ms) had nobody to carry it out: nobody could answer meanwhile either. */
export const awayMs = 60_000;

/** How long people get (ms) when Commander comes back after a time-out: as long as they had, at most a quarter of an hour. */
export const graceMs = 15 * 60_000;

/**
 * What a question comes to when its time is over. An answer that came first has won, whatever the clock says. Where nothing was
 * there to end it in time, nobody could answer either: people get some time anew.
 */
export function questionDue(state: TaskState, questionId: string, now: string): Decision {
  const question = state.questions.find(({ id }) => id === questionId);
  if (question?.status !== 'open') return refuse('already_decided', 'That question is no longer open.');
  const { limit, askedAt } = question;
  const due = limit && limitDue({ from: limit.extendedAt ?? askedAt, until: limit.until }, now);
  if (limit === undefined || due?.kind === 'early') return refuse('not_now', 'There is still time for an answer.');
  if (due?.kind === 'again') return happens({ type: 'question.extended', questionId, until: due.until });
  return happens(...timedOut(state, question, limit.otherwise));
}

/** The time that people have for an answer (ISO 8601). */
export interface AnswerTime {
  readonly from: string;
  readonly until: string;
}

/** What such a time comes to when its timer comes: there is still some, it is over, or people get time anew, until then. */
export type LimitDue = { readonly kind: 'early' | 'over' } | { readonly kind: 'again'; readonly until: string };

/** Whether a time is over. Where nothing was there to end it in time, nobody could answer either: it begins anew. */
export function limitDue({ from, until }: AnswerTime, now: string): LimitDue {
  const lateMs = Date.parse(now) - Date.parse(until);
  if (lateMs < 0) return { kind: 'early' };
  if (lateMs <= awayMs) return { kind: 'over' };
  const had = Date.parse(until) - Date.parse(from);
  return { kind: 'again', until: later(now, Math.min(had, graceMs)) };
}

function timedOut(state: TaskState, { id, about, asks }: Question, otherwise: Otherwise): readonly TaskEvent[] {
  const over = { type: 'question.timed_out', questionId: id } as const;
  switch (otherwise.kind) {
    case 'pause':
      return [over, { type: 'task.paused', reason: 'Nobody answered in time', next: pausedNext }];
    case 'without':
      return [over, goesOn(state, 'Nobody answered in time; it goes on without an answer')];
    case 'answer': {
      const taken = { ...over, answer: otherwise.answer };
      if (about.kind === 'review')
        return [taken, notMended(state, about.stepId, `${asks?.name ?? 'Nobody'} did not answer in time`)];
      return [taken, goesOn(state, `Nobody answered in time; “${otherwise.answer}” is taken`)];
    }
  }
}

const pausedNext = 'An answer to its question still counts; Resume asks it again.';
