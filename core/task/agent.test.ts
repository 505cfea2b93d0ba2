import { describe, expect, it } from 'vitest';
import { plainOf } from '#core/chat/inline.ts';
import { show } from '#core/show/task.ts';
import { wordsOf } from '#core/show/testing.ts';
import { noAgentWork } from './agent-work.ts';
import { later } from './question-limit.ts';
import { seenEnd } from './quiet.ts';
import { isEscalated } from './reviewing.ts';
import type { StepState } from './step-state.ts';
import { talkOf } from './talk.ts';
import { ana, begin, bo, cy, plannedStep, received, type TaskStory } from './testing.ts';
import { triesOf } from './tries.ts';

const agent = { id: 'stub', name: 'Stub', prompt: 'fix it' };

/** A task whose only step an agent does, at work. */
function working(): TaskStory {
  const story = begin(received({ steps: [plannedStep('s1', { agent, argv: [], steerable: true })] }));
  story.happens({ type: 'queue' });
  story.start();
  story.report({ type: 'workspace-ready', branch: 'b', baseBranch: 'main', base: '0'.repeat(40) });
  story.report({ type: 'step-started', stepId: 's1' });
  return story;
}

function asks(story: TaskStory, askId = 'ask-1'): void {
  story.report({
    type: 'asks-permission',
    askId,
    stepId: 's1',
    title: 'Run npm publish',
    reason: 'it reaches the network',
    shown: 'npm publish',
    hash: 'hash',
    ruleHash: 'rule',
    permission: { risk: 'high' },
  });
}

describe('a person who is asked by name to review', () => {
  it('answers with the least role, others as ever; another person of that role may not', () => {
    const story = working();
    story.report({ type: 'step-finished', stepId: 's1' });
    const check = { name: 'tests', command: 'npm test', passed: false, reason: 'exit code 1', durationMs: 1 };
    story.report({ type: 'verified', commit: '0'.repeat(40), checks: [check] });
    story.report({ type: 'review-needed', stepId: 's1', person: cy, attempts: 2 });
    const [question] = story.state.questions;
    const answer = { type: 'answer', questionId: question?.id ?? '', answer: 'use the clock' } as const;
    expect(story.refused(answer, { ...cy, memberId: 'member-other' })).toBe('not_allowed');
    expect(story.happens(answer, cy)).toMatchObject({
      status: 'queued',
      steps: [{ status: 'pending', agent: { reviewer: 'cy' } }],
    });
  });
});

describe('a person who is asked because the agent gets no further', () => {
  function asked(): TaskStory {
    const story = working();
    story.report({ type: 'review-needed', stepId: 's1', person: cy, attempts: 2, stuck: 'Stub gave no sign of life' });
    return story;
  }

  it('finds what was tried and what is in the way in the question, and what happens when nobody answers', () => {
    const { state } = asked();
    expect(state).toMatchObject({ status: 'waiting', steps: [{ status: 'failed', failures: [{ attempt: 1 }] }] });
    const card = show(state).find(({ key }) => key.startsWith('question:'));
    const words = card === undefined ? '' : wordsOf(card);
    expect(words).toContain('cy: Stub gets no further after 2 attempts: Stub gave no sign of life');
    expect(words).toMatch(/If nobody answers by .*, “Let it end as failed” is taken/);
    expect(words).toMatch(/Try again .*\nLet it end as failed .*\nAnswer in words…/);
  });

  it('may say nothing in time: then it has failed, and it is said why', () => {
    const story = asked();
    const [question] = story.state.questions;
    story.reaches(question?.limit?.until ?? '');
    story.happens({ type: 'question-due', questionId: question?.id ?? '' });
    expect(story.state).toMatchObject({
      status: 'failed',
      failure: '“Do s1” failed after 1 attempt: Stub gave no sign of life (cy did not answer in time)',
    });
  });
});

