import { describe, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import {
  ana,
  baseCommit,
  begin,
  bo,
  commitOf,
  idOf,
  manifest,
  plannedStep,
  received,
  receivedWithCheck,
  type TaskStory,
} from '#core/task/testing.ts';
import { explain } from './explain.ts';
import { show } from './task.ts';
import { buttonsOf, wordsOf } from './testing.ts';
import type { ShowWorld } from './world.ts';

const files = [
  { path: 'CHANGELOG.md', status: 'modified', added: 24, removed: 0 },
  { path: 'package.json', status: 'modified', added: 1, removed: 1 },
] as const;
const passed = { name: 'tests', command: 'npm test', passed: true, reason: 'passed in 3 s', durationMs: 3000 } as const;
const request = {
  type: 'needs-approval',
  stepId: 's2',
  reason: 'it tags',
  shown: 'git tag v1.2.0',
  hash: 'h',
  ruleHash: 'r',
} as const;

function card(task: TaskStory, key: string, world: ShowWorld = {}): Card {
  const found = show(task.state, world).find((each) => each.key === key);
  if (found === undefined) throw new Error(`there is no card ${key}`);
  return found;
}

function labels(task: TaskStory, key: string): readonly string[] {
  return buttonsOf(card(task, key)).map((button) => button.label);
}

function title(task: TaskStory, key = 'status:1'): string {
  return plainOf(card(task, key).title);
}

/** A task whose first step runs. */
function running(first = receivedWithCheck()): TaskStory {
  const task = begin(first);
  task.happens({ type: 'queue' });
  task.start();
  task.report({ type: 'workspace-ready', branch: 'commander/42-release', baseBranch: 'main', base: baseCommit });
  task.report({ type: 'checkpoint', n: 1, name: 'Start', commit: baseCommit });
  task.report({ type: 'step-started', stepId: 's1' });
  return task;
}

/** A task that waits for approval of its second step. */
function asked(): TaskStory {
  const task = running(
    receivedWithCheck({
      steps: [plannedStep('s1'), plannedStep('s2', { approve: 'it tags', reversible: 'tags are seen by others' })],
    }),
  );
  task.report({ type: 'step-finished', stepId: 's1' });
  task.report(request);
  return task;
}

function completed(checks = [passed]): TaskStory {
  const task = running(checks.length === 0 ? received() : receivedWithCheck());
  task.report({
    type: 'checkpoint',
    n: 2,
    name: 'Do s1',
    commit: commitOf(1),
    changes: { files, added: 25, removed: 1, more: 0 },
  });
  task.report({ type: 'step-finished', stepId: 's1' });
  task.report({ type: 'step-started', stepId: 's2' });
  task.report({
    type: 'output',
    output: { id: idOf(9), name: 'notes.pdf', mediaType: 'application/pdf', size: 12_000, sha256: '', version: 1 },
  });
  task.report({ type: 'step-finished', stepId: 's2' });
  task.report({ type: 'verified', commit: commitOf(1), checks });
  task.report({ type: 'finished' });
  return task;
}

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

  it('stays as it is while the task goes on', () => {
    expect(card(completed(), 'understanding:1')).toEqual(card(begin(receivedWithCheck()), 'understanding:1'));
  });
});

