import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, decodeAction } from '#core/chat/button.ts';
import type { Button, Card } from '#core/chat/card.ts';
import { plainOf, type RichText } from '#core/chat/inline.ts';
import { manners, verbosities } from '#core/preferences/preference.ts';
import type { TaskCommand } from '#core/task/commands.ts';
import { decide } from '#core/task/decide.ts';
import { isFinal } from '#core/task/parts.ts';
import { takesAnswer } from '#core/task/question-limit.ts';
import { resumePoints } from '#core/task/resume-points.ts';
import type { TaskState } from '#core/task/state.ts';
import { begin, bo, idOf, manifest, plannedStep, type TaskStory } from '#core/task/testing.ts';
import { eventful, moves, playMoves } from '#core/task/testing-moves.ts';
import { explain } from './explain.ts';
import { show } from './task.ts';
import { buttonsOf, wordsOf, wordsOfBlock } from './testing.ts';

const by = { holder: 'person', setBy: 'ana', setAt: '2026-05-03T10:00:00.000Z' } as const;
const anyChoices = fc.tuple(
  fc.constantFrom(...manners).map((value) => ({ ...by, name: 'tone' as const, value })),
  fc.constantFrom(...verbosities).map((value) => ({ ...by, name: 'verbosity' as const, value })),
);

/** Looks at the cards of the task after every move. */
function always(look: (cards: readonly Card[], state: TaskState, told: TaskStory) => void): void {
  fc.assert(
    fc.property(
      moves,
      fc.option(
        fc.record({
          ahead: fc.nat(99),
          counted: fc.constantFrom('exact', 'about', 'more'),
          slots: fc.nat(9),
          free: fc.nat(9),
        }),
        { nil: undefined },
      ),
      anyChoices,
      (played, queue, choices) =>
        void playMoves(begin(eventful()), played, (_, state, told) =>
          look(show(state, { queue, choices }), state, told),
        ),
    ),
  );
}

