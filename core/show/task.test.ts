import { describe, expect, it } from 'vitest';
import { plainOf } from '#core/chat/inline.ts';
import type { Manner, Verbosity } from '#core/preferences/preference.ts';
import { ana, begin, bo, plannedStep, received, receivedWithCheck, type TaskStory } from '#core/task/testing.ts';
import { formatMoment } from '#core/text/moment.ts';
import { explain } from './explain.ts';
import { show } from './task.ts';
import { buttonsOf, wordsOf } from './testing.ts';
import { asked, card, completed, labels, request, running, title } from './testing-stories.ts';

describe('the understanding', () => {
  it('says what was heard, where and how it runs, with what, the risk, and what comes of it', () => {
    const words = wordsOf(card(begin(receivedWithCheck({ after: [41] })), 'understanding:1'));
    for (const part of [
      'release 1.2.0 please',
      'runbook release in demo',
      'version 1.2.0',
      'medium: it changes files',
      'a changelog',
      '#41',
      'tests',
    ]) {
      expect(words).toContain(part);
    }
  });

  it.each([
    ['person', 'Seen by ana, who else takes part, and Commander’s admins.'],
    ['channel', 'Seen by the people of its channel and Commander’s admins.'],
    ['thread', 'Seen by the people of its thread and Commander’s admins.'],
    [undefined, 'Seen by the people of its thread and Commander’s admins.'],
    ['everybody', undefined],
  ] as const)('says who sees it where %s reads, as Explain does', (readBy, words) => {
    const place = { platform: 'slack', channel: 'c', thread: 't', ...(readBy === undefined ? {} : { readBy }) };
    const task = begin();
    const shown = /Seen by .*?admins\./.exec(wordsOf(card(task, 'understanding:1', { place })))?.[0];
    const last = explain(task.state, { place }).map(plainOf).at(-1);
    expect([shown, last?.startsWith('Seen by') ? last : undefined]).toEqual([words, words]);
  });

  it('stays as it is while the task goes on', () => {
    expect(card(completed(), 'understanding:1')).toEqual(card(begin(receivedWithCheck()), 'understanding:1'));
  });
});

