import { describe, expect, it } from 'vitest';
import { plainOf } from '#core/chat/inline.ts';
import { plannedStep, received, type TaskStory } from '#core/task/testing.ts';
import { explain } from './explain.ts';
import { wordsOf } from './testing.ts';
import { card, running } from './testing-stories.ts';

const at = '2026-05-03T12:00:00.000Z';

function atWork(): TaskStory {
  const agent = { id: 'stub', name: 'Stub', prompt: 'mend it' };
  return running(received({ steps: [plannedStep('s1', { agent, argv: [] })] }));
}

describe('what an agent does', () => {
  const why = 'The clock is real\nthere, @everyone';
  const editing = { at, text: 'Editing', code: 'a.test.ts', why };

  function rows(...actions: readonly { at: string; text: string; code?: string; why?: string }[]) {
    const task = atWork();
    task.report({ type: 'actions', actions });
    const shown = card(task, 'status:1').blocks.flatMap((block) => (block.kind === 'actions' ? block.actions : []));
    return shown.slice(-actions.length);
  }

  it('stands in its row with the reason that it gave, in quotes and as text alone', () => {
    expect(rows({ at, text: 'Reading', code: 'a.ts' }, editing)).toEqual([
      { at, text: ['Reading', ' ', { kind: 'code', text: 'a.ts' }] },
      {
        at,
        text: ['Editing', ' ', { kind: 'code', text: 'a.test.ts' }, ': “The clock is real there, @everyone”'],
      },
    ]);
    expect(plainOf(rows({ ...editing, why: 'so '.repeat(100) })[0]?.text ?? []).length).toBeLessThan(190);
  });

  it('says a reason once where it is known to more and more', () => {
    const words = rows({ at, text: 'Edit', why }, editing, { ...editing, text: 'Failed: Editing', why: 'Again' });
    expect(words.map(({ text }) => plainOf(text).includes('“'))).toEqual([false, true, true]);
  });

  it('is explained with its reason, and what it did before as well', () => {
    const task = atWork();
    const ran = { at, text: 'Running', code: 'npm test', why: 'It has to hold' };
    const actions = [
      { ...ran, text: 'Long ago' },
      ...Array(3).fill({ at, text: 'Reading', code: 'b.ts' }),
      ran,
      editing,
    ];
    task.report({ type: 'actions', actions });
    const words = explain(task.state).map(plainOf).join('\n');
    expect(words).toMatch(
      /The last thing that happened, [^\n]+: Editing a\.test\.ts\. The reason given: “The clock is real there, @everyone”\.\n/,
    );
    expect(words).toMatch(
      /\nBefore that: [^\n]+ Running npm test, reason given: “It has to hold”\. [^\n]+ Reading b\.ts\.(\n|$)/,
    );
    expect(words).not.toContain('Long ago');
  });
});

describe('what an agent uses', () => {
  const spent = { turns: 3, timeMs: 125_000, tokens: 1_500, cost: 0.42, currency: 'USD' };
  const used = 'Used: 3 turns, 2 min 5 s of work, 2k tokens and 0.42 USD.';

  it('stands in the status while it works, with how full its memory is, and at the end in the report', () => {
    const task = atWork();
    const change = { spent, usage: { used: 40_000, size: 200_000 } };
    task.report({ type: 'agent', stepId: 's1', change });
    expect(wordsOf(card(task, 'status:1'))).toContain(`${used} 40k of 200k tokens in its context.`);
    task.report({ type: 'step-finished', stepId: 's1' });
    task.report({ type: 'finished' });
    const report = wordsOf(card(task, 'report:1'));
    expect(report).toContain(used);
    expect(report).not.toContain('in its context');
  });

  it('is said as far as it is known, and not where nothing was used', () => {
    const task = atWork();
    expect(wordsOf(card(task, 'status:1'))).not.toContain('Used:');
    task.report({ type: 'agent', stepId: 's1', change: { spent: { turns: 1, timeMs: 4_000, tokens: 0, cost: 0 } } });
    expect(wordsOf(card(task, 'status:1'))).toContain('Used: 1 turn and 4 s of work.');
  });
});

describe('the plan of an agent', () => {
  const steps = (task: TaskStory) =>
    card(task, 'status:1').blocks.flatMap((block) => (block.kind === 'plan' ? block.steps : []));

  it('stands below its step, with what is done and what it is at; nothing of it runs once its step has ended', () => {
    const task = atWork();
    const plan = [
      { text: 'Find the\ncause', status: 'completed' },
      { text: 'Mend it', status: 'in_progress' },
      { text: 'Look whether it holds', status: 'pending' },
    ] as const;
    task.report({ type: 'agent', stepId: 's1', change: { plan } });
    expect(steps(task).slice(1)).toEqual([
      { state: 'done', title: '· Find the cause' },
      { state: 'running', title: '· Mend it' },
      { state: 'pending', title: '· Look whether it holds' },
    ]);
    task.report({ type: 'step-failed', stepId: 's1', reason: 'gave up', transient: false });
    expect(steps(task).map(({ state }) => state)).toEqual(['failed', 'done', 'pending', 'pending']);
  });

  it('is counted where there is no room for all of it', () => {
    const task = atWork();
    const plan = Array.from({ length: 20 }, (_, index) => ({ text: `Part ${index + 1}`, status: 'pending' }) as const);
    task.report({ type: 'agent', stepId: 's1', change: { plan } });
    expect(steps(task)).toHaveLength(20);
    expect(
      steps(task)
        .slice(-2)
        .map(({ title }) => title),
    ).toEqual(['· Part 18', '· and 2 more']);
  });
});
