import { describe, expect, it } from 'vitest';
import { ana, begin, bo, plannedStep, received, type TaskStory } from './testing.ts';

const request = {
  type: 'needs-approval',
  stepId: 's1',
  reason: 'it tags the release',
  shown: 'git tag v1.2.0',
  hash: 'hash',
  ruleHash: 'rule',
} as const;

function asked(): { task: TaskStory; approvalId: string } {
  const task = begin(received({ steps: [plannedStep('s1', { approve: 'it tags the release' }), plannedStep('s2')] }));
  task.happens({ type: 'queue' });
  task.start();
  task.report(request);
  return { task, approvalId: task.state.approvals[0]?.id ?? '' };
}

describe('an approval', () => {
  it('holds no run, and nothing goes on before a decision', () => {
    const { task } = asked();
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'approval' } });
    expect([task.state.run, task.state.ready]).toEqual([undefined, undefined]);
    expect(task.state.approvals).toMatchObject([
      { status: 'open', shown: 'git tag v1.2.0', hash: 'hash', stepName: 'Do s1' },
    ]);
    expect(task.refused({ type: 'admit', runId: 'r9' })).toBe('not_now');
  });

  it('takes a pause meanwhile: it stays asked, and once it is given the task pauses instead of going on', () => {
    const { task, approvalId } = asked();
    expect(task.happens({ type: 'pause' }, ana)).toMatchObject({
      status: 'waiting',
      pauseRequestedBy: { name: 'ana' },
    });
    expect(task.refused({ type: 'pause' }, ana)).toBe('not_now');
    expect(task.happens({ type: 'approve', approvalId }, bo)).toMatchObject({
      status: 'paused',
      ready: undefined,
      pauseRequestedBy: undefined,
      because: { text: 'Approved by bo, paused by ana' },
    });
    expect(task.happens({ type: 'resume' }, ana)).toMatchObject({ status: 'queued', ready: 'work' });
  });

  it('is resumed before it is given: the pause is taken back, and it goes on with the decision', () => {
    const { task, approvalId } = asked();
    task.happens({ type: 'pause' }, ana);
    expect(task.happens({ type: 'resume' }, ana)).toMatchObject({ status: 'waiting', pauseRequestedBy: undefined });
    expect(task.happens({ type: 'approve', approvalId }, bo)).toMatchObject({ status: 'queued', ready: 'work' });
  });

  it('is not for the requester to give who may not approve', () => {
    const { task, approvalId } = asked();
    for (const type of ['approve', 'deny'] as const)
      expect(task.refused({ type, approvalId }, ana)).toBe('not_allowed');
  });

  it('that is given queues the task, with who and when', () => {
    const { task, approvalId } = asked();
    const approved = task.happens({ type: 'approve', approvalId }, bo);
    expect(approved).toMatchObject({ status: 'queued', because: { text: 'Approved by bo' } });
    expect(approved.approvals[0]).toMatchObject({
      status: 'approved',
      decidedBy: { name: 'bo' },
      decidedAt: approved.because.since,
    });
    task.start();
    expect(task.report({ type: 'step-started', stepId: 's1' }).steps[0]?.status).toBe('running');
  });

  it('that is denied ends the task, with the note', () => {
    const { task, approvalId } = asked();
    const denied = task.happens({ type: 'deny', approvalId, note: 'not on a Friday' }, bo);
    expect(denied).toMatchObject({ status: 'cancelled', because: { text: 'bo denied “Do s1”' } });
    expect(denied.approvals[0]).toMatchObject({ status: 'denied', note: 'not on a Friday' });
  });

  it('that is refined starts the task again as it was refined', () => {
    const { task, approvalId } = asked();
    const refined = task.happens(
      {
        type: 'refine',
        approvalId,
        note: 'as 1.2.1',
        title: 'Release 1.2.1',
        inputs: { version: '1.2.1' },
        steps: [plannedStep('s1')],
        verify: [],
      },
      bo,
    );
    expect(refined).toMatchObject({
      status: 'queued',
      title: 'Release 1.2.1',
      understanding: { inputs: { version: '1.2.1' } },
    });
    expect(refined.steps).toHaveLength(1);
    expect(refined.approvals[0]).toMatchObject({ status: 'refined', note: 'as 1.2.1' });
  });

  it('is decided once: later clicks are told what was decided', () => {
    const { task, approvalId } = asked();
    task.happens({ type: 'approve', approvalId }, bo);
    expect(task.command({ type: 'deny', approvalId }, bo)).toMatchObject({
      refusal: { code: 'already_decided', message: expect.stringMatching(/^“Do s1” was approved by bo, .* UTC\.$/) },
    });
    expect(task.refused({ type: 'approve', approvalId: 'no-such' }, bo)).toBe('unknown');
  });

  it('is withdrawn when the task is cancelled', () => {
    const { task, approvalId } = asked();
    expect(task.happens({ type: 'cancel' }, ana).approvals[0]?.status).toBe('withdrawn');
    expect(task.refused({ type: 'approve', approvalId }, bo)).toBe('already_decided');
  });

  it('that a standing rule gives is recorded with the rule, and nobody is asked', () => {
    const rule = { id: 'rule-1', madeBy: 'bo', madeAt: '2026-05-03T09:00:00.000Z' };
    const task = begin(received(), { ...rule, madeById: bo.memberId, ruleHash: request.ruleHash });
    task.happens({ type: 'queue' });
    task.start();
    const state = task.report(request);
    expect(state).toMatchObject({ status: 'queued', ready: 'work', because: { text: 'Approved by a rule of bo' } });
    expect(state.approvals).toMatchObject([{ status: 'approved', rule }]);
  });
});
