import { describe, expect, it } from 'vitest';
import { plainOf } from '#core/chat/inline.ts';
import { plainPresentation } from '#core/preferences/resolve.ts';
import { ana, begin, bo, commitOf, idOf, manifest, plannedStep, received } from '#core/task/testing.ts';
import { saidBlocks } from './agent.ts';
import { explain } from './explain.ts';
import { showLog } from './log.ts';
import { showNotes } from './notes.ts';
import { showReport } from './report.ts';
import { show } from './task.ts';
import { buttonsOf, wordsOf } from './testing.ts';
import { asked, card, completed, labels, running, title } from './testing-stories.ts';

describe('the log', () => {
  it('says how the task stands, has the output as a file and says what had no room in it', () => {
    const { state } = completed();
    const file = { outputId: 'log.1', size: 9_000_000, left: 0 };
    const whole = showLog(state, file);
    expect(whole.summary).toBe('#42 Release 1.2.0 is completed; here is its log.');
    expect(wordsOf(whole)).toContain('Completed. What its steps and checks put out is in the file.');
    expect(whole.blocks).toContainEqual({
      kind: 'files',
      files: [
        {
          outputId: 'log.1',
          name: 'log-of-42.txt',
          mediaType: 'text/plain',
          size: 9_000_000,
          version: 1,
          href: '/tasks/42/log.txt',
        },
      ],
    });
    expect(wordsOf(showLog(state, { ...file, left: 2048 }))).toContain('newest output; 2 kB before that had no room');
  });

  it('of a task that has not begun says so, without a file', () => {
    const nothing = showLog(begin(received()).state);
    expect(wordsOf(nothing)).toContain('Nothing has run yet.');
    expect(nothing.blocks.map(({ kind }) => kind)).toEqual(['text', 'buttons']);
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
    expect(report.blocks).toContainEqual({
      kind: 'text',
      text: ['Produced: ', { kind: 'link', text: 'notes.pdf', href: `/outputs/${idOf(9)}` }, '.'],
    });
    expect(labels(task, 'report:1')).toEqual(['Deliver', 'Diff', 'Revert…', 'Run again', 'Use in a new task…']);
  });

  it('has all that is kept of what an agent said', () => {
    const task = completed();
    const [step] = task.state.steps;
    if (step === undefined) throw new Error('no step');
    const said = 'q'.repeat(6_000);
    const plan = { ...step.plan, agent: { id: 'stub', name: 'Stub', prompt: 'go' } };
    const state = { ...task.state, steps: [{ ...step, plan, agent: { ...step.agent, said } }] } as typeof task.state;
    expect(saidBlocks(state)).toMatchObject([{ from: 'Stub', text: said }]);
  });

  it('lists what was said meanwhile with the newest first: what has no room is left out at the end', () => {
    const notes = ['first', 'second'].map((text) => ({ text, by: ana, kind: 'steer', status: 'taken' }));
    const shown = showNotes({ ...completed().state, notes } as unknown as Parameters<typeof showNotes>[0]);
    expect(shown.map(wordsOf).join()).toMatch(/second.*first/s);
  });

  it('asks before a delivery, with files, commit and branch; the press carries the commit', () => {
    const deliver = buttonsOf(card(completed(), 'report:1'))[0];
    expect(deliver?.confirm?.text).toBe(
      '2 files (CHANGELOG.md and package.json) of commit 1111111 go to the branch main of demo.',
    );
    expect(deliver?.action).toBe(`deliver:${idOf(42)}:${commitOf(1)}`);
  });

  it('names no branch of a plain folder, which has none', () => {
    const { state } = completed();
    const workspace = state.workspace && ({ ...state.workspace, ofFolder: true } as const);
    const report = showReport({ ...state, workspace }, plainPresentation);
    expect(buttonsOf(report)[0]?.confirm?.text).toMatch(/ go to the folder demo\.$/);
    expect(wordsOf(report)).toContain('deliver it to the folder');
  });

  it('offers no delivery where the project is at no branch, and says what to do', () => {
    const { state } = completed();
    const workspace = state.workspace && ({ ...state.workspace, baseBranch: 'HEAD' } as const);
    const report = showReport({ ...state, workspace }, plainPresentation);
    expect(buttonsOf(report).map(({ label }) => label)).not.toContain('Deliver');
    expect(wordsOf(report)).toContain('Check out a branch there, then run the task again.');
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
    expect(labels(task, 'report:1')).toEqual(['Retry', 'Ask for help…', 'Run again']);
  });

  it('of a cancelled task tells the step that it was stopped in from those that were not begun', () => {
    const task = running();
    task.happens({ type: 'cancel' }, ana);
    task.report({ type: 'stopped' });
    expect(wordsOf(card(task, 'report:1'))).toContain('Stopped in: “Do s1”. Not begun: “Do s2”.');
  });

  it('of a failed task offers to ask for help, once; the call is a card of its own until the task is taken up again', () => {
    const task = running();
    task.report({ type: 'step-failed', stepId: 's1', reason: 'exit code 1', transient: false });
    expect(labels(task, 'report:1')).toContain('Ask for help…');
    task.happens({ type: 'escalate', note: 'it worked on Monday' }, ana);
    expect(labels(task, 'report:1')).not.toContain('Ask for help…');
    expect(task.refused({ type: 'escalate' }, bo)).toBe('not_now');
    const call = card(task, 'escalation:1');
    expect(call.blocks).toContainEqual({ kind: 'quote', from: 'ana', text: 'it worked on Monday' });
    expect(wordsOf(call)).toContain('It failed: “Do s1” failed: exit code 1.');
    task.happens({ type: 'retry' }, bo);
    expect(title(task, 'escalation:1')).toBe('#42 Release 1.2.0 · Help was asked for');
    expect(task.refused({ type: 'escalate' }, ana)).toBe('not_now');
  });

  it('names every attempt that failed for the same reason', () => {
    const task = running(
      received({ steps: [plannedStep('s1', { retry: { limit: 2, backoffMs: 1000, on: ['any'] } })] }),
    );
    const quota = { until: '2026-05-03T16:00:00.000Z', elsewhere: [] };
    for (const more of [{}, { quota }, {}, { quota }]) {
      task.report({ type: 'step-failed', stepId: 's1', reason: 'connection reset', transient: true, ...more });
      task.happens({ type: 'retry-due' });
      task.start();
      task.report({ type: 'step-started', stepId: 's1' });
    }
    task.report({ type: 'step-finished', stepId: 's1' });
    task.report({ type: 'finished' });
    expect(wordsOf(card(task, 'report:1'))).toContain('took 3 attempts; attempts 1 and 2 failed: connection reset');
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
    const words = () => explain(task.state).map(plainOf).join('\n');
    expect(words()).toContain('It was delivered to main.');
    const delivered = { ...manifest, delivered: true };
    const ask = {
      type: 'propose-revert',
      revertId: idOf(6),
      checkpoint: 1,
      head: commitOf(1),
      manifest: delivered,
    } as const;
    task.happens(ask, ana);
    task.happens({ type: 'revert', revertId: idOf(6), files: ['CHANGELOG.md'] }, ana);
    task.start();
    task.report({ type: 'reverted', result: commitOf(8) });
    expect(words()).toContain('It was delivered to main, and a revert has changed that since.');
    expect(words()).toContain('1 chosen file reverted since, as commit 8888888.');
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
    expect(words).toContain('Only these go back; all other files stay as they are:\nCHANGELOG.md');
  });
});

