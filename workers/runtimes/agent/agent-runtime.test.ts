import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type AgentFixture,
  agentTask,
  createAgentFixture,
  publish,
  saidIn,
  whenAsked,
} from '#tests/stub-agent/agent-fixture.ts';
import { stubAgent, toldTo } from '#tests/stub-agent/stub-agent.ts';
import type { MemoryTask } from '../../run/memory-task.ts';

let fixture: AgentFixture;

beforeEach(async () => {
  fixture = await createAgentFixture();
});

afterEach(() => fixture.remove());

function inBranch(path: string): string {
  return fixture.inRepository(
    'show',
    `refs/heads/${fixture.inRepository('for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/commander')}:${path}`,
  );
}

describe('an agent that does its work', () => {
  it('changes files in the work folder; its plan, usage and words are shown, and its work is a checkpoint', async () => {
    const task = agentTask();
    await fixture.start(task, [
      [
        {
          plan: [
            { content: 'Look', status: 'completed' },
            { content: 'Mend', status: 'in_progress' },
          ],
        },
        { say: 'It does not wait for the answer. I mend that.' },
        { tool: { id: '1', title: 'Edit', kind: 'edit', paths: ['login.test.js'], status: 'in_progress' } },
        { write: { path: 'login.test.js', text: 'mended\n' } },
        { write: { path: 'notes.md', text: 'by client\n', via: 'client' } },
        { usage: { used: 1200, size: 200_000, cost: 0.12 } },
        { say: 'The test waits for the answer now.' },
      ],
    ]);
    expect(task.state.failure).toBeUndefined();
    expect(task.state.status).toBe('completed');
    expect(inBranch('login.test.js')).toBe('mended');
    expect(inBranch('notes.md')).toBe('by client');
    expect(task.state.steps[0]?.agent).toMatchObject({
      said: 'The test waits for the answer now.',
      usage: { used: 1200, size: 200_000, cost: { amount: 0.12, currency: 'USD' } },
      plan: [
        { text: 'Look', status: 'completed' },
        { text: 'Mend', status: 'in_progress' },
      ],
    });
    expect(task.state.actions).toContainEqual({
      at: expect.any(String),
      text: 'Editing',
      code: 'login.test.js',
      why: 'It does not wait for the answer',
    });
    expect(JSON.stringify(toldTo(fixture.source))).toContain('mend the login test');
  });
});

describe('an agent that would obey files of the project past the policy', () => {
  it('is not started without a sandbox, and the thread says why', async () => {
    await fixture.commitInSource('.stub/settings.json', '{}');
    const task = agentTask();
    const stub = { ...stubAgent(fixture.source, [[{ say: 'worked' }]]), obeys: { places: ['.stub'], texts: [] } };
    await fixture.run(task, { agents: [stub] });
    expect(task.state.status).toBe('failed');
    expect(task.state.failure).toContain('Stub was not started: it would obey `.stub` of the project, past the policy');
  });
});

describe('an agent that asks', () => {
  it('gets what a person decides while it waits, bound to exactly what was shown', async () => {
    const task = agentTask();
    whenAsked(task, (approvalId) => task.command({ type: 'approve', approvalId }));
    await fixture.start(task, [[publish]]);
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('published');
    expect(task.state.approvals).toMatchObject([
      { shown: 'npm publish', status: 'approved', stepName: 'Run npm publish', permission: { risk: 'medium' } },
    ]);
  });

  it('goes on without what was denied, and the task does not end', async () => {
    const task = agentTask();
    whenAsked(task, (approvalId) => task.command({ type: 'deny', approvalId, note: 'not today' }));
    await fixture.start(task, [[publish]]);
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('left it');
  });

  it('asks a question, whose answer it gets', async () => {
    const task = agentTask();
    whenAsked(task, (questionId) => task.command({ type: 'answer', questionId, answer: 'the blue one' }));
    await fixture.start(task, [
      [{ elicit: { message: 'Which database?', properties: { database: { type: 'string' } } } }],
    ]);
    expect(task.state.questions).toMatchObject([{ text: 'Which database?', answer: 'the blue one' }]);
    expect(JSON.parse(saidIn(task) ?? '')).toEqual({ action: 'accept', content: { database: 'the blue one' } });
  });

  it('is parked when nobody decides for long, and its session goes on with the answer', async () => {
    const task = agentTask();
    const more = { resume: true, limits: { warm: '50ms' } };
    const half = { write: { path: 'half.txt', text: 'half' } };
    await fixture.start(
      task,
      [
        [half, publish],
        [publish, { say: ', went on' }],
      ],
      more,
    );
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'approval' } });
    expect(task.state.run).toBeUndefined();
    expect(fixture.inRepository('show', `${task.state.checkpoints.at(-1)?.commit}:half.txt`)).toBe('half');
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    await fixture.start(task, [[publish], [publish, { say: ', went on' }]], more);
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('published, went on');
    expect(task.state.approvals).toHaveLength(1);
    expect(toldTo(fixture.source).map(({ method }) => method)).toContain('session/resume');
  });
});

