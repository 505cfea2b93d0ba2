import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deciders } from '#core/policy/deciders.ts';
import {
  type Actor,
  ana,
  baseCommit,
  begin,
  bo,
  commitOf,
  idOf,
  manifest,
  plannedStep,
  received,
  type TaskStory,
} from './testing.ts';

const request = { stepId: 's1', reason: 'why', shown: 'x', hash: 'h', ruleHash: 'r' } as const;
const rule = { id: 'rule', ruleHash: 'r', madeBy: 'bo', madeById: bo.memberId, madeAt: '2026-05-03T09:00:00.000Z' };
const approvers: readonly Actor[] = [
  { ...ana, role: 'approver' },
  ...['bo', 'cy', 'di'].map((name): Actor => ({ memberId: `member-${name}`, name, role: 'approver' })),
];
const [asker, second, third] = approvers;

function asked(deciders: Deciders, withRule: typeof rule | undefined = undefined): TaskStory {
  const first = received({ steps: [plannedStep('s1', { approve: 'why' })] });
  if (first.type !== 'task.received') throw new RangeError('a task begins with task.received');
  const task = begin({ ...first, understanding: { ...first.understanding, deciders } }, withRule);
  task.happens({ type: 'queue' });
  task.start();
  task.report({ type: 'needs-approval', ...request });
  return task;
}

function approvalId(task: TaskStory): string {
  return task.state.approvals[0]?.id ?? '';
}

/** Work that is done, in a project that wants so many to decide. */
function completed(deciders: Deciders): TaskStory {
  const task = asked(deciders);
  const { approvals } = task.state;
  for (const by of [...approvers].reverse().slice(0, deciders.people)) {
    task.happens({ type: 'approve', approvalId: approvals[0]?.id ?? '' }, by);
  }
  task.start();
  const file = { path: 'a.txt', status: 'added', added: 1, removed: 0 } as const;
  const changes = { files: [file], added: 1, removed: 0, more: 0 };
  task.report({ type: 'workspace-ready', branch: 'commander/42', baseBranch: 'main', base: baseCommit });
  task.report({ type: 'checkpoint', n: 1, name: 'Start', commit: baseCommit });
  task.report({ type: 'step-started', stepId: 's1' });
  task.report({ type: 'checkpoint', n: 2, name: 'Done', commit: commitOf(1), changes });
  task.report({ type: 'step-finished', stepId: 's1' });
  task.report({ type: 'finished' });
  return task;
}

describe('who delivers', () => {
  const deliver = { type: 'deliver', commit: commitOf(1) } as const;

  it('are as many as have to approve, each once; who asked for the work is told that he may not', () => {
    const task = completed({ people: 2, notRequester: true });
    expect(task.command(deliver, asker)).toMatchObject({ refusal: { code: 'not_allowed' } });
    expect(task.happens(deliver, second)).toMatchObject({ deliveryVotes: { votes: [{ by: { name: 'bo' } }] } });
    expect(task.state.delivery).toBeUndefined();
    expect(task.command(deliver, second)).toMatchObject({
      refusal: { code: 'already_decided', message: expect.stringContaining('1 other person has to approve as well') },
    });
    expect(task.happens(deliver, third).delivery).toMatchObject({
      status: 'requested',
      by: { name: 'cy' },
      votes: [{ by: { name: 'bo' } }],
    });
  });

  it('have to say so anew when the work has changed since, or was not taken', () => {
    const task = completed({ people: 2, notRequester: false });
    task.happens(deliver, second);
    task.happens({ type: 'propose-revert', revertId: idOf(5), checkpoint: 1, head: commitOf(1), manifest }, asker);
    task.happens({ type: 'revert', revertId: idOf(5) }, asker);
    task.start();
    task.report({ type: 'checkpoint', n: 3, name: 'Reverted', commit: commitOf(2) });
    task.report({ type: 'reverted', result: commitOf(2) });
    const newer = { type: 'deliver', commit: commitOf(2) } as const;
    expect(task.happens(newer, third).delivery).toBeUndefined();
    task.happens(newer, second);
    task.start();
    task.report({ type: 'delivery-refused', reason: 'main has moved' });
    task.happens(newer, second);
    expect(task.state.delivery?.status).toBe('refused');
    expect(task.happens(newer, asker).delivery?.status).toBe('requested');
  });

  it('whoever presses, in any order: never too few, never twice the same, never his own', () => {
    const many = fc.record({ people: fc.integer({ min: 1, max: 3 }), notRequester: fc.boolean() });
    fc.assert(
      fc.property(many, fc.array(fc.constantFrom(...approvers), { maxLength: 10 }), (deciders, presses) => {
        const task = completed(deciders);
        for (const by of presses) task.command(deliver, by);
        const { delivery } = task.state;
        const counting = new Set(presses.map(({ memberId }) => memberId));
        if (deciders.notRequester) counting.delete(ana.memberId);
        expect(delivery !== undefined).toBe(counting.size >= deciders.people);
        const yes = [...(delivery?.votes ?? []).map(({ by }) => by), ...(delivery === undefined ? [] : [delivery.by])];
        expect(new Set(yes.map(({ memberId }) => memberId)).size).toBe(yes.length);
        if (delivery !== undefined) expect(yes).toHaveLength(deciders.people);
        if (deciders.notRequester) expect(yes.map(({ memberId }) => memberId)).not.toContain(ana.memberId);
      }),
    );
  });
});

