import { describe, expect, it } from 'vitest';
import { show } from '#core/show/task.ts';
import { wordsOf } from '#core/show/testing.ts';
import { interruptionLimit } from './decide-engine.ts';
import { ana, baseCommit, begin, bo, commitOf, idOf, manifest, type TaskStory } from './testing.ts';

const changes = {
  files: [{ path: 'a.md', status: 'added', added: 1, removed: 0 }],
  added: 1,
  removed: 0,
  more: 0,
} as const;

/** A task that changed a file and has its work at commit 1, but for its last report. */
function worked(options: { readonly changes?: typeof changes } = { changes }, baseBranch = 'main'): TaskStory {
  const task = begin();
  task.happens({ type: 'queue' });
  task.start();
  task.report({ type: 'workspace-ready', branch: 'commander/42-x', baseBranch, base: baseCommit });
  task.report({ type: 'checkpoint', n: 1, name: 'Start', commit: baseCommit });
  for (const stepId of ['s1', 's2']) {
    task.report({ type: 'step-started', stepId });
    if (stepId === 's1') task.report({ type: 'checkpoint', n: 2, name: 'Done', commit: commitOf(1), ...options });
    task.report({ type: 'step-finished', stepId });
  }
  return task;
}

function completed(options?: { readonly changes?: typeof changes }): TaskStory {
  const task = worked(options);
  task.report({ type: 'finished' });
  return task;
}

describe('delivery', () => {
  const deliver = { type: 'deliver', commit: commitOf(1) } as const;

  it('is a run of its own, after which the task is as completed as before', () => {
    const task = completed();
    expect(task.happens(deliver, bo)).toMatchObject({
      status: 'completed',
      ready: 'deliver',
      delivery: { status: 'requested' },
    });
    task.start();
    expect(task.state).toMatchObject({ status: 'completed', run: { kind: 'deliver' } });
    expect(task.report({ type: 'delivered', result: commitOf(5) })).toMatchObject({
      status: 'completed',
      delivery: { status: 'delivered', branch: 'main', by: { name: 'bo' }, commit: commitOf(1), result: commitOf(5) },
    });
    expect(task.command(deliver, bo)).toMatchObject({
      refusal: { code: 'already_decided', message: expect.stringMatching(/^bo delivered it already, .* UTC\.$/) },
    });
  });

  it('is refused where the project is at no branch', () => {
    const task = worked({ changes }, 'HEAD');
    task.report({ type: 'finished' });
    expect(task.command(deliver, bo)).toMatchObject({
      refusal: { code: 'not_now', message: expect.stringContaining('Check out a branch there') },
    });
  });

  it('that the project does not take is refused with the reason, and may be tried again', () => {
    const task = completed();
    task.happens(deliver, bo);
    task.start();
    const refused = task.report({ type: 'delivery-refused', reason: 'main has moved' });
    expect(refused).toMatchObject({ status: 'completed', delivery: { status: 'refused', reason: 'main has moved' } });
    expect(task.happens(deliver, bo).delivery?.status).toBe('requested');
  });

  it('that takes its worker down each time is given up, honestly, and may be asked for again', () => {
    const task = completed();
    task.happens(deliver, bo);
    for (let death = 1; death <= interruptionLimit; death += 1) {
      expect(task.state.ready).toBe('deliver');
      const runId = task.start();
      task.happens({ type: 'interrupt', runId, reason: 'Its worker died' });
    }
    expect(task.state).toMatchObject({
      status: 'completed',
      delivery: { status: 'refused', reason: expect.stringContaining('It broke off 3 times') },
    });
    expect(task.state.ready).toBeUndefined();
    const words = show(task.state).map(wordsOf).join('\n');
    expect(words).toContain('It is not known whether it was delivered to main: It broke off 3 times');
    expect(words).not.toContain('Not delivered');
    task.happens(deliver, bo);
    task.happens({ type: 'interrupt', runId: task.start(), reason: 'Its worker died' });
    expect(task.state).toMatchObject({ ready: 'deliver', delivery: { status: 'requested' } });
  });

  it('is of the commit that was shown, and of no other', () => {
    expect(completed().refused({ ...deliver, commit: commitOf(9) }, bo)).toBe('changed_since');
  });

  it('needs a completed task with changes, nothing else under way, and somebody who may', () => {
    expect(worked().refused(deliver, bo)).toBe('not_now');
    expect(completed({}).refused(deliver, bo)).toBe('not_now');
    const task = completed();
    expect(task.refused(deliver, ana)).toBe('not_allowed');
    task.happens(deliver, bo);
    expect(task.refused(deliver, bo)).toBe('not_now');
    expect(task.refused({ type: 'restart' }, bo)).toBe('not_now');
  });

  it('whose worker dies is simply due again', () => {
    const task = completed();
    task.happens(deliver, bo);
    const runId = task.start();
    expect(task.happens({ type: 'interrupt', runId, reason: 'Its worker died' })).toMatchObject({
      status: 'completed',
      ready: 'deliver',
    });
  });
});

