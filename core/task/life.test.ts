import { describe, expect, it } from 'vitest';
import { ana, baseCommit, begin, bo, commitOf, cy, eve, plannedStep, received, receivedWithCheck } from './testing.ts';

const workspace = { type: 'workspace-ready', branch: 'commander/42-x', baseBranch: 'main', base: baseCommit } as const;

describe('a task from its request to its end', () => {
  it('begins in the backlog, with the requester and the plan of its request', () => {
    const { state } = begin();
    expect(state).toMatchObject({ status: 'backlog', requester: { name: 'ana' }, round: 1 });
    expect(state.steps.map(({ status }) => status)).toEqual(['pending', 'pending']);
  });

  it('is queued, admitted, claimed, and then runs', () => {
    const task = begin();
    expect(task.happens({ type: 'queue' })).toMatchObject({ status: 'queued', ready: 'work' });
    expect(task.happens({ type: 'admit', runId: 'r1' })).toMatchObject({
      status: 'queued',
      run: { status: 'admitted' },
    });
    expect(task.state.ready).toBeUndefined();
    const running = task.happens({ type: 'claim', runId: 'r1', worker: 'w1' });
    expect(running).toMatchObject({ status: 'running', run: { status: 'running', worker: 'w1' } });
    expect(running.startedAt).toBe(running.because.since);
  });

  it('is admitted once and claimed once', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    task.happens({ type: 'admit', runId: 'r1' });
    expect(task.refused({ type: 'admit', runId: 'r2' })).toBe('not_now');
    task.happens({ type: 'claim', runId: 'r1', worker: 'w1' });
    expect(task.refused({ type: 'claim', runId: 'r1', worker: 'w2' })).toBe('stale_run');
  });

  it('is completed when every step is done', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    task.start();
    for (const stepId of ['s1', 's2']) {
      task.report({ type: 'step-started', stepId });
      task.report({ type: 'step-finished', stepId });
    }
    expect(task.report({ type: 'finished' })).toMatchObject({ status: 'completed' });
    expect(task.state.run).toBeUndefined();
  });

  it('fails when its run says that it is finished before every step is', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    task.start();
    expect(task.report({ type: 'finished' })).toMatchObject({
      status: 'failed',
      failure: 'The run ended before “Do s1” was done',
    });
  });

  it('waits for what it depends on, and is queued when that is done', () => {
    const task = begin(received({ after: [41] }));
    const block = { type: 'block', for: 'dependency', reason: 'Waiting for #41 to complete', awaited: '#41' } as const;
    task.happens({ type: 'queue' });
    expect(task.happens(block)).toMatchObject({
      status: 'waiting',
      because: { waitingFor: 'dependency', awaited: '#41' },
    });
    expect(task.state.ready).toBeUndefined();
    expect(task.refused(block)).toBe('not_now');
    expect(task.happens({ type: 'queue' })).toMatchObject({ status: 'queued', ready: 'work' });
  });

  it('is paused while it waits for what it depends on, and resumed waits for the same again', () => {
    const task = begin(received({ after: [41] }));
    task.happens({ type: 'queue' });
    task.happens({ type: 'block', for: 'dependency', reason: 'Waiting for #41 to complete', awaited: '#41' });
    const { because: waited } = task.state;
    expect(task.happens({ type: 'pause' }, ana)).toMatchObject({
      status: 'paused',
      because: { text: 'Paused while it waited for #41' },
    });
    // What it waits for may end meanwhile: that starts nothing.
    expect(task.refused({ type: 'queue' })).toBe('not_now');
    const { status, ready, because } = task.happens({ type: 'resume' }, ana);
    expect([status, ready, { ...because, since: waited.since }]).toEqual(['waiting', undefined, waited]);
    expect(task.happens({ type: 'queue' })).toMatchObject({ status: 'queued', ready: 'work' });
  });

  it('waits for a lock and stays ready, for the lock is tried again and again', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    const waiting = task.happens({ type: 'block', for: 'lock', reason: 'Waiting for #41', awaited: '#41' });
    expect(waiting).toMatchObject({ status: 'waiting', ready: 'work' });
    task.start();
    expect(task.state.status).toBe('running');
  });
});