describe('who approves', () => {
  it('is not the one who asked for the work, where the project wants other eyes; he may deny', () => {
    const task = asked({ people: 1, notRequester: true });
    expect(task.command({ type: 'approve', approvalId: approvalId(task) }, asker)).toMatchObject({
      refusal: { code: 'not_allowed', message: 'ana asked for #42; in demo somebody else has to approve that.' },
    });
    expect(task.state.approvals).toMatchObject([{ status: 'open' }]);
    expect(task.happens({ type: 'approve', approvalId: approvalId(task) }, second).status).toBe('queued');
    const another = asked({ people: 1, notRequester: true });
    expect(another.happens({ type: 'deny', approvalId: approvalId(another) }, asker).status).toBe('cancelled');
  });

  it('is several people, each once; what was given is shown, and one who denies ends it', () => {
    const task = asked({ people: 2, notRequester: false });
    task.happens({ type: 'approve', approvalId: approvalId(task) }, second);
    expect(task.state).toMatchObject({
      status: 'waiting',
      approvals: [{ status: 'open', votes: [{ by: { name: 'bo' } }] }],
    });
    expect(task.command({ type: 'approve', approvalId: approvalId(task) }, second)).toMatchObject({
      refusal: { code: 'already_decided', message: expect.stringContaining('1 other person has to approve as well') },
    });
    task.happens({ type: 'approve', approvalId: approvalId(task) }, third);
    expect(task.state.approvals).toMatchObject([{ status: 'approved', decidedBy: { name: 'cy' } }]);
    const denied = asked({ people: 3, notRequester: false });
    denied.happens({ type: 'approve', approvalId: approvalId(denied) }, second);
    expect(denied.happens({ type: 'deny', approvalId: approvalId(denied) }, third).approvals[0]?.status).toBe('denied');
  });

  it('is no standing rule of one person where several have to, or where it is the requester’s own', () => {
    expect(asked({ people: 1, notRequester: false }, rule).state.approvals[0]?.status).toBe('approved');
    expect(asked({ people: 2, notRequester: false }, rule).state.approvals[0]?.status).toBe('open');
    expect(asked({ people: 1, notRequester: true }, rule).state.approvals[0]?.status).toBe('approved');
    const own = { ...rule, madeById: ana.memberId };
    expect(asked({ people: 1, notRequester: true }, own).state.approvals[0]?.status).toBe('open');
  });

  it('whoever presses what, in any order: never too few, never twice the same, never his own', () => {
    const press = fc.record({ by: fc.constantFrom(...approvers), type: fc.constantFrom('approve', 'approve', 'deny') });
    const many = fc.record({ people: fc.integer({ min: 1, max: 4 }), notRequester: fc.boolean() });
    fc.assert(
      fc.property(many, fc.array(press, { maxLength: 12 }), (deciders, presses) => {
        const task = asked(deciders);
        const id = approvalId(task);
        for (const { by, type } of presses) task.command({ type: type as 'approve' | 'deny', approvalId: id }, by);
        const [approval] = task.state.approvals;
        const yes = [
          ...(approval?.votes ?? []).map(({ by }) => by),
          ...(approval?.status === 'approved' ? [approval.decidedBy] : []),
        ];
        const ids = yes.map((each) => each?.memberId);
        expect(new Set(ids).size).toBe(ids.length);
        if (approval?.status === 'approved') expect(ids).toHaveLength(deciders.people);
        if (deciders.notRequester) expect(ids).not.toContain(ana.memberId);
      }),
    );
  });
});