describe('a revert of all that can be restored', () => {
  it('does not say that all is back where some of it is not', () => {
    const task = completed();
    task.happens({ type: 'propose-revert', revertId: idOf(5), checkpoint: 1, head: commitOf(1), manifest }, ana);
    task.happens({ type: 'revert', revertId: idOf(5) }, ana);
    task.start();
    task.report({ type: 'reverted', result: commitOf(3) });
    const words = wordsOf(card(task, `revert:${idOf(5)}`));
    expect(words).toContain('It is back at “Start”, but for what can not be undone, as commit 3333333');
  });

  it('after a failure leads to doing the steps again: a retry would go on without their work', () => {
    const task = running(received({ steps: [plannedStep('s1'), plannedStep('s2')] }));
    task.report({ type: 'step-finished', stepId: 's1', checkpoint: { n: 1, name: 'First', commit: commitOf(1) } });
    task.report({ type: 'step-started', stepId: 's2' });
    task.report({ type: 'step-failed', stepId: 's2', reason: 'exit code 1', transient: false });
    task.happens({ type: 'propose-revert', revertId: idOf(5), checkpoint: 1, head: commitOf(1), manifest }, ana);
    task.happens({ type: 'revert', revertId: idOf(5) }, ana);
    task.start();
    task.report({ type: 'reverted', result: commitOf(3) });
    expect(wordsOf(card(task, 'report:1'))).toContain('Resume from… does the steps after it again; Retry does not');
  });
});

