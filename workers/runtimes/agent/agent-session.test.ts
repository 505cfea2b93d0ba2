import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AgentFixture,
  agentTask,
  createAgentFixture,
  publish,
  publishing,
  saidIn,
  whenAsked,
} from '#tests/stub-agent/agent-fixture.ts';
import type { Script } from '#tests/stub-agent/script.ts';
import { toldTo } from '#tests/stub-agent/stub-agent.ts';
import type { MemoryTask } from '../../run/memory-task.ts';
import { actionsOf } from '../../run/run-fixture.ts';

let fixture: AgentFixture;

beforeEach(async () => {
  fixture = await createAgentFixture();
});

afterEach(() => fixture.remove());

describe('an agent whose session goes on in another process', () => {
  it.each([
    ['can not be resumed', {}],
    ['can not be resumed though the agent says so', { resume: true, refusesResume: true }],
  ])('is loaded where it %s, and what is replayed is not shown again', async (_, more) => {
    const task = agentTask();
    const script: Script = [
      [{ tool: { id: 'x', title: 'Read', kind: 'read', paths: ['README.md'] } }, publish],
      [{ say: 'done' }],
    ];
    await fixture.start(task, script, { ...more, load: true, limits: { warm: '50ms' } });
    task.command({ type: 'deny', approvalId: task.state.approvals[0]?.id ?? '', note: 'use the mirror' });
    await fixture.start(task, script, { ...more, load: true });
    expect(task.state.status).toBe('completed');
    expect(actionsOf(task).filter(([text]) => text === 'Reading')).toHaveLength(1);
    const prompts = fixture.prompts();
    expect(prompts.at(-1)).toContain('use the mirror');
  });

  it('is handed over to a new session where the agent forgot it', async () => {
    const task = agentTask();
    const script: Script = [[{ plan: [{ content: 'Look around', status: 'completed' }] }, publish]];
    await fixture.start(task, script, { resume: true, limits: { warm: '50ms' } });
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    await fixture.start(task, script, { resume: true, forgets: true });
    expect(task.state.status).toBe('completed');
    const prompts = fixture.prompts();
    expect(prompts.at(-1)).toContain('You take over work');
    expect(prompts.at(-1)).toContain('Look around');
  });

  /** Parked while a person is awaited, and then taken up by an agent that refuses what it is told in the earlier session. */
  async function refusedAfterParking(fresh: Script[number]) {
    const task = agentTask();
    await fixture.start(task, [[publish]], { resume: true, limits: { warm: '50ms' } });
    const session = task.state.steps[0]?.agent?.session;
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    await fixture.start(task, [fresh, [{ error: dangling }]], { resume: true });
    return { task, session };
  }

  const dangling = { code: -32603, message: 'Internal error', data: { details: '400 no result for call_1' } };

  it('is handed over to a new session where the provider does not take what it remembers', async () => {
    const { task, session } = await refusedAfterParking([publish]);
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('published');
    expect(task.state.approvals).toHaveLength(1);
    expect(task.state.steps[0]?.agent?.session?.id).not.toBe(session?.id);
    const said = actionsOf(task).filter(([text]) => text?.startsWith('Stub can not go on in its session'));
    expect(said).toHaveLength(1);
    const prompts = fixture.prompts();
    expect(prompts.at(-1)).toContain('You take over work');
  });

  it('keeps its session where a new one is refused too, and fails', async () => {
    const { task, session } = await refusedAfterParking([{ error: dangling }]);
    expect(task.state.failure).toContain('400 no result for call_1');
    expect(task.state.steps[0]?.agent?.session).toEqual(session);
    expect(toldTo(fixture.source).filter(({ method }) => method === 'session/new')).toHaveLength(2);
  });

  it('goes on after its process was ended by somebody else', async () => {
    const task = agentTask({ retry: { limit: 1, backoffMs: 1, on: ['transient'] } });
    await fixture.start(
      task,
      [[{ write: { path: 'half.txt', text: 'half' } }, { stderr: 'out of memory' }, { exit: 137 }]],
      {
        resume: true,
      },
    );
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'retry' } });
    expect(task.state.because.text).toContain('out of memory');
    task.command({ type: 'retry-due' });
    await fixture.start(task, [[], [{ read: { path: 'half.txt' } }]], { resume: true });
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('half');
  });
});

describe('an agent whose process is killed', () => {
  const again = { retry: { limit: 1, backoffMs: 1, on: ['transient'] } } as const;
  const approve = (task: MemoryTask) =>
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });

  it('while a permission is open: that is withdrawn, and asked again by the next process', async () => {
    const task = agentTask(again);
    const after = fixture.onceAsked(task);
    await fixture.start(task, [[{ askAndExit: { ...publishing, after } }]], { resume: true });
    expect(task.state.approvals).toMatchObject([{ status: 'withdrawn' }]);
    task.command({ type: 'retry-due' });
    whenAsked(task, (approvalId) => task.command({ type: 'approve', approvalId }));
    await fixture.start(task, [[], [publish]], { resume: true });
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('published');
    expect(task.state.approvals).toMatchObject([{ status: 'withdrawn' }, { status: 'approved' }]);
  });

  it.each([
    ['session/load', { load: true }],
    ['session/resume', { resume: true }],
    ['session/new', {}],
    ['session/prompt', { load: true }],
    ['initialize', { load: true }],
  ])('at %s, after it was parked: it is taken up all the same', async (diesAt, more) => {
    const task = agentTask(again);
    await fixture.start(task, [[publish]], { ...more, limits: { warm: '50ms' } });
    approve(task);
    await fixture.start(task, [[publish]], { ...more, diesAt });
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'retry' } });
    task.command({ type: 'retry-due' });
    await fixture.start(task, diesAt === 'session/new' ? [[publish]] : [[], [publish]], more);
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('published');
    expect(task.state.approvals).toHaveLength(1);
    expect(actionsOf(task).filter(([text]) => text === 'Publish')).toHaveLength(0);
  });
});