describe('checks', () => {
  const finishSteps = (task: ReturnType<typeof begin>) => {
    task.happens({ type: 'queue' });
    task.start();
    task.report(workspace);
    for (const stepId of ['s1', 's2']) {
      task.report({ type: 'step-started', stepId });
      task.report({ type: 'step-finished', stepId });
    }
  };
  const check = (passed: boolean, name = 'tests') => ({ name, command: 'npm test', passed, reason: '', durationMs: 1 });

  it('that did not pass make the task fail', () => {
    const task = begin(receivedWithCheck());
    finishSteps(task);
    task.report({ type: 'verified', commit: baseCommit, checks: [check(false)] });
    expect(task.state.actions.at(-1)?.text).toBe('Ran 1 check on the final commit: 1 did not pass');
    expect(task.report({ type: 'finished' })).toMatchObject({
      status: 'failed',
      failure: expect.stringContaining('tests'),
    });
  });

  it.each([
    ['that did not run', undefined],
    ['of another commit', { commit: commitOf(9), checks: [check(true)] }],
    ['of another name', { commit: baseCommit, checks: [check(true, 'lint')] }],
  ])('%s make the task fail', (_, verified) => {
    const task = begin(receivedWithCheck());
    finishSteps(task);
    if (verified !== undefined) task.report({ type: 'verified', ...verified });
    expect(task.report({ type: 'finished' })).toMatchObject({
      status: 'failed',
      failure: 'The work is done, but its checks did not run on the final commit',
    });
  });

  it('that passed on the final commit let it complete', () => {
    const task = begin(receivedWithCheck());
    finishSteps(task);
    task.report({ type: 'verified', commit: baseCommit, checks: [check(true)] });
    expect(task.report({ type: 'finished' }).status).toBe('completed');
  });
});

describe('pausing', () => {
  it('a task that does not run is done at once; resuming queues it', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    expect(task.happens({ type: 'pause' }, ana).status).toBe('paused');
    expect(task.refused({ type: 'admit', runId: 'r1' })).toBe('not_now');
    expect(task.refused({ type: 'pause' }, ana)).toBe('not_now');
    expect(task.happens({ type: 'resume' }, ana)).toMatchObject({ status: 'queued', ready: 'work' });
  });

  it('a running task waits for the step under way', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    task.start();
    task.report({ type: 'step-started', stepId: 's1' });
    expect(task.happens({ type: 'pause' }, ana)).toMatchObject({
      status: 'running',
      pauseRequestedBy: { name: 'ana' },
    });
    expect(task.refused({ type: 'resume' }, ana)).toBe('not_now');
    const paused = task.report({ type: 'step-finished', stepId: 's1' });
    expect(paused).toMatchObject({ status: 'paused', because: { text: 'Paused by ana' } });
    expect(paused.run).toBeUndefined();
    expect(paused.steps.map(({ status }) => status)).toEqual(['done', 'pending']);
  });

  it('during the last step changes nothing any more', () => {
    const task = begin(received({ steps: [plannedStep('s1')] }));
    task.happens({ type: 'queue' });
    task.start();
    task.report({ type: 'step-started', stepId: 's1' });
    task.happens({ type: 'pause' }, ana);
    expect(task.report({ type: 'step-finished', stepId: 's1' }).status).toBe('running');
    expect(task.report({ type: 'finished' }).status).toBe('completed');
  });
});

