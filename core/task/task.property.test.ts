import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { evolve, replay } from './evolve.ts';
import { currentStep, isFinal } from './parts.ts';
import { takesAnswer } from './question-limit.ts';
import { recentActionLimit, type TaskState, type TaskStatus } from './state.ts';
import { begin, bo, type TaskStory } from './testing.ts';
import { eventful, type Look, type Move, moves, playMoves } from './testing-moves.ts';

/** From each status, where a task may go. A status may also stay, with a new reason. */
const legal: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  backlog: ['queued', 'waiting', 'paused', 'cancelled', 'failed'],
  queued: ['running', 'waiting', 'paused', 'cancelled', 'failed'],
  running: ['queued', 'waiting', 'paused', 'completed', 'failed', 'cancelled'],
  waiting: ['queued', 'running', 'paused', 'failed', 'cancelled'],
  // Waiting: a question that timed out is asked again.
  paused: ['queued', 'waiting', 'cancelled', 'failed'],
  completed: ['queued'],
  failed: ['queued'],
  cancelled: ['queued'],
};

const everything = [
  ...['backlog', 'queued', 'running', 'paused', 'completed', 'failed', 'cancelled'],
  ...['approval', 'answer', 'dependency', 'lock', 'retry'],
  ...['open', 'approved', 'denied', 'refined', 'withdrawn', 'timed-out'],
  ...['proposed', 'requested', 'done', 'refused'],
  ...['delivery requested', 'delivery delivered', 'delivery refused'],
];

function play(played: readonly Move[], look?: Look): TaskStory {
  return playMoves(begin(eventful()), played, look);
}

function always(look: Look): void {
  fc.assert(fc.property(moves, (played) => void play(played, look)));
}

/** What a question said from the start is what its time-out does. */
function timesOutAsStated(before: TaskState, after: TaskState): void {
  const over = after.questions.find(({ id, status }) => status === 'timed-out' && openIn(before, id));
  if (over === undefined) return;
  const asked = before.questions.find(({ id }) => id === over.id);
  expect(after.because.since >= (asked?.limit?.until ?? 'never')).toBe(true);
  const { otherwise } = asked?.limit ?? {};
  expect(over.answer).toBe(otherwise?.kind === 'answer' ? otherwise.answer : undefined);
  if (over.about.kind === 'unsafe-step') expect([after.status, after.ready]).toEqual(['paused', undefined]);
}

function openIn({ questions }: TaskState, id: string): boolean {
  return questions.some((each) => each.id === id && each.status === 'open');
}

