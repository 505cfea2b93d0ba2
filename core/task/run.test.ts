import { describe, expect, it } from 'vitest';
import { interruptionLimit } from './decide-engine.ts';
import { ana, baseCommit, begin, bo, cy, plannedStep, received, type TaskStory } from './testing.ts';

function running(...steps: Parameters<typeof plannedStep>[1][]): TaskStory {
  const task = begin(received({ steps: steps.map((more, index) => plannedStep(`s${index + 1}`, more)) }));
  task.happens({ type: 'queue' });
  task.start();
  return task;
}

function die(task: TaskStory): void {
  task.happens({ type: 'interrupt', runId: task.state.run?.id ?? '', reason: 'Its worker died' });
}

describe('the fence', () => {
  it('refuses a run that was taken over', () => {
    const task = running({});
    const old = task.state.run?.id ?? '';
    task.report({ type: 'step-started', stepId: 's1' });
    die(task);
    task.start();
    expect(task.refused({ type: 'report', runId: old, report: { type: 'step-finished', stepId: 's1' } })).toBe(
      'stale_run',
    );
    expect(task.refused({ type: 'interrupt', runId: old, reason: '' })).toBe('stale_run');
  });

  it('refuses a run that nobody has claimed', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    task.happens({ type: 'admit', runId: 'r1' });
    expect(task.refused({ type: 'report', runId: 'r1', report: { type: 'finished' } })).toBe('stale_run');
  });

  it.each([
    ['finish a step that has not begun', { type: 'step-finished', stepId: 's1' }],
    ['begin the second step first', { type: 'step-started', stepId: 's2' }],
    ['fail a step that there is not', { type: 'step-failed', stepId: 's9', reason: '', transient: false }],
    [
      'ask for the second step first',
      { type: 'needs-approval', stepId: 's2', reason: '', shown: '', hash: '', ruleHash: '' },
    ],
    ['say that it delivered, when it works', { type: 'delivered', result: 'x' }],
    ['say that it reverted, when it works', { type: 'reverted', result: 'x' }],
  ] as const)('does not let a run %s', (_, report) => {
    const task = running({}, {});
    expect(task.refused({ type: 'report', runId: task.state.run?.id ?? '', report })).toBe('not_now');
  });
});

describe('a step that fails', () => {
  const transient = { type: 'step-failed', stepId: 's1', reason: 'connection reset', transient: true } as const;

  it('is tried again after a wait that doubles, until its retries are used up', () => {
    const task = running({ retry: { limit: 2, backoffMs: 1000, on: ['transient'] } });
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      task.report({ type: 'step-started', stepId: 's1' });
      const { because } = task.report(transient);
      if (attempt === 3) break;
      expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'retry' } });
      expect(because.next).toBe(`Retry ${attempt} of 2 starts by itself.`);
      waits.push(Date.parse(because.until ?? '') - Date.parse(because.since));
      task.happens({ type: 'retry-due' });
      task.start();
    }
    expect(waits).toEqual([1000, 2000]);
    expect(task.state).toMatchObject({
      status: 'failed',
      failure: '“Do s1” failed after 3 attempts: connection reset',
    });
    expect(task.state.steps[0]?.failures.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('of its own fault is not tried again', () => {
    const task = running({ retry: { limit: 2, backoffMs: 1000, on: ['transient'] } });
    task.report({ type: 'step-started', stepId: 's1' });
    expect(task.report({ ...transient, transient: false }).status).toBe('failed');
  });

  it('is not tried again when somebody wants to cancel', () => {
    const task = running({ retry: { limit: 2, backoffMs: 1000, on: ['transient'] } });
    task.report({ type: 'step-started', stepId: 's1' });
    task.happens({ type: 'cancel' }, ana);
    expect(task.report(transient).status).toBe('cancelled');
  });

  it('may be paused while it waits for its retry', () => {
    const task = running({ retry: { limit: 2, backoffMs: 1000, on: ['transient'] } });
    task.report({ type: 'step-started', stepId: 's1' });
    task.report(transient);
    expect(task.happens({ type: 'pause' }, ana)).toMatchObject({
      status: 'paused',
      because: { text: 'Paused by ana' },
    });
    expect(task.refused({ type: 'retry-due' })).toBe('not_now');
  });
});