describe('an agent that asks in the middle of its step', () => {
  it('keeps its run while it waits, and works on when it is allowed', () => {
    const story = working();
    asks(story);
    expect(story.state).toMatchObject({ status: 'waiting', run: { status: 'running' } });
    expect(story.state.because).toMatchObject({ waitingFor: 'approval' });
    story.happens({ type: 'approve', approvalId: 'ask-1' }, bo);
    expect(story.state).toMatchObject({ status: 'running', steps: [{ status: 'running' }] });
  });

  it('works on when it is denied, and the task does not end', () => {
    const story = working();
    asks(story);
    story.happens({ type: 'deny', approvalId: 'ask-1', note: 'use the staging registry' }, bo);
    expect(story.state).toMatchObject({ status: 'running', approvals: [{ status: 'denied' }] });
    expect(story.state.approvals[0]?.note).toBe('use the staging registry');
  });

  it('is queued by the answer when its run was parked, and no attempt counts as failed', () => {
    const story = working();
    asks(story);
    story.report({ type: 'parked', stepId: 's1' });
    expect(story.state.run).toBeUndefined();
    expect(story.state).toMatchObject({ status: 'waiting', steps: [{ status: 'waiting', agent: { parks: 1 } }] });
    story.happens({ type: 'approve', approvalId: 'ask-1' }, bo);
    expect(story.state).toMatchObject({ status: 'queued', ready: 'work', steps: [{ status: 'pending' }] });
  });

  it('goes on waiting when its worker dies meanwhile', () => {
    const story = working();
    asks(story);
    story.happens({ type: 'interrupt', runId: story.state.run?.id ?? '', reason: 'Its worker died' });
    expect(story.state).toMatchObject({ status: 'waiting', approvals: [{ status: 'open' }] });
    expect(story.state.ready).toBeUndefined();
    story.happens({ type: 'deny', approvalId: 'ask-1' }, bo);
    expect(story.state).toMatchObject({ status: 'queued', ready: 'work' });
  });

  it('asks one thing at a time', () => {
    const story = working();
    asks(story);
    const second = { type: 'asks-question', askId: 'ask-2', stepId: 's1', text: 'Which?', options: [] } as const;
    expect(story.refused({ type: 'report', runId: story.state.run?.id ?? '', report: second })).toBe('not_now');
  });

  it('takes back what it asked', () => {
    const story = working();
    asks(story);
    story.report({ type: 'ask-withdrawn', askId: 'ask-1' });
    expect(story.state).toMatchObject({ status: 'running', approvals: [{ status: 'withdrawn' }] });
  });

  it('takes an answer in words', () => {
    const story = working();
    story.report({ type: 'asks-question', askId: 'q', stepId: 's1', text: 'Which database?', options: [] });
    expect(story.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'answer' } });
    story.happens({ type: 'answer', questionId: 'q', answer: 'the blue one' }, bo);
    expect(story.state).toMatchObject({ status: 'running', questions: [{ answer: 'the blue one' }] });
  });
});

describe('an agent whose run ends in the middle', () => {
  it('takes up its session again after its worker died, whatever the step says about repeating', () => {
    const story = working();
    story.report({ type: 'agent', stepId: 's1', change: { session: { agent: 'stub', id: 'abc' } } });
    story.happens({ type: 'interrupt', runId: story.state.run?.id ?? '', reason: 'Its worker died' });
    expect(story.state).toMatchObject({ status: 'queued', steps: [{ status: 'pending' }] });
    expect(story.state.steps[0]?.agent?.session).toEqual({ agent: 'stub', id: 'abc' });
  });

  it('pauses in the middle of the step', () => {
    const story = working();
    story.happens({ type: 'pause' }, bo);
    story.report({ type: 'parked', stepId: 's1' });
    expect(story.state).toMatchObject({ status: 'paused', steps: [{ status: 'pending' }] });
  });

  it('waits as long as a limit lasts, then goes on by itself', () => {
    const story = working();
    const quota = { until: '2026-05-03T15:00:00.000Z', elsewhere: [{ id: 'codex', name: 'Codex' }] };
    story.report({ type: 'step-failed', stepId: 's1', reason: 'limit reached', transient: true, quota });
    expect(story.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'quota', until: quota.until } });
    const [status] = show(story.state).filter(({ key }) => key === 'status:1');
    expect(plainOf(status?.title ?? [])).toContain('Waiting: quota until 3 May 2026, 15:00 UTC');
    expect(JSON.stringify(status)).toContain('Go on with Codex');
    expect(story.refused({ type: 'run-elsewhere', agentId: 'other' }, bo)).toBe('unknown');
    expect(story.happens({ type: 'retry-due' })).toMatchObject({ status: 'queued', ready: 'work' });
    expect(story.refused({ type: 'run-elsewhere', agentId: 'codex' }, bo)).toBe('not_now');
  });
});