describe('a task, whatever is commanded', () => {
  it('gets to every status, so that what follows is about all of them', () => {
    const seen = new Set<string>();
    // A seed, for this is about the game and not about the rules.
    for (const played of fc.sample(moves, { seed: 42, numRuns: 600 })) {
      play(played, (_, after) => {
        seen.add(after.because.waitingFor ?? after.status);
        for (const { status } of [...after.approvals, ...after.questions, ...after.reverts]) seen.add(status);
        seen.add(`delivery ${after.delivery?.status}`);
      });
    }
    expect([...seen]).toEqual(expect.arrayContaining(everything));
  });

  it('changes its status only in legal ways', () => {
    always((before, after) => {
      if (before.status !== after.status) expect(legal[before.status]).toContain(after.status);
    });
  });

  it('has at most one live run, and a new one only after the one before has ended', () => {
    fc.assert(
      fc.property(moves, (played) => {
        let live: string | undefined;
        const admitted = new Set<string>();
        for (const { event } of play(played).events) {
          if (event.type === 'run.admitted') {
            expect(live).toBeUndefined();
            expect(admitted).not.toContain(event.runId);
            admitted.add(event.runId);
            live = event.runId;
          }
          const ends = [
            'run.ended',
            'run.parked',
            'run.interrupted',
            'task.cancelled',
            'task.failed',
            'task.completed',
          ];
          if (ends.includes(event.type)) live = undefined;
        }
      }),
    );
  });

  it('works before its end only, and is delivered or reverted after it only', () => {
    always((_, after) => {
      const kinds = [after.ready, after.run?.kind].filter((kind) => kind !== undefined);
      expect(kinds.length).toBeLessThan(2);
      for (const kind of kinds) expect(kind === 'work').toBe(!isFinal(after));
    });
  });

  it('always goes on by itself or waits for somebody who is told so', () => {
    always((_, after) => {
      if (isFinal(after) || after.run !== undefined || after.ready !== undefined) return;
      const waits = after.status === 'backlog' || after.status === 'paused' || after.because.waitingFor !== undefined;
      expect(waits).toBe(true);
      expect(after.because.text).not.toBe('');
    });
  });

  it('loses no approval and no question: each stays, is decided once, and is open exactly while the task waits for it', () => {
    always((before, after) => {
      for (const list of ['approvals', 'questions'] as const) {
        expect(after[list].slice(0, before[list].length).map(({ id }) => id)).toEqual(before[list].map(({ id }) => id));
        for (const [index, old] of before[list].entries()) {
          // The task pauses for want of its answer, which may come late.
          if (before.questions.some((each) => each === old && takesAnswer(before, each))) continue;
          // That its agent heard it may be added; nothing else changes.
          if (old.status !== 'open') expect(after[list][index]).toMatchObject(old);
        }
        const waits = after.because.waitingFor === (list === 'approvals' ? 'approval' : 'answer');
        expect(after[list].filter(({ status }) => status === 'open')).toHaveLength(waits ? 1 : 0);
      }
    });
  });

  it('loses no words: each note waits until it is taken up or dropped, once, and none waits at the end', () => {
    always((before, after) => {
      for (const old of before.notes) {
        const now = after.notes.find(({ id }) => id === old.id);
        if (old.status === 'waiting') expect(now).toMatchObject({ by: old.by });
        else if (now !== undefined) expect(now).toEqual(old);
      }
      if (isFinal(after)) expect(after.notes.filter(({ status }) => status === 'waiting')).toEqual([]);
    });
  });

  it('settles each question once: an answer or the time-out wins, and what is settled stays', () => {
    always((before, after, told) => {
      for (const old of before.questions.filter(({ status }) => status !== 'open')) {
        const now = after.questions.find(({ id }) => id === old.id);
        // The one exception is said on its card: it times out into a pause, and an answer ends that.
        const paused = old.status === 'timed-out' && before.status === 'paused' && old.answer === undefined;
        if (!paused) expect(now).toEqual(old);
      }
      const settling = told.events.flatMap(({ event }) =>
        event.type === 'question.timed_out' && event.answer !== undefined ? [event.questionId] : [],
      );
      const answered = told.events.flatMap(({ event }) =>
        event.type === 'question.answered' ? [event.questionId] : [],
      );
      const settled = [...settling, ...answered];
      expect(new Set(settled).size).toBe(settled.length);
    });
  });

  it('times out only at its stated time, never does a step again that may have run, and says who answered: nobody', () => {
    fc.assert(
      fc.property(moves, (played) => {
        for (const { at, actor, event } of play(played, timesOutAsStated).events) {
          if (event.type === 'question.timed_out') expect([actor, at.length]).toEqual([undefined, 24]);
        }
      }),
    );
  });

  it('answers every later decision with the one that was made', () => {
    fc.assert(
      fc.property(moves, (played) => {
        const { state } = play(played);
        for (const { id } of state.approvals.filter(({ status }) => status !== 'open')) {
          for (const type of ['approve', 'deny'] as const) {
            const again = decide(
              state,
              { type, approvalId: id },
              { now: state.createdAt, newId: () => 'x', actor: bo },
            );
            expect(again).toMatchObject({ ok: false, refusal: { code: 'already_decided' } });
          }
        }
      }),
    );
  });

  it('refuses what a run says that is not the live one', () => {
    fc.assert(
      fc.property(moves, (played) => {
        const { state, events } = play(played);
        for (const { event } of events) {
          if (event.type !== 'run.admitted' || event.runId === state.run?.id) continue;
          const { runId } = event;
          const context = { now: state.createdAt, newId: () => 'x' };
          const commands = [
            { type: 'report', runId, report: { type: 'finished' } },
            { type: 'interrupt', runId, reason: 'late' },
            { type: 'claim', runId, worker: 'late' },
          ] as const;
          for (const command of commands) {
            expect(decide(state, command, context)).toMatchObject({ ok: false, refusal: { code: 'stale_run' } });
          }
        }
      }),
    );
  });

  it('can be paused at any time, unless it is paused or has ended, and resumed then', () => {
    always((_, after) => {
      const context = { now: after.createdAt, newId: () => 'x', actor: bo };
      const pauses = !isFinal(after) && after.status !== 'paused' && after.pauseRequestedBy === undefined;
      expect(decide(after, { type: 'pause' }, context).ok).toBe(pauses);
      if (after.status === 'paused') expect(decide(after, { type: 'resume' }, context).ok).toBe(true);
    });
  });

  it('that waited for another when it was paused waits for it again, and starts nothing before', () => {
    always((before, after) => {
      if (before.because.behind === undefined || isFinal(after) || after.status === 'paused') return;
      expect([after.status, after.because.waitingFor, after.ready]).toEqual(['waiting', 'dependency', undefined]);
      expect(after.because.text).toBe(before.because.behind.reason);
    });
  });

  it('asks to stop only what runs', () => {
    always((_, after) => {
      if (after.cancelRequestedBy !== undefined) expect(after.run).toMatchObject({ kind: 'work', status: 'running' });
      if (isFinal(after)) expect(after.pauseRequestedBy).toBeUndefined();
    });
  });

  it('is completed only with every step done and every check passed on the commit that it ends with', () => {
    always((before, after) => {
      if (after.status !== 'completed' || before.status === 'completed') return;
      expect(currentStep(after)).toBeUndefined();
      expect(after.verification?.commit).toBe(after.workspace?.head);
      expect(after.verification?.checks.map(({ name }) => name)).toEqual(['tests']);
      expect(after.verification?.checks.every(({ passed }) => passed)).toBe(true);
    });
  });

  it('lets nobody do what the role does not allow', () => {
    fc.assert(
      fc.property(moves, (played) => {
        for (const { event, actor } of play(played).events) {
          // The first event is ana's request; cy may steer only what he asked for himself, eve nothing.
          expect(['eve', 'cy']).not.toContain(actor?.name);
          const decides = ['approval.decided', 'delivery.voted', 'delivery.requested', 'task.refined'].includes(
            event.type,
          );
          if (decides && actor !== undefined) expect(actor.name).toBe('bo');
        }
      }),
    );
  });
});

describe('the state of a task', () => {
  it('is what a replay of its events gives', () => {
    fc.assert(
      fc.property(moves, (played) => {
        const { state, events } = play(played);
        expect(replay(events)).toEqual(state);
      }),
    );
  });

  it('survives being stored as JSON between any two events', () => {
    fc.assert(
      fc.property(moves, (played) => {
        const { state, events } = play(played);
        const stored = events.reduce<TaskState | undefined>(
          (before, recorded) => JSON.parse(JSON.stringify(evolve(before, JSON.parse(JSON.stringify(recorded))))),
          undefined,
        );
        expect(stored).toEqual(state);
      }),
    );
  });

  it('stays small: actions do not pile up', () => {
    always((_, after) => expect(after.actions.length).toBeLessThanOrEqual(recentActionLimit));
  });
});