describe('cancelling', () => {
  it('a task that does not run yet ends it at once', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    task.happens({ type: 'admit', runId: 'r1' });
    expect(task.happens({ type: 'cancel' }, ana)).toMatchObject({
      status: 'cancelled',
      because: { text: 'Cancelled by ana' },
    });
    expect(task.refused({ type: 'claim', runId: 'r1', worker: 'w1' })).toBe('stale_run');
    expect(task.refused({ type: 'cancel' }, ana)).toBe('not_now');
  });

  it('a running task ends it when its processes are gone', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    task.start();
    task.report({ type: 'step-started', stepId: 's1' });
    expect(task.happens({ type: 'cancel' }, ana)).toMatchObject({
      status: 'running',
      cancelRequestedBy: { name: 'ana' },
    });
    expect(task.refused({ type: 'cancel' }, bo)).toBe('not_now');
    expect(task.report({ type: 'stopped' })).toMatchObject({
      status: 'cancelled',
      because: { text: 'Cancelled by ana' },
    });
  });

  it.each([
    ['asks for approval', { type: 'needs-approval', stepId: 's1', reason: '', shown: '', hash: '', ruleHash: '' }],
    ['would pause', { type: 'step-started', stepId: 's1' }],
  ] as const)('is not lost when the run %s at that moment', (_, report) => {
    const task = begin();
    task.happens({ type: 'queue' });
    task.start();
    task.happens({ type: 'pause' }, ana);
    task.happens({ type: 'cancel' }, ana);
    expect(task.report(report)).toMatchObject({ status: 'cancelled' });
    expect(task.state.approvals).toEqual([]);
  });

  it('is not lost when the worker dies instead of stopping', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    const runId = task.start();
    task.happens({ type: 'cancel' }, ana);
    expect(task.happens({ type: 'interrupt', runId, reason: 'Its worker died' }).status).toBe('cancelled');
  });
});

describe('after its end a task', () => {
  const failed = () => {
    const task = begin();
    task.happens({ type: 'queue' });
    task.start();
    task.report({ type: 'step-started', stepId: 's1' });
    task.report({ type: 'step-finished', stepId: 's1' });
    task.report({ type: 'step-started', stepId: 's2' });
    task.report({ type: 'step-failed', stepId: 's2', reason: 'exit code 1', transient: false });
    return task;
  };

  it('that failed goes on from the failed step when it is retried, and remembers how it failed', () => {
    const task = failed();
    expect(task.state).toMatchObject({ status: 'failed', failure: '“Do s2” failed: exit code 1' });
    const retried = task.happens({ type: 'retry' }, ana);
    expect(retried).toMatchObject({
      status: 'queued',
      round: 1,
      earlierFailures: [{ reason: '“Do s2” failed: exit code 1' }],
    });
    expect(retried.failure).toBeUndefined();
    expect(retried.steps.map(({ status }) => status)).toEqual(['done', 'pending']);
  });

  it('starts from the first step, in a new round, when it is run again', () => {
    const again = failed().happens({ type: 'restart' }, ana);
    expect(again).toMatchObject({ status: 'queued', round: 2, earlierFailures: [] });
    expect(again.steps.map(({ status, attempts }) => [status, attempts])).toEqual([
      ['pending', 0],
      ['pending', 0],
    ]);
    expect(again.workspace).toBeUndefined();
  });

  it('that did not fail is not retried; one that has not ended is not run again', () => {
    const task = begin();
    expect(task.refused({ type: 'retry' }, ana)).toBe('not_now');
    expect(task.refused({ type: 'restart' }, ana)).toBe('not_now');
  });
});

describe('who may', () => {
  it('steer: the requester and those who may approve', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    expect(task.refused({ type: 'pause' }, cy)).toBe('not_allowed');
    expect(task.refused({ type: 'pause' }, eve)).toBe('not_allowed');
    expect(task.refused({ type: 'pause' })).toBe('not_allowed');
    expect(task.happens({ type: 'pause' }, bo).status).toBe('paused');
    expect(task.happens({ type: 'resume' }, ana).status).toBe('queued');
  });

  it('is told which role it takes', () => {
    const task = begin();
    expect(task.command({ type: 'cancel' }, eve)).toMatchObject({
      refusal: { message: expect.stringContaining('“viewer”; this needs “approver”') },
    });
  });

  it('change the priority', () => {
    expect(begin().happens({ type: 'prioritise', priority: 10 }, ana).priority).toBe(10);
  });
});