describe('the cards of a task, whatever happened to it', () => {
  it('have keys of their own, and keep their order', () => {
    always((cards, { round }) => {
      const keys = cards.map((card) => card.key);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.slice(0, 2)).toEqual([`understanding:${round}`, `status:${round}`]);
    });
  });

  it('ask and offer the same in every tone and verbosity, in the same colours', () => {
    const asked = (cards: readonly Card[]) =>
      cards
        .filter(({ key }) => !key.startsWith('output'))
        .map((card) => ({ key: card.key, tone: card.tone, buttons: buttonsOf(card) }));
    always((cards, state) => expect(asked(cards)).toEqual(asked(show(state))));
  });

  it('say that it is completed only when it is', () => {
    always((cards, state, { events }) => {
      const words = cards.map(wordsOf).join('\n');
      expect(/\bcompleted\b/i.test(words)).toBe(state.status === 'completed');
      if (state.status === 'completed') expect(events.some(({ event }) => event.type === 'task.completed')).toBe(true);
    });
  });

  it('say that a check passed only when it was reported so in this round', () => {
    always((cards, { round }, { events }) => {
      const restarts = events.findLastIndex(({ event }) => event.type === 'task.restarted');
      const passed = events
        .slice(round === 1 ? 0 : restarts)
        .flatMap(({ event }) => (event.type === 'verification.finished' ? event.checks : []))
        .filter((check) => check.passed);
      if (passed.length === 0) expect(cards.map(wordsOf).join('\n')).not.toMatch(/\bpassed\b/i);
    });
  });

  it('say that results of checks are stale exactly when the work changed after them', () => {
    always((cards, { verification, workspace }) => {
      const report = cards.find((card) => card.key.startsWith('report:') && wordsOf(card).includes('Asked by'));
      if (report === undefined) return;
      const stale = verification !== undefined && verification.commit !== workspace?.head;
      expect(wordsOf(report).includes('Stale')).toBe(stale);
    });
  });

  it('say of every status that is not the end why it is so, since when, and what comes next', () => {
    always((cards, state) => {
      const status = cards.find((card) => card.key.startsWith('status:'));
      const [reason, next] = status?.blocks ?? [];
      expect(reason?.kind === 'text' && reason.text.some((piece) => isMoment(piece, state.because.since))).toBe(true);
      if (!isFinal(state)) expect(next?.kind === 'text' && plainOf(next.text)).toMatch(/\w+ .*\.$/);
      if (state.status === 'waiting') expect(state.because.awaited ?? state.because.until).toMatch(/\w/);
      if (state.because.until !== undefined && state.cancelRequestedBy === undefined)
        expect(next).toMatchObject({ text: expect.arrayContaining([{ kind: 'time', at: state.because.until }]) });
    });
  });

  it('end with a report exactly when the task has ended after it was started', () => {
    always((cards, state) => {
      const ends = state.earlierFailures.length + (isFinal(state) && state.startedAt !== undefined ? 1 : 0);
      expect(cards.filter((card) => card.key.startsWith('report:'))).toHaveLength(ends);
      expect(cards.flatMap(({ outcome }) => outcome ?? [])).toEqual(isFinal(state) ? [state.status] : []);
    });
  });

  it('offer only what may be done: whoever may decide and presses is not refused', () => {
    always((cards, state) => {
      for (const { action } of cards.flatMap(buttonsOf)) {
        if (action === undefined) continue;
        const decoded = decodeAction(action);
        if (decoded === undefined) throw new Error(`${action} is not understood`);
        const command = commandOf(state, decoded);
        if (command === undefined) continue;
        const decision = decide(state, command, { now: state.because.since, newId: () => idOf(1), actor: bo });
        expect(decision, `${action} in ${state.status}`).toMatchObject({ ok: true });
      }
    });
  });

  it('name in the words of a report only what it offers', () => {
    always((cards) => {
      for (const card of cards.filter(({ key }) => /^(report|escalation):/.test(key))) {
        const offered = cards.flatMap(buttonsOf).map(({ label }) => label);
        const texts = card.blocks
          .filter(({ kind }) => kind === 'text' || kind === 'context')
          .map(wordsOfBlock)
          .join(' ');
        const named = ['Retry', 'Review…', 'Resume from…', 'Run again'].filter((label) => texts.includes(label));
        expect(offered).toEqual(expect.arrayContaining(named));
      }
    });
  });

  it('offer every open decision, and none that was made', () => {
    always((cards, state) => {
      const subjects = cards
        .flatMap(buttonsOf)
        .flatMap(({ action }) => (action === undefined ? [] : [decodeAction(action)?.subject]));
      for (const { id, status } of state.approvals) expect(subjects.includes(id)).toBe(status === 'open');
      for (const each of state.questions) expect(subjects.includes(each.id)).toBe(takesAnswer(state, each));
    });
  });

  it('can be explained', () => {
    always((_, state) => {
      const paragraphs = explain(state);
      expect(paragraphs.length).toBeGreaterThan(1);
      expect(paragraphs.map(plainOf).join('\n')).toContain(`#${state.number}`);
      if (state.status !== 'completed') expect(paragraphs.map(plainOf).join('\n')).not.toMatch(/\bcompleted\b/i);
    });
  });

  it('are a pure function of the state', () => {
    fc.assert(
      fc.property(moves, (played) => {
        const { state } = playMoves(begin(eventful()), played);
        expect(show(JSON.parse(JSON.stringify(state)))).toEqual(show(state));
      }),
    );
  });
});

