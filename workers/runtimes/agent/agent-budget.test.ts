import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nothingSpent } from '#core/agents/budget.ts';
import { agentTask, publish, saidIn } from '#tests/stub-agent/agent-fixture.ts';
import type { Script, Step } from '#tests/stub-agent/script.ts';
import { stubAgent } from '#tests/stub-agent/stub-agent.ts';
import { createRunFixture, type RunFixture, verify } from '../../run/run-fixture.ts';

let fixture: RunFixture;

beforeEach(async () => {
  fixture = await createRunFixture();
});

afterEach(() => fixture.remove());

const costs = (cost: number): Step => ({ usage: { used: 100, size: 1000, cost } });

describe('what an agent uses', () => {
  it('is counted over a park, also where another session begins to count anew', async () => {
    const task = agentTask();
    const script = [
      [costs(0.1), publish],
      [costs(0.08), { waitForCancel: true as const }],
    ];
    const more = { limits: { warm: '50ms', cost: 0.15 }, forgets: true, resume: true };
    const agents = [stubAgent(fixture.source, script, more)];
    await fixture.run(task, { agents });
    expect(task.state.steps[0]?.agent?.spent).toMatchObject({ turns: 1, cost: 0.1, currency: 'USD' });
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    await fixture.run(task, { agents: [stubAgent(fixture.source, [script[1] ?? []], more)] });
    expect(task.state.questions).toMatchObject([
      { status: 'open', text: 'Stub has used 0.18 USD on #7; its limit is 0.15 USD. Shall it go on?' },
    ]);
    expect(task.state.steps[0]?.agent?.spent).toMatchObject({ turns: 2, cost: expect.closeTo(0.18) });
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'answer' } });
  });

  it('ends when a person stops it at a limit after its run was parked, and no process is started for that', async () => {
    const task = agentTask();
    const more = { limits: { warm: '50ms', cost: 0.15 }, resume: true };
    const agents = [stubAgent(fixture.source, [[costs(0.2), { waitForCancel: true as const }]], more)];
    await fixture.run(task, { agents });
    task.command({ type: 'answer', questionId: task.state.questions[0]?.id ?? '', answer: 'stop' });
    await fixture.run(task, { agents });
    expect(task.state).toMatchObject({
      status: 'failed',
      failure: expect.stringContaining('failed: Stopped at its limit by ana'),
    });
    expect(task.state.steps[0]?.agent?.spent).toMatchObject({ turns: 1 });
    task.command({ type: 'retry' });
    await fixture.run(task, { agents });
    expect(task.state.questions).toMatchObject([{ answer: 'Stop here' }, { status: 'open' }]);
  });

  it.each([
    ['its settings', '16m', {}],
    ['the project', '8g', { memoryBytes: 16 * 1024 ** 2 }],
  ])(
    'of memory, with all that it started, is limited by %s: it is stopped, and not started again',
    async (_, memory, said) => {
      const task = agentTask({}, said);
      const agents = [stubAgent(fixture.source, [[{ hang: true }]], { said: { memory } })];
      await fixture.run(task, { agents });
      expect(task.state).toMatchObject({ status: 'failed', steps: [{ attempts: 1 }] });
      expect(task.state.failure).toMatch(/held \d\d MB of memory, more than the 17 MB .* is said by `memory` of Stub/);
    },
  );

  it.each([
    ['turns', { turns: 1 }, '1 turn'],
    ['tokens', { tokens: 400 }, '500 tokens'],
  ])('in %s is limited too: a person is asked before what follows a turn', async (_, limit, used) => {
    const task = agentTask({}, { verify: [verify('tests', ['false'])] });
    const agents = [
      stubAgent(fixture.source, [[{ tokens: 500 }, { say: 'tried' }]], { limits: { warm: '50ms', ...limit } }),
    ];
    await fixture.run(task, { agents });
    expect(task.state.steps[0]?.agent).toMatchObject({ said: 'tried', spent: { turns: 1, tokens: 500 } });
    expect(task.state.questions).toMatchObject([
      { status: 'open', text: expect.stringContaining(`has used ${used} on #7`) },
    ]);
  });

  it('in time is limited too: a turn that is under way is broken off, and a person is asked', async () => {
    const task = agentTask();
    const limits = { warm: '50ms', time: '50ms', silence: '1s' };
    await fixture.run(task, { agents: [stubAgent(fixture.source, [[{ waitForCancel: true }]], { limits })] });
    expect(task.state.questions).toMatchObject([
      {
        status: 'open',
        text: expect.stringMatching(/^Stub has used .* of work on #7; its limit is 50 ms of work\. Shall it go on\?$/),
      },
    ]);
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'answer' } });
  });

  it('ends with the process of an agent that goes on though it was told to stop, before a person is asked', async () => {
    const task = agentTask();
    const limits = { time: '50ms', silence: '1s', warm: '1s' };
    const script: Script = [[{ tick: { count: 600, everyMs: 100 } }], [{ say: 'went on' }]];
    await fixture.run(task, { agents: [stubAgent(fixture.source, script, { limits, resume: true })] });
    const reports = task.reports.map(({ type }) => type);
    expect(reports.slice(reports.indexOf('asks-question'))).toEqual(['asks-question', 'parked']);
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'answer' } });
    task.command({ type: 'answer', questionId: task.state.questions[0]?.id ?? '', answer: 'go-on' });
    await fixture.run(task, { agents: [stubAgent(fixture.source, script, { resume: true })] });
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('went on');
  });

  it.each<[string, Step[], readonly string[]]>([
    ['hears its mail', [{ say: 'tried' }], ['0', '1', '> the port is 8080']],
    ['goes on beyond a limit of its own', [{ stop: 'max_tokens' }], []],
  ])('is limited before it %s, too', async (_, turn, mail) => {
    const task = agentTask();
    const left = [...mail];
    const agents = [stubAgent(fixture.source, [turn, [{ say: 'more' }]], { limits: { warm: '50ms', turns: 1 } })];
    await fixture.run(task, { agents, otherTasks: async () => left.shift() ?? '0' });
    expect(task.state.steps[0]?.agent?.spent).toMatchObject({ turns: 1 });
    expect(task.state.questions).toMatchObject([{ status: 'open', text: expect.stringContaining('has used 1 turn') }]);
  });

  it('on a day by all tasks of a person, or in a project, is limited too; who may approve decides', async () => {
    const task = agentTask();
    const spentToday = { person: { ...nothingSpent, cost: 9.95 }, project: nothingSpent };
    const budgets = { per_person: { cost: 10 }, per_project: { cost: 50 } };
    const script = [[costs(0.1), { waitForCancel: true as const }]];
    const agents = [stubAgent(fixture.source, script, { limits: { warm: '50ms' } })];
    await fixture.run(task, { agents, budgets, spentToday });
    expect(task.state.questions).toMatchObject([
      {
        text: 'For ana agents have used 10.05 USD today; the limit of a day is 10.00 USD. Shall it go on?',
        needs: 'decide',
      },
    ]);
  });
});