describe('the status', () => {
  it('of a queued task says its place, its priority, and that it starts by itself', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    const status = card(task, 'status:1', { queue: { ahead: 2, counted: 'exact', slots: 4, free: 0 } });
    expect(plainOf(status.title)).toBe('#42 Release 1.2.0 · Queued');
    expect(wordsOf(status)).toContain('All 4 worker slots are busy');
    expect(wordsOf(status)).toContain('Number 3 in the queue, 2 ahead of it. Its priority is 50');
    expect(wordsOf(status)).toContain('starts by itself');
    expect(labels(task, 'status:1')).toEqual(['Pause', 'Cancel', 'Explain']);
  });

  it.each([
    [
      { held: { by: 'person', running: 3 } },
      'ana already has 3 runs under way, the most allowed at once',
      'Number 3 of those that wait for ana,',
    ],
    [{ held: { by: 'project', running: 1 } }, 'already has 1 run under way', 'starts by itself when one of them ends'],
    [{ slots: 0 }, 'No worker is running that could take it', 'when somebody starts a worker'],
    [{ counted: 'more' }, 'All 4 worker slots are busy', 'More than 2 in the queue start before it.'],
  ] as const)('of a queued task says what really keeps it: %j', (found, reason, more) => {
    const task = begin();
    task.happens({ type: 'queue' });
    const status = card(task, 'status:1', { queue: { ahead: 2, counted: 'exact', slots: 4, free: 0, ...found } });
    expect(status.summary).toContain(reason);
    expect(wordsOf(status)).toContain(reason);
    expect(wordsOf(status)).toContain(more);
    expect(wordsOf(status)).not.toContain('free worker');
  });

  it('of a running task shows the step, what comes next, and the plan with ticks', () => {
    const task = running();
    const status = card(task, 'status:1', { estimateMs: 128_400 });
    expect(wordsOf(status)).toContain('Working on “Do s1”');
    expect(wordsOf(status)).toContain('Next comes “Do s2”.');
    expect(wordsOf(status)).toContain('Usually about 2 min.');
    expect(status.blocks).toContainEqual({
      kind: 'plan',
      steps: [
        { state: 'running', title: 'Do s1', detail: [{ kind: 'elapsed', since: task.state.steps[0]?.startedAt }] },
        { state: 'pending', title: 'Do s2' },
      ],
    });
    expect(labels(task, 'status:1')).toEqual(['Pause', 'Cancel', 'Details', 'Explain']);
    expect(buttonsOf(status)).toContainEqual({
      label: 'Details',
      href: '/tasks/42/log',
      action: `details:${task.state.id}`,
    });
  });

  it('says that it is about to pause or to be cancelled, and by whom', () => {
    const task = running();
    task.happens({ type: 'pause' }, ana);
    expect(title(task)).toBe('#42 Release 1.2.0 · Pausing after this step');
    expect(labels(task, 'status:1')).not.toContain('Pause');
    task.happens({ type: 'cancel' }, bo);
    expect(title(task)).toBe('#42 Release 1.2.0 · Cancelling');
    expect(wordsOf(card(task, 'status:1'))).toContain('bo asked to cancel.');
    expect(labels(task, 'status:1')).toEqual(['Details']);
  });

  it('of a task that waits names who or what it waits for', () => {
    const task = begin(received({ after: [41] }));
    task.happens({ type: 'queue' });
    task.happens({ type: 'block', for: 'dependency', reason: 'Waiting for #41 to complete', awaited: '#41' });
    expect(title(task)).toBe('#42 Release 1.2.0 · Waiting for #41');
    expect(title(asked())).toBe('#42 Release 1.2.0 · Waiting for approval');
    expect(wordsOf(card(asked(), 'status:1'))).toContain('It waits for somebody who may approve.');
  });

  it('of a task that is tried again says what failed and when it goes on', () => {
    const task = running(
      received({ steps: [plannedStep('s1', { retry: { limit: 2, backoffMs: 1000, on: ['any'] } })] }),
    );
    const { because } = task.report({ type: 'step-failed', stepId: 's1', reason: 'connection reset', transient: true });
    const words = wordsOf(card(task, 'status:1'));
    expect(words).toContain('“Do s1” failed: connection reset');
    expect(words).toContain(`Retry 1 of 2 starts by itself. Due ${formatMoment(because.until ?? '')}`);
    expect(words).toContain('1st attempt failed');
  });

  it('of a paused task offers to resume it', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    task.happens({ type: 'pause' }, ana);
    expect(labels(task, 'status:1')).toEqual(['Resume', 'Cancel', 'Explain']);
  });

  it('of a task that ended before it was started is all there is of it', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    task.happens({ type: 'cancel' }, ana);
    expect(show(task.state).map(({ key }) => key)).toEqual(['understanding:1', 'status:1']);
    expect(labels(task, 'status:1')).toEqual(['Run again', 'Explain']);
  });

  it('shows a long plan around where it stands', () => {
    const steps = Array.from({ length: 40 }, (_, index) => plannedStep(`s${index + 1}`));
    const task = running(received({ steps }));
    for (let step = 1; step <= 12; step += 1) {
      if (step > 1) task.report({ type: 'step-started', stepId: `s${step}` });
      task.report({ type: 'step-finished', stepId: `s${step}` });
    }
    const plan = card(task, 'status:1').blocks.find((block) => block.kind === 'plan');
    expect(plan?.steps).toHaveLength(20);
    expect(plan?.steps[0]).toEqual({ state: 'done', title: '8 earlier steps', detail: ['8 done'] });
    expect(plan?.steps.at(-1)).toEqual({ state: 'pending', title: '14 more steps', detail: ['14 pending'] });
  });
});