describe('a worker that dies', () => {
  it('between two steps costs nothing: the task goes on', () => {
    const task = running({}, {});
    task.report({ type: 'step-started', stepId: 's1' });
    task.report({ type: 'step-finished', stepId: 's1' });
    die(task);
    expect(task.state).toMatchObject({ status: 'queued', ready: 'work' });
    expect(task.state.steps.map(({ status }) => status)).toEqual(['done', 'pending']);
  });

  it('during a step that is safe to repeat has it started again', () => {
    const task = running({});
    task.report({ type: 'step-started', stepId: 's1' });
    die(task);
    expect(task.state).toMatchObject({ status: 'queued', because: { next: 'Finished steps are not repeated.' } });
    task.start();
    expect(task.report({ type: 'step-started', stepId: 's1' }).steps[0]?.attempts).toBe(2);
  });

  it('again and again during the same step has the task fail', () => {
    const task = running({});
    for (let death = 1; death <= interruptionLimit; death += 1) {
      expect(task.state.status).toBe('running');
      task.report({ type: 'step-started', stepId: 's1' });
      die(task);
      if (task.state.status === 'queued') task.start();
    }
    expect(task.state).toMatchObject({
      status: 'failed',
      failure: 'It broke off 3 times at “Do s1” (Its worker died); it is not started again by itself',
    });
  });

  it('for the first time is not counted with what ended otherwise: a worker that was told to stop, a run that failed', () => {
    const task = running({});
    const begun = (report: Parameters<TaskStory['report']>[0]) => {
      task.report({ type: 'step-started', stepId: 's1' });
      task.report(report);
    };
    for (let time = 0; time < interruptionLimit; time += 1) {
      begun({ type: 'stopped' });
      expect(task.state).toMatchObject({ status: 'queued', because: { text: expect.not.stringContaining('died') } });
      task.start();
      begun({ type: 'failed', reason: 'the disk is full' });
      task.happens({ type: 'retry' }, ana);
      task.start();
    }
    task.report({ type: 'step-started', stepId: 's1' });
    die(task);
    expect(task.state).toMatchObject({ status: 'queued', because: { text: expect.stringContaining('died') } });
  });

  it('again and again between two steps has the task fail, unless it says that it was told to stop', () => {
    const task = running({});
    for (let stop = 0; stop < interruptionLimit; stop += 1) {
      task.report({ type: 'stopped' });
      task.start();
    }
    for (let death = 1; death <= interruptionLimit; death += 1) {
      expect(task.state.status).toBe('running');
      die(task);
      if (task.state.status === 'queued') task.start();
    }
    expect(task.state).toMatchObject({
      status: 'failed',
      failure: 'It broke off 3 times at the same place (Its worker died)',
    });
  });

  it('before it claimed the run gives the task back', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    task.happens({ type: 'admit', runId: 'r1' });
    expect(task.happens({ type: 'interrupt', runId: 'r1', reason: 'Its worker died' })).toMatchObject({
      ready: 'work',
    });
  });
});

describe('a worker that dies during a step that may not be repeated', () => {
  const asked = () => {
    const task = running({ safeToRepeat: false }, {});
    task.report({ type: 'workspace-ready', branch: 'b', baseBranch: 'main', base: baseCommit });
    task.report({ type: 'step-started', stepId: 's1' });
    die(task);
    return { task, questionId: task.state.questions[0]?.id ?? '' };
  };

  it('has a person asked', () => {
    const { task } = asked();
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'answer', awaited: 'ana' } });
    expect(task.state.ready).toBeUndefined();
  });

  it.each([
    ['again', { status: 'queued', steps: [{ status: 'pending' }, { status: 'pending' }] }],
    ['skip', { status: 'queued', steps: [{ status: 'skipped' }, { status: 'pending' }] }],
    ['cancel', { status: 'cancelled', questions: [{ status: 'answered' }] }],
  ])('whose answer “%s” is carried out', (answer, outcome) => {
    const { task, questionId } = asked();
    expect(task.happens({ type: 'answer', questionId, answer }, ana)).toMatchObject(outcome);
  });

  it('whose first answer counts', () => {
    const { task, questionId } = asked();
    expect(task.refused({ type: 'answer', questionId, answer: 'perhaps' }, ana)).toBe('unknown');
    expect(task.refused({ type: 'answer', questionId: 'no-such', answer: 'again' }, ana)).toBe('unknown');
    expect(task.refused({ type: 'answer', questionId, answer: 'again' }, cy)).toBe('not_allowed');
    task.happens({ type: 'answer', questionId, answer: 'again' }, bo);
    expect(task.refused({ type: 'answer', questionId, answer: 'cancel' }, ana)).toBe('already_decided');
  });
});