describe('an agent that wants a login', () => {
  const keyMethods = [{ id: 'key', variable: 'STUB_KEY' }];
  afterEach(() => vi.unstubAllEnvs());

  async function work(key: string): Promise<MemoryTask> {
    vi.stubEnv('STUB_KEY', key);
    const task = agentTask();
    const stub = stubAgent(fixture.source, [[{ say: 'worked' }]], { loginBy: 'key', secrets: ['STUB_KEY'] });
    await fixture.run(task, { agents: [{ ...stub, keyMethods }] });
    return task;
  }

  it('is told to take the key that it was granted', async () => {
    const task = await work('a-key-of-its-own');
    expect(saidIn(task)).toBe('worked');
    expect(toldTo(fixture.source)).toContainEqual({
      method: 'authenticate',
      params: expect.objectContaining({ methodId: 'key' }),
    });
  });

  it('is not told so without a key, and the thread says how to log in', async () => {
    const task = await work('');
    expect(task.state.failure).toContain('is not logged in on this worker');
    expect(toldTo(fixture.source).map(({ method }) => method)).not.toContain('authenticate');
  });
});

describe('an agent that can not work', () => {
  it.each([
    [{ authRequired: true }, 'is not logged in on this worker'],
    [{ startFails: 'missing library' }, 'missing library'],
    [{ protocolVersion: 7 }, 'speaks version 7 of the Agent Client Protocol'],
  ])('says why and what to do: %o', async (more, words) => {
    const task = agentTask();
    await fixture.start(task, [[]], more);
    expect(task.state.status).toBe('failed');
    expect(task.state.failure).toContain(words);
  });

  it('was granted a secret that is too short to be hidden: it is not started, and the thread says which', async () => {
    vi.stubEnv('STUB_PIN', '123');
    onTestFinished(() => void vi.unstubAllEnvs());
    const task = agentTask();
    await fixture.start(task, [[]], { secrets: ['STUB_PIN'] });
    expect(task.state.failure).toMatch(/^The secret STUB_PIN is shorter than 4 characters/);
  });

  it('is not installed here', async () => {
    const task = agentTask();
    await fixture.run(task);
    expect(task.state.failure).toContain('Stub is not installed on this worker');
  });

  it('waits for as long as the limit of its provider lasts', async () => {
    const task = agentTask();
    const error = {
      code: -32603,
      message: 'Usage limit reached',
      data: { errorKind: 'usage_limit', retryAfter: 3600 },
    };
    await fixture.start(task, [[{ error }]]);
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'quota' } });
    const waits = Date.parse(task.state.because.until ?? '') - Date.now();
    expect(waits).toBeGreaterThan(3_500_000);
  });

  it('waits until when the agent said before that its limit ends', async () => {
    const task = agentTask();
    const resetsAt = Math.round(Date.now() / 1000) + 7200;
    const usage = { sessionUpdate: 'usage_update', used: 1, size: 10 };
    const update = { ...usage, _meta: { '_claude/rateLimit': { status: 'rejected', resetsAt } } };
    await fixture.start(task, [
      [{ update }, { error: { code: -32603, message: 'x', data: { errorKind: 'rate_limit' } } }],
    ]);
    expect(Date.parse(task.state.because.until ?? '')).toBe(resetsAt * 1000);
  });

  it('goes on elsewhere when somebody does not want to wait, with what is there', async () => {
    const task = agentTask();
    const error = { code: -32603, message: 'Limit', data: { kind: 'usage_limit', retryAfter: 3600 } };
    const half = { write: { path: 'half.txt', text: 'half' } };
    const plan = [{ content: 'Look at it', status: 'completed' as const }];
    const first = stubAgent(fixture.home, [[{ plan }, half, { error }]]);
    const agents = [
      first,
      { ...stubAgent(fixture.source, [[{ read: { path: 'half.txt' } }]]), id: 'second', name: 'Second' },
    ];
    await fixture.run(task, { agents });
    expect(task.state.steps[0]?.elsewhere).toEqual([{ id: 'second', name: 'Second' }]);
    const { name, commit = '' } = task.state.checkpoints.at(-1) ?? {};
    expect(name).toBe('Unfinished: s1');
    task.command({ type: 'run-elsewhere', agentId: 'second' });
    await fixture.run(task, { agents });
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('half');
    const prompt = fixture.prompts()[0];
    expect(prompt).toContain('begun in this folder by Stub');
    expect(prompt).toContain('Look at it');
    expect(prompt).toContain(`checkpoint 1, commit ${commit.slice(0, 12)}`);
  });

  it('does not take words that look like a limit for one', async () => {
    const task = agentTask();
    await fixture.start(task, [[{ error: { code: -32603, message: 'usage limit reached, retry after 3600' } }]]);
    expect(task.state.status).toBe('failed');
  });

  it.each([
    [{ stop: 'refusal' as const }, 'refuses to do this'],
    [{ error: { code: -32603, message: 'the model fell over' } }, 'the model fell over'],
    [
      { error: { code: -32603, message: 'Internal error', data: { details: 'no such model' } } },
      'Internal error: no such model',
    ],
  ])('fails honestly: %o', async (last, words) => {
    const task = agentTask();
    await fixture.start(task, [[last]]);
    expect(task.state.failure).toContain(words);
  });
});