describe('an approval', () => {
  const key = (task: TaskStory) => `approval:${task.state.approvals[0]?.id}`;

  it('shows exactly what will run, why it asks, and what can not be taken back', () => {
    const task = asked();
    const approval = card(task, key(task));
    expect(approval.blocks).toContainEqual({ kind: 'code', label: 'Exactly this will run', text: 'git tag v1.2.0' });
    expect(wordsOf(approval)).toContain('Before “Do s2”: it tags.');
    expect(wordsOf(approval)).toContain('tags are seen by others');
    expect(labels(task, key(task))).toEqual(['Approve', 'Deny', 'Refine…', 'Always allow here']);
  });

  it('shows the beginning of a very long command and how much is missing', () => {
    const task = running(received({ steps: [plannedStep('s1'), plannedStep('s2', { approve: 'it tags' })] }));
    task.report({ type: 'step-finished', stepId: 's1' });
    task.report({ ...request, shown: `echo ${'x'.repeat(5000)}` });
    expect(wordsOf(card(task, key(task)))).toMatch(/x\n… 2065 more characters, see Details/);
  });

  it('that was decided shows who, when and what, without buttons', () => {
    const task = asked();
    task.happens({ type: 'deny', approvalId: task.state.approvals[0]?.id ?? '', note: 'not on a Friday' }, bo);
    const approval = card(task, key(task));
    expect(plainOf(approval.title)).toBe('#42 Release 1.2.0 · Denied');
    expect(wordsOf(approval)).toContain(`“Do s2” was denied by bo, ${formatMoment(task.state.because.since)}.`);
    expect(approval.blocks).toContainEqual({ kind: 'quote', from: 'bo', text: 'not on a Friday' });
    expect(wordsOf(approval)).toContain('git tag v1.2.0');
    expect(buttonsOf(approval)).toEqual([]);
  });

  it('that a rule gave says whose rule it is', () => {
    const rule = { id: 'x', ruleHash: 'r', madeBy: 'ana', madeById: 'x', madeAt: '2026-05-03T09:00:00.000Z' };
    const task = begin(received(), rule);
    task.happens({ type: 'queue' });
    task.start();
    task.report({ ...request, stepId: 's1' });
    expect(wordsOf(card(task, key(task)))).toContain('allowed because ana said always, 3 May 2026, 09:00 UTC.');
  });
});

describe('a question', () => {
  it('has a button for each option, then says who answered what', () => {
    const task = running(received({ steps: [plannedStep('s1', { safeToRepeat: false })] }));
    task.happens({ type: 'interrupt', runId: task.state.run?.id ?? '', reason: 'Its worker died' });
    const id = task.state.questions[0]?.id ?? '';
    const buttons = buttonsOf(card(task, `question:${id}`));
    expect(buttons.map(({ label }) => label)).toEqual(['Run it again', 'It was done: go on', 'Cancel the task']);
    expect(buttons[1]?.action).toBe(`answer:${id}:1`);
    task.happens({ type: 'answer', questionId: id, answer: 'skip' }, ana);
    expect(wordsOf(card(task, `question:${id}`))).toMatch(/ana answered, .*: It was done: go on\./);
    expect(labels(task, `question:${id}`)).toEqual([]);
  });
});

describe('what people prefer', () => {
  const by = { holder: 'channel', setBy: 'ana', setAt: '2026-05-03T10:00:00.000Z' } as const;
  const presented = (manner: Manner, verbosity: Verbosity) => ({
    choices: [
      { ...by, name: 'tone', value: manner },
      { ...by, name: 'verbosity', value: verbosity },
    ] as const,
  });

  it('gives the same claims other words', () => {
    const heading = (manner: Manner) => plainOf(card(completed(), 'report:1', presented(manner, 'normal')).title);
    expect(heading('friendly')).toBe('#42 Release 1.2.0 · Completed: here is your report');
    expect(heading('terse')).toBe('#42 Release 1.2.0 · Completed');
    const task = asked();
    const approval = card(task, `approval:${task.state.approvals[0]?.id}`, presented('terse', 'normal'));
    expect(plainOf(approval.title)).toContain('Approve?');
  });

  it('leaves out what happened, or shows more of it; a file is shown once: in a post of its own, where it is quiet in the report', () => {
    const task = running();
    const at = '2026-05-03T12:00:00.000Z';
    const actions = Array.from({ length: 20 }, (_, index) => ({ at, text: `Ran ${index}` }));
    task.report({ type: 'actions', actions });
    const counted = (verbosity: Verbosity) =>
      card(task, 'status:1', presented('terse', verbosity)).blocks.flatMap((block) =>
        block.kind === 'actions' ? block.actions : [],
      ).length;
    expect([counted('quiet'), counted('normal'), counted('detailed')]).toEqual([0, 5, 12]);
    const files = (verbosity: Verbosity) =>
      show(completed().state, presented('terse', verbosity))
        .filter(({ blocks }) => blocks.some(({ kind }) => kind === 'files'))
        .map(({ key }) => key.replace(/:.*/, ''));
    expect(files('quiet')).toEqual(['report']);
    expect(files('normal')).toEqual(['output']);
  });
});