describe('produced files', () => {
  it('that were declared and not made are named in the report, which is no failure', () => {
    const task = running(received({ steps: [plannedStep('s1')] }));
    task.report({ type: 'step-finished', stepId: 's1', missing: ['dist/*.zip', '*.pdf'] });
    task.report({ type: 'finished' });
    expect(wordsOf(card(task, 'report:1'))).toContain('“Do s1” made nothing that fits dist/*.zip, *.pdf');
    expect(card(task, 'report:1')).toMatchObject({ tone: 'success', outcome: 'completed' });
  });

  it('that were refused are named in the report with why', () => {
    const task = running(received({ steps: [plannedStep('s1')] }));
    task.report({ type: 'step-finished', stepId: 's1', leftOut: ['out.txt: it lies outside of the work folder'] });
    task.report({ type: 'finished' });
    expect(wordsOf(card(task, 'report:1'))).toContain('Not published: out.txt: it lies outside of the work folder');
  });

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
    expect(words).toContain('The step it is at is “Do s2”. It runs echo s2.');
    expect(words).toContain('It asks first: it tags.');
  });

  it('names the agent of a step that one does, and quotes what has spaces', () => {
    const agent = { id: 'stub', name: 'Stub', prompt: 'mend it' };
    const words = (more: Parameters<typeof plannedStep>[1]) =>
      explain(running(received({ steps: [plannedStep('s1', more)] })).state)
        .map(plainOf)
        .join(' ');
    expect(words({ agent, argv: [] })).toContain('The step it is at is “Do s1”. Stub works on it.');
    expect(words({ argv: ['node', 'slow.js', 'sunny rows'] })).toContain("It runs node slow.js 'sunny rows'.");
  });

  it('says which files lie outside of what the task was to work on, and a delivery says it again', () => {
    const task = completed();
    const changes = {
      files: [{ path: 'src/a.ts', status: 'modified', added: 1, removed: 1 }],
      ...{ added: 1, removed: 1, more: 6 },
      outside: { paths: ['docs/a.md', '@everyone'], count: 7 },
    } as const;
    const understanding = { ...task.state.understanding, scope: ['src/*.ts'] };
    const report = showReport({ ...task.state, understanding, changes }, plainPresentation);
    expect(wordsOf(report)).toContain(
      '7 files outside of what this was to work on (src/*.ts): docs/a.md, @everyone and 5 more. Look at them before you deliver.',
    );
    const [deliver] = buttonsOf(report);
    expect(deliver).toMatchObject({
      label: 'Deliver all the same',
      confirm: { text: expect.stringContaining('Outside of what this was to work on: docs/a.md and 6 more.') },
    });
  });

  it('says what was changed so far and where that is, and what happened last', () => {
    const task = running();
    const changes = {
      files: [
        { path: 'VERSION', status: 'modified', added: 1, removed: 1 },
        { path: 'NEWS', status: 'added', added: 9, removed: 0 },
      ],
      added: 10,
      removed: 1,
      more: 2,
    } as const;
    task.report({ type: 'checkpoint', n: 4, name: 'Version set', commit: commitOf(4), changes });
    const words = explain(task.state).map(plainOf).join('\n');
    expect(words).toMatch(/The last thing that happened, [^\n]+: Checkpoint 4: Version set\./);
    expect(words).toContain('So far the work changes VERSION (+1 −1), adds NEWS (+9 −0) and touches 2 more files.');
    expect(words).toContain('of Commander; the project is as it was.');
  });

  it('counts the same attempts as the cards do, and promises no retry that does not come', () => {
    const retry = { limit: 2, backoffMs: 1000, on: ['transient' as const] };
    const task = running(received({ steps: [plannedStep('s1', { retry })] }));
    const words = () => explain(task.state).map(plainOf).join('\n');
    const fails = (more: object = {}) => {
      task.report({ type: 'step-failed', stepId: 's1', reason: 'no answer', transient: true, ...more });
      return `${words()}\n${wordsOf(card(task, 'status:1'))}`;
    };
    const again = () => {
      task.happens({ type: 'retry-due' });
      task.start();
      task.report({ type: 'step-started', stepId: 's1' });
    };
    const limited = fails({ transient: false, quota: { until: '2026-05-03T16:00:00.000Z', elsewhere: [] } });
    expect(limited).toContain('It ended so: no answer. That is the limit of its provider, and no attempt that counts.');
    expect(limited).not.toContain('tried again');
    again();
    const first = fails();
    expect(first).toMatch(/Attempt 1 ended so.*After the next attempt it may be tried again once by itself\./);
    expect(first).toMatch(/Retry 1 of 2 starts by itself.*1st attempt failed/s);
    again();
    expect(fails()).toMatch(/Attempt 2 ended so.*After the next attempt it is not tried again by itself\./);
    again();
    expect(words()).toContain('It was started 4 times.');
    expect(fails()).toMatch(
      /“Do s1” failed after 3 attempts.*Attempt 3 ended so.*often passes.* It is not tried again by/s,
    );
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