describe('the status', () => {
  it('of a queued task says its place, its priority, and that it starts by itself', () => {
    const task = begin();
    task.happens({ type: 'queue' });
    const status = card(task, 'status:1', { queue: { position: 3, ahead: 2 } });
    expect(plainOf(status.title)).toBe('#42 Release 1.2.0 · Queued');
    expect(wordsOf(status)).toContain('Number 3 in the queue, 2 ahead of it. Its priority is 50');
    expect(wordsOf(status)).toContain('starts by itself');
    expect(labels(task, 'status:1')).toEqual(['Pause', 'Cancel', 'Explain']);
  });

  it('of a running task shows the step, what comes next, and the plan with ticks', () => {
    const task = running();
    const status = card(task, 'status:1', { estimateMs: 120_000 });
    expect(wordsOf(status)).toContain('Working on “Do s1”');
    expect(wordsOf(status)).toContain('Next comes “Do s2”.');
    expect(wordsOf(status)).toContain('Earlier runs took about 2 min.');
    expect(status.blocks).toContainEqual({
      kind: 'plan',
      steps: [
        { state: 'running', title: 'Do s1', detail: [{ kind: 'elapsed', since: task.state.steps[0]?.startedAt }] },
        { state: 'pending', title: 'Do s2' },
      ],
    });
    expect(labels(task, 'status:1')).toEqual(['Pause', 'Cancel', 'Details', 'Explain']);
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
    expect(words).toContain(`Retry 1 of 2 starts by itself. Due ${because.until}`);
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
    expect(wordsOf(approval)).toContain(`“Do s2” was denied by bo, ${task.state.because.since}.`);
    expect(approval.blocks).toContainEqual({ kind: 'quote', from: 'bo', text: 'not on a Friday' });
    expect(wordsOf(approval)).toContain('git tag v1.2.0');
    expect(buttonsOf(approval)).toEqual([]);
  });

  it('that a rule gave says whose rule it is', () => {
    const task = running(received());
    task.report({ type: 'step-finished', stepId: 's1' });
    task.report({ ...request, rule: { id: 'x', madeBy: 'ana', madeAt: '2026-05-03T09:00:00.000Z' } });
    expect(wordsOf(card(task, key(task)))).toContain('allowed because ana said always, 2026-05-03T09:00:00.000Z.');
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

describe('the report', () => {
  it('of a completed task says what was done, how it was checked, what changed and what came of it', () => {
    const task = completed();
    const report = card(task, 'report:1');
    const words = wordsOf(report);
    expect(report.tone).toBe('success');
    expect(words).toContain('Done: “Do s1” and “Do s2”.');
    expect(words).toContain('Commander ran 1 check on commit 1111111: passed.');
    expect(words).toContain('Passed tests: npm test');
    expect(words).toContain('2 files changed on commander/42-release: +25 −1.');
    expect(words).toContain('the changes are on commander/42-release and nowhere else');
    expect(report.blocks.find((block) => block.kind === 'files')?.files).toMatchObject([
      { name: 'notes.pdf', href: `/outputs/${idOf(9)}` },
    ]);
    expect(labels(task, 'report:1')).toEqual(['Deliver', 'Diff', 'Revert…', 'Run again']);
  });

  it('asks before a delivery, with files, commit and branch; the press carries the commit', () => {
    const deliver = buttonsOf(card(completed(), 'report:1'))[0];
    expect(deliver?.confirm?.text).toBe(
      '2 files (CHANGELOG.md and package.json) of commit 1111111 go to the branch main of demo.',
    );
    expect(deliver?.action).toBe(`deliver:${idOf(42)}:${commitOf(1)}`);
  });

  it('says plainly that nothing was checked', () => {
    expect(wordsOf(card(completed([]), 'report:1'))).toContain('No checks are declared, so nothing was checked.');
  });

  it('says what became of the delivery', () => {
    const task = completed();
    task.happens({ type: 'deliver', commit: commitOf(1) }, bo);
    expect(labels(task, 'report:1')).toEqual(['Diff']);
    task.start();
    task.report({ type: 'delivery-refused', reason: 'main has moved' });
    expect(wordsOf(card(task, 'report:1'))).toContain('Not delivered to main: main has moved.');
    task.happens({ type: 'deliver', commit: commitOf(1) }, bo);
    task.start();
    task.report({ type: 'delivered', result: commitOf(7) });
    expect(wordsOf(card(task, 'report:1'))).toContain('Delivered to main as commit 7777777 by bo');
    expect(labels(task, 'report:1')).not.toContain('Deliver');
  });

  it('says that the checks are stale when the work has changed since', () => {
    const task = completed();
    task.happens({ type: 'propose-revert', revertId: idOf(5), checkpoint: 1, head: commitOf(1), manifest }, ana);
    task.happens({ type: 'revert', revertId: idOf(5) }, ana);
    task.start();
    task.report({ type: 'checkpoint', n: 3, name: 'Reverted', commit: commitOf(3) });
    task.report({ type: 'reverted', result: commitOf(3) });
    const report = card(task, 'report:1');
    expect(report.tone).toBe('warning');
    expect(wordsOf(report)).toContain(
      'Stale: the work has changed since it was checked. The results are about commit 1111111',
    );
  });

  it('of a failed task says why, what was tried and what to try', () => {
    const task = running();
    task.report({ type: 'step-failed', stepId: 's1', reason: 'exit code 1', transient: false });
    const words = wordsOf(card(task, 'report:1'));
    expect(words).toContain('It failed: “Do s1” failed: exit code 1.');
    expect(words).toContain('The declared checks did not run: tests.');
    expect(words).toContain('Retry goes on from where it failed');
    expect(labels(task, 'report:1')).toEqual(['Retry', 'Run again']);
  });

  it('of an end that was retried stays, without its buttons; the next end has its own', () => {
    const task = running();
    task.report({ type: 'step-failed', stepId: 's1', reason: 'exit code 1', transient: false });
    task.happens({ type: 'retry' }, ana);
    expect(title(task, 'report:1')).toBe('#42 Release 1.2.0 · Failed, then retried');
    expect(labels(task, 'report:1')).toEqual([]);
    task.start();
    task.report({ type: 'failed', reason: 'the disk is full' });
    expect(wordsOf(card(task, 'report:1:2'))).toContain('the disk is full');
  });
});

describe('a revert', () => {
  const proposed = () => {
    const task = completed();
    task.happens({ type: 'propose-revert', revertId: idOf(5), checkpoint: 1, head: commitOf(1), manifest }, ana);
    return task;
  };

  it('states first what can and what can not be undone', () => {
    const task = proposed();
    const words = wordsOf(card(task, `revert:${idOf(5)}`));
    expect(words).toContain('Some of it can be restored, some of it can not. Nothing has changed yet.');
    expect(words).toContain('CHANGELOG.md');
    expect(words).toContain('“Tell the channel”: a message that was sent stays sent');
    expect(labels(task, `revert:${idOf(5)}`)).toEqual(['Revert these', 'Choose files…', 'Keep everything']);
  });

  it('that is not about the work as it is now can not be chosen any more', () => {
    const task = proposed();
    task.happens({ type: 'deliver', commit: commitOf(1) }, bo);
    task.start();
    task.report({ type: 'delivered', result: commitOf(7) });
    expect(wordsOf(card(task, `revert:${idOf(5)}`))).toContain('please ask for the revert again');
    expect(labels(task, `revert:${idOf(5)}`)).toEqual(['Keep everything']);
  });

  it('that was done says with which commit, and that it can be reverted too', () => {
    const task = proposed();
    task.happens({ type: 'revert', revertId: idOf(5), files: ['CHANGELOG.md'] }, ana);
    task.start();
    task.report({ type: 'checkpoint', n: 3, name: 'Reverted', commit: commitOf(3) });
    task.report({ type: 'reverted', result: commitOf(3) });
    const words = wordsOf(card(task, `revert:${idOf(5)}`));
    expect(words).toContain('It is back at “Start”, 1 chosen file, as commit 3333333');
    expect(words).toContain('can be reverted too');
  });
});

describe('produced files', () => {
  it('have a card each, up to ten; an older version says that there is a newer one', () => {
    const task = running();
    for (let version = 1; version <= 12; version += 1) {
      task.report({
        type: 'output',
        output: { id: idOf(version), name: 'a.pdf', mediaType: 'application/pdf', size: 1, sha256: '', version },
      });
    }
    const keys = show(task.state)
      .map(({ key }) => key)
      .filter((key) => key.startsWith('output'));
    expect(keys).toEqual([...Array.from({ length: 10 }, (_, index) => `output:${idOf(index + 1)}`), 'outputs:1']);
    expect(wordsOf(card(task, `output:${idOf(1)}`))).toContain('There is a newer one: version 12.');
    expect(title(task, 'outputs:1')).toBe('2 more files of #42');
  });
});

describe('an explanation', () => {
  it('says in plain words what it waits for and why', () => {
    const words = explain(asked().state).map(plainOf).join('\n');
    expect(words).toContain('Nothing runs until somebody decides');
    expect(words).toContain('1 of 2 steps done.');
    expect(words).toContain('The step it is at is “Do s2”. It runs sh -e -c echo s2.');
    expect(words).toContain('It asks first: it tags.');
  });

  it('says what failed, how often it was tried, and what to do', () => {
    const task = running();
    task.report({ type: 'step-failed', stepId: 's1', reason: 'exit code 1', transient: false });
    const words = explain(task.state).map(plainOf).join('\n');
    expect(words).toContain('It was started once. Attempt 1 ended so: exit code 1.');
    expect(words).toContain('It is not tried again by itself.');
    expect(words).toContain('Retry goes on from where it failed');
  });
});