describe('a revert that breaks off again and again', () => {
  it('is given up, and nobody is told that it was not done', () => {
    const task = completed();
    const revertId = idOf(5);
    task.happens({ type: 'propose-revert', revertId, checkpoint: 1, head: commitOf(1), manifest }, ana);
    task.happens({ type: 'revert', revertId }, ana);
    for (let death = 1; death <= interruptionLimit; death += 1)
      task.happens({ type: 'interrupt', runId: task.start(), reason: 'Its worker died' });
    const card = show(task.state).find(({ key }) => key === `revert:${revertId}`);
    const words = card === undefined ? '' : wordsOf(card);
    expect(words).toContain('It is not known whether it went back to “Start”: It broke off 3 times');
    expect(words).not.toMatch(/not reverted|did not go back/i);
    expect(task.state.actions.at(-1)?.text).toMatch(/^Not known whether it was reverted/);
  });
});

describe('a revert', () => {
  const propose = { type: 'propose-revert', revertId: idOf(5), checkpoint: 1, head: commitOf(1), manifest } as const;

  it('is stated first, then carried out as a run of its own', () => {
    const task = completed();
    expect(task.happens(propose, ana).reverts).toMatchObject([
      { status: 'proposed', checkpointName: 'Start', by: { name: 'ana' } },
    ]);
    expect(task.state.ready).toBeUndefined();
    expect(task.happens({ type: 'revert', revertId: idOf(5), files: ['a.md'] }, ana).ready).toBe('revert');
    task.start();
    task.report({ type: 'checkpoint', n: 3, name: 'Reverted', commit: commitOf(3) });
    expect(task.report({ type: 'reverted', result: commitOf(3) })).toMatchObject({
      status: 'completed',
      workspace: { head: commitOf(3) },
      reverts: [{ status: 'done', files: ['a.md'], result: commitOf(3) }],
    });
  });

  it('that can not be carried out says why', () => {
    const task = completed();
    task.happens(propose, ana);
    task.happens({ type: 'revert', revertId: idOf(5) }, ana);
    task.start();
    expect(task.report({ type: 'revert-refused', reason: 'the folder is gone' }).reverts).toMatchObject([
      { status: 'refused', reason: 'the folder is gone' },
    ]);
  });

  it('is open once: a new statement takes the place of the one before', () => {
    const task = completed();
    task.happens(propose, ana);
    task.happens({ ...propose, revertId: idOf(6) }, ana);
    expect(task.state.reverts.map(({ status }) => status)).toEqual(['withdrawn', 'proposed']);
    expect(task.refused({ type: 'revert', revertId: idOf(5) }, ana)).toBe('already_decided');
    expect(task.happens({ type: 'withdraw-revert', revertId: idOf(6) }, ana).reverts[1]?.status).toBe('withdrawn');
    expect(task.refused({ type: 'withdraw-revert', revertId: idOf(6) }, ana)).toBe('already_decided');
  });

  it('is not stated of work that goes on, nor of a checkpoint that there is not', () => {
    expect(worked().refused(propose, ana)).toBe('not_now');
    expect(completed().refused({ ...propose, checkpoint: 9 }, ana)).toBe('unknown');
  });

  it('is not carried out when nothing can be restored', () => {
    const task = completed();
    task.happens({ ...propose, manifest: { ...manifest, verdict: 'not' } }, ana);
    expect(task.refused({ type: 'revert', revertId: idOf(5) }, ana)).toBe('not_now');
    expect(task.refused({ type: 'revert', revertId: 'no-such' }, ana)).toBe('unknown');
  });

  it('is not carried out when the work was delivered after the statement, for that said nothing of the project', () => {
    const task = completed();
    task.happens(propose, ana);
    task.happens({ type: 'deliver', commit: commitOf(1) }, bo);
    task.start();
    task.report({ type: 'delivered', result: commitOf(5) });
    expect(task.refused({ type: 'revert', revertId: idOf(5) }, ana)).toBe('changed_since');
  });

  it('that was stated is withdrawn when the task is taken up again', () => {
    const task = worked();
    task.report({ type: 'failed', reason: 'the disk is full' });
    task.happens(propose, ana);
    expect(task.happens({ type: 'retry' }, ana).reverts[0]?.status).toBe('withdrawn');
    expect(task.refused({ type: 'revert', revertId: idOf(5) }, ana)).toBe('already_decided');
  });

  it('under way keeps the task from being retried', () => {
    const task = worked();
    task.report({ type: 'failed', reason: 'the disk is full' });
    task.happens(propose, ana);
    task.happens({ type: 'revert', revertId: idOf(5) }, ana);
    expect(task.refused({ type: 'retry' }, ana)).toBe('not_now');
    task.start();
    expect(task.refused({ type: 'retry' }, ana)).toBe('not_now');
  });
});