describe('an agent that gives no sign of life', () => {
  /** What a press of “Wait” on the card that is shown now would give. */
  const press = (story: TaskStory) => {
    const spell = story.state.steps[0]?.agent?.quiet;
    return { type: 'wait', seen: spell === undefined ? '' : seenEnd(spell) } as const;
  };
  const shown = (story: TaskStory) => JSON.stringify(show(story.state).filter(({ key }) => key.startsWith('quiet:')));

  function quiet(): TaskStory {
    const story = working();
    story.report({ type: 'agent-quiet', stepId: 's1', since: '2026-05-03T12:00:00.000Z', timeMs: 600_000 });
    return story;
  }

  it('gets the same time again from who wants to wait, once for each time that is shown', () => {
    const story = quiet();
    expect(shown(story)).toMatch(/Wait gives it 10 min more.*Cancel/);
    const pressed = press(story);
    const until = story.state.steps[0]?.agent?.quiet?.until ?? '';
    story.happens(pressed, bo);
    expect(story.state.steps[0]?.agent?.quiet?.until).toBe(later(until, 600_000));
    expect(talkOf(story.state).quiet).toMatchObject({ given: { times: 1, by: 'bo' } });
    expect(shown(story)).toContain('bo wanted to wait for it');
    expect(story.command(pressed, cy)).toMatchObject({ refusal: { code: 'not_allowed' } });
    expect(story.command(pressed, ana)).toMatchObject({
      refusal: { code: 'already_decided', message: expect.stringMatching(/^bo wants to wait already/) },
    });
    story.happens(press(story), ana);
    expect(talkOf(story.state).quiet).toMatchObject({ given: { times: 2, by: 'ana' } });
  });

  it('asks nothing any more when it moved, when its run ended, and when the task did: who presses then is told', () => {
    const story = quiet();
    const pressed = press(story);
    story.report({ type: 'agent-moved', stepId: 's1' });
    expect(shown(story)).toMatch(/it goes on/);
    expect(shown(story)).not.toContain('Wait');
    expect(talkOf(story.state).quiet).toBeUndefined();
    expect(story.command(pressed, bo)).toMatchObject({ refusal: { message: expect.stringContaining('moved again') } });
    story.report({ type: 'agent-quiet', stepId: 's1', since: '2026-05-03T13:00:00.000Z', timeMs: 600_000 });
    expect(story.refused(pressed, bo)).toBe('already_decided');
    const second = press(story);
    story.happens({ type: 'interrupt', runId: story.state.run?.id ?? '', reason: 'Its worker died' });
    story.start();
    story.report({ type: 'step-started', stepId: 's1' });
    expect(shown(story)).not.toContain('Wait');
    expect(story.command(second, bo)).toMatchObject({ refusal: { message: expect.stringContaining('not at work') } });
    story.happens({ type: 'cancel' }, bo);
    expect(story.command(second, bo)).toMatchObject({
      refusal: { message: expect.stringContaining('being cancelled') },
    });
    story.report({ type: 'stopped' });
    expect(story.command(second, bo)).toMatchObject({ refusal: { message: expect.stringContaining('is cancelled') } });
  });

  it('comes up three times as a message of its own, and after that only changes the last one', () => {
    const story = quiet();
    const keys = [1, 2, 3, 4].map(() => {
      story.report({ type: 'agent-quiet', stepId: 's1', since: '2026-05-03T13:00:00.000Z', timeMs: 600_000 });
      return show(story.state).find(({ key }) => key.startsWith('quiet:'))?.key;
    });
    expect(keys).toEqual(['quiet:1:s1:2', 'quiet:1:s1:3', 'quiet:1:s1:3', 'quiet:1:s1:3']);
  });
});