describe('the cards of a task with the strangest words', () => {
  /** Any text at all: control characters, half characters, endless lines. */
  const words = fc.oneof(fc.string({ unit: 'binary', size: 'max', maxLength: 5000 }), fc.string());

  it('stay within what every platform takes', () => {
    const strange = fc.tuple(moves, words, words, fc.nat({ max: 60 }));
    fc.assert(
      fc.property(strange, ([played, one, other, count]) => {
        const told = playMoves(begin(strangeTask(one, other, count)), played);
        for (const card of show(told.state)) checkLimits(card);
      }),
      { numRuns: 40 },
    );
  });

  function strangeTask(one: string, other: string, count: number): ReturnType<typeof eventful> {
    const base = eventful();
    if (base.type !== 'task.received') throw new RangeError('a task begins with task.received');
    const steps = Array.from({ length: count }, (_, index) => plannedStep(`t${index}`, { name: one, why: other }));
    const inputs = Object.fromEntries(Array.from({ length: count }, (_, index) => [`${other}${index}`, one]));
    return {
      ...base,
      title: one,
      request: other,
      project: { id: 'p', name: other },
      runbook: { id: 'r', name: one },
      steps: [...base.steps, ...steps],
      after: Array.from({ length: count }, (_, index) => index),
      understanding: {
        priority: { value: 10, from: 'runbook' },
        ...base.understanding,
        inputs,
        heard: one,
        riskReason: other,
        corrections: Array(count).fill(one),
        scope: Array(count).fill(other),
        expects: Array(count).fill(one),
        attachments: Array(count).fill({ name: one, mediaType: other, size: count, sha256: '' }),
      },
    };
  }
});

/** Slack: title 150, list of fields 10, button text 75, confirmation 300, section 3000; Discord: 5 buttons a row, 10 files. */
function checkLimits(card: Card): void {
  expect(plainOf(card.title).length).toBeLessThanOrEqual(150);
  expect(card.summary.length).toBeLessThanOrEqual(1000);
  expect(card.blocks.length).toBeLessThan(40);
  for (const block of card.blocks) {
    expect(wordsOfBlock(block).length).toBeLessThan(12_000);
    if (block.kind === 'text' || block.kind === 'code' || block.kind === 'quote')
      expect(wordsOfBlock(block).length).toBeLessThanOrEqual(3000);
    if (block.kind === 'fields') expect(block.fields.length).toBeLessThanOrEqual(10);
    if (block.kind === 'plan') expect(block.steps.length).toBeLessThanOrEqual(20);
    if (block.kind === 'files' || block.kind === 'changes') expect(block.files.length).toBeLessThanOrEqual(10);
    if (block.kind === 'buttons') checkButtons(block.buttons);
  }
}

function checkButtons(buttons: readonly Button[]): void {
  expect(buttons.length).toBeLessThanOrEqual(5);
  for (const { label, confirm } of buttons) {
    expect(label.length).toBeGreaterThan(0);
    expect(label.length).toBeLessThanOrEqual(75);
    expect(confirm?.title.length ?? 0).toBeLessThanOrEqual(100);
    expect(confirm?.text.length ?? 0).toBeLessThanOrEqual(300);
    expect(confirm?.yes.length ?? 0).toBeLessThanOrEqual(30);
  }
}

function isMoment(piece: RichText[number], at: string): boolean {
  if (typeof piece === 'string') return false;
  return (piece.kind === 'elapsed' && piece.since === at) || (piece.kind === 'time' && piece.at === at);
}

/** What a press of the button commands; `undefined` for those that ask for more or only show something. */
function commandOf(state: TaskState, { verb, subject, choice }: Action): TaskCommand | undefined {
  switch (verb) {
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'retry':
    case 'restart':
      return { type: verb };
    case 'approve':
    case 'deny':
      return { type: verb, approvalId: subject };
    case 'answer': {
      const question = state.questions.find(({ id }) => id === subject);
      return { type: 'answer', questionId: subject, answer: question?.options[Number(choice)]?.value ?? '' };
    }
    case 'wait':
      return { type: 'wait', seen: choice ?? '' };
    case 'deliver':
      return { type: 'deliver', commit: choice ?? '' };
    case 'resume-from':
      return { type: verb, checkpoint: resumePoints(state)[0]?.n ?? 99 };
    case 'revert':
      return {
        type: 'propose-revert',
        revertId: idOf(2),
        checkpoint: state.checkpoints.at(-1)?.n ?? 0,
        head: state.workspace?.head ?? '',
        manifest,
      };
    case 'revert-all':
      return { type: 'revert', revertId: subject };
    case 'revert-nothing':
      return { type: 'withdraw-revert', revertId: subject };
    default:
      return undefined;
  }
}