describe('an agent whose checks fail', () => {
  it('gets them back, with what they said', () => {
    const story = working();
    story.report({ type: 'step-finished', stepId: 's1' });
    story.report({ type: 'fix-needed', stepId: 's1', reason: '“tests” failed' });
    expect(story.state.steps[0]).toMatchObject({ status: 'pending', agent: { fixes: 1, feedback: '“tests” failed' } });
  });

  describe('and who had another agent before it', () => {
    const other = { id: 'other', name: 'Other' };
    const commit = '0'.repeat(40);
    const check = { name: 'tests', command: 'npm test', passed: false, reason: 'exit code 1', durationMs: 1 };
    const midway = { type: 'hand-over', stepId: 's1', to: other, reason: 'its limit is reached' } as const;
    const limit = { until: '2026-05-03T16:00:00.000Z', elsewhere: [other] };

    /** The work is done, and its checks fail. */
    function redAfter(before: (story: TaskStory) => void): TaskStory {
      const story = working();
      before(story);
      story.report({ type: 'step-started', stepId: 's1' });
      story.report({ type: 'step-finished', stepId: 's1' });
      story.report({ type: 'verified', commit, checks: [check] });
      return story;
    }

    const takesOver = {
      'at a limit': (story: TaskStory) => story.report({ ...midway, atLimit: true }),
      'at a limit, because somebody did not want to wait': (story: TaskStory) => {
        story.report({ type: 'step-failed', stepId: 's1', reason: 'limit', transient: false, quota: limit });
        story.happens({ type: 'run-elsewhere', agentId: 'other' }, bo);
        story.start();
      },
      'that got no further': (story: TaskStory) => story.report(midway),
    };

    it.each(Object.entries(takesOver))('%s: no attempt to mend it is claimed that was none', (_, before) => {
      const story = redAfter(before);
      expect(story.report({ type: 'finished' }).failure).toBe('The work is done, but its checks did not pass: tests');
      expect(isEscalated(stepOf(story))).toBe(before === takesOver['that got no further']);
      expect(triesOf(stepOf(story))).toBe(1);
    });

    it('at a limit: it has its reviewer still, once, who hears what fails now', () => {
      const story = redAfter(takesOver['at a limit']);
      story.report({ type: 'fix-needed', stepId: 's1', reason: 'failed first' });
      story.report({ type: 'step-started', stepId: 's1' });
      story.report({ type: 'step-finished', stepId: 's1' });
      const report = { ...midway, to: { id: 'third', name: 'Third' }, blocker: 'fails now' };
      story.report(report);
      expect(stepOf(story).agent).toMatchObject({ fixes: 2, feedback: 'fails now' });
      expect(show(story.state).filter(({ key }) => key.startsWith('hand-over:'))).toHaveLength(2);
      story.report({ type: 'step-started', stepId: 's1' });
      const runId = story.state.run?.id ?? '';
      expect(story.refused({ type: 'report', runId, report })).toBe('not_now');
      expect(story.refused({ type: 'report', runId, report: { ...midway, atLimit: true } })).toBe('not_now');
    });

    it('counts as reviewed where an earlier version wrote the hand-over down', () => {
      const record = { at: '2026-05-03T12:00:00.000Z', from: 'Stub', to: 'Other', reason: 'its limit is reached' };
      const step = stepOf(working());
      expect(isEscalated({ ...step, agent: { ...noAgentWork, handOver: record } })).toBe(true);
    });
  });
});

function stepOf({ state }: TaskStory): StepState {
  const [step] = state.steps;
  if (step === undefined) throw new RangeError('the task has a step');
  return step;
}
