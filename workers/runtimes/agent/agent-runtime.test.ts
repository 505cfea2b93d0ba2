import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PlannedStep } from '#core/project-file/plan.ts';
import { show } from '#core/show/task.ts';
import type { Script } from '#tests/stub-agent/script.ts';
import { stubAgent, toldTo } from '#tests/stub-agent/stub-agent.ts';
import type { MemoryTask } from '../../run/memory-task.ts';
import { actionsOf, createRunFixture, newTask, type RunFixture, step, verify } from '../../run/run-fixture.ts';

let fixture: RunFixture;

beforeEach(async () => {
  fixture = await createRunFixture();
});

afterEach(() => fixture.remove());

function agentStep(more: Partial<PlannedStep> = {}): PlannedStep {
  const agent = { id: 'stub', name: 'Stub', prompt: 'mend the login test' };
  return step('s1', [], { agent, steerable: true, checkpoint: 'Done', ...more });
}

/** Runs a task whose one step the scripted agent does. */
function start(task: MemoryTask, script: Script, more: Parameters<typeof stubAgent>[2] = {}): Promise<void> {
  return fixture.run(task, { agents: [stubAgent(fixture.source, script, more)] });
}

function inBranch(path: string): string {
  return fixture.inRepository(
    'show',
    `refs/heads/${fixture.inRepository('for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/commander')}:${path}`,
  );
}

describe('an agent that does its work', () => {
  it('changes files in the work folder; its plan, usage and words are shown, and its work is a checkpoint', async () => {
    const task = newTask([agentStep()]);
    await start(task, [
      [
        {
          plan: [
            { content: 'Look', status: 'completed' },
            { content: 'Mend', status: 'in_progress' },
          ],
        },
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
    expect(actionsOf(task)).toContainEqual(['Editing', 'login.test.js']);
    expect(JSON.stringify(toldTo(fixture.source))).toContain('mend the login test');
  });
});

describe('an agent that would obey files of the project past the policy', () => {
  it('is not started without a sandbox, and the thread says why', async () => {
    await fixture.commitInSource('.stub/settings.json', '{}');
    const task = newTask([agentStep()]);
    const stub = { ...stubAgent(fixture.source, [[{ say: 'worked' }]]), obeys: { places: ['.stub'], texts: [] } };
    await fixture.run(task, { agents: [stub] });
    expect(task.state.status).toBe('failed');
    expect(task.state.failure).toContain('Stub was not started: it would obey `.stub` of the project, past the policy');
  });
});

/** A person decides as soon as the agent has asked. */
function onceAsked(task: MemoryTask, decide: (id: string) => void): void {
  void task
    .reported(({ type }) => type === 'asks-permission' || type === 'asks-question')
    .then((report) => decide('askId' in report ? report.askId : ''));
}

const publish = {
  ask: {
    id: '1',
    title: 'Publish',
    kind: 'execute',
    rawInput: { command: 'npm publish' },
    allowed: [{ say: 'published' }],
    rejected: [{ say: 'left it' }],
  },
} as const;

function saidIn(task: MemoryTask): string | undefined {
  return task.state.steps[0]?.agent?.said;
}

describe('an agent that asks', () => {
  it('gets what a person decides while it waits, bound to exactly what was shown', async () => {
    const task = newTask([agentStep()]);
    onceAsked(task, (approvalId) => task.command({ type: 'approve', approvalId }));
    await start(task, [[publish]]);
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('published');
    expect(task.state.approvals).toMatchObject([
      { shown: 'npm publish', status: 'approved', stepName: 'Run npm publish', permission: { risk: 'medium' } },
    ]);
  });

  it('goes on without what was denied, and the task does not end', async () => {
    const task = newTask([agentStep()]);
    onceAsked(task, (approvalId) => task.command({ type: 'deny', approvalId, note: 'not today' }));
    await start(task, [[publish]]);
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('left it');
  });

  it('asks a question, whose answer it gets', async () => {
    const task = newTask([agentStep()]);
    onceAsked(task, (questionId) => task.command({ type: 'answer', questionId, answer: 'the blue one' }));
    await start(task, [[{ elicit: { message: 'Which database?', properties: { database: { type: 'string' } } } }]]);
    expect(task.state.questions).toMatchObject([{ text: 'Which database?', answer: 'the blue one' }]);
    expect(JSON.parse(saidIn(task) ?? '')).toEqual({ action: 'accept', content: { database: 'the blue one' } });
  });

  it('is parked when nobody decides for long, and its session goes on with the answer', async () => {
    const task = newTask([agentStep()]);
    const more = { resume: true, limits: { warm: '50ms' } };
    await start(task, [[publish], [publish, { say: ', went on' }]], more);
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'approval' } });
    expect(task.state.run).toBeUndefined();
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    await start(task, [[publish], [publish, { say: ', went on' }]], more);
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('published, went on');
    expect(task.state.approvals).toHaveLength(1);
    expect(toldTo(fixture.source).map(({ method }) => method)).toContain('session/resume');
  });
});

describe('an agent whose session goes on in another process', () => {
  it.each([
    ['can not be resumed', {}],
    ['can not be resumed though the agent says so', { resume: true, refusesResume: true }],
  ])('is loaded where it %s, and what is replayed is not shown again', async (_, more) => {
    const task = newTask([agentStep()]);
    const script: Script = [
      [{ tool: { id: 'x', title: 'Read', kind: 'read', paths: ['README.md'] } }, publish],
      [{ say: 'done' }],
    ];
    await start(task, script, { ...more, load: true, limits: { warm: '50ms' } });
    task.command({ type: 'deny', approvalId: task.state.approvals[0]?.id ?? '', note: 'use the mirror' });
    await start(task, script, { ...more, load: true });
    expect(task.state.status).toBe('completed');
    expect(actionsOf(task).filter(([text]) => text === 'Reading')).toHaveLength(1);
    const prompts = toldTo(fixture.source).filter(({ method }) => method === 'session/prompt');
    expect(JSON.stringify(prompts.at(-1))).toContain('use the mirror');
  });

  it('is handed over to a new session where the agent forgot it', async () => {
    const task = newTask([agentStep()]);
    const script: Script = [[{ plan: [{ content: 'Look around', status: 'completed' }] }, publish]];
    await start(task, script, { resume: true, limits: { warm: '50ms' } });
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    await start(task, script, { resume: true, forgets: true });
    expect(task.state.status).toBe('completed');
    const prompts = toldTo(fixture.source).filter(({ method }) => method === 'session/prompt');
    expect(JSON.stringify(prompts.at(-1))).toContain('You take over work');
    expect(JSON.stringify(prompts.at(-1))).toContain('Look around');
  });

  /** Parked while a person is awaited, and then taken up by an agent that refuses what it is told in the earlier session. */
  async function refusedAfterParking(fresh: Script[number]) {
    const task = newTask([agentStep()]);
    await start(task, [[publish]], { resume: true, limits: { warm: '50ms' } });
    const session = task.state.steps[0]?.agent?.session;
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    await start(task, [fresh, [{ error: dangling }]], { resume: true });
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
    const prompts = toldTo(fixture.source).filter(({ method }) => method === 'session/prompt');
    expect(JSON.stringify(prompts.at(-1))).toContain('You take over work');
  });

  it('keeps its session where a new one is refused too, and fails', async () => {
    const { task, session } = await refusedAfterParking([{ error: dangling }]);
    expect(task.state.failure).toContain('400 no result for call_1');
    expect(task.state.steps[0]?.agent?.session).toEqual(session);
    expect(toldTo(fixture.source).filter(({ method }) => method === 'session/new')).toHaveLength(2);
  });

  it('goes on after its process was ended by somebody else', async () => {
    const task = newTask([agentStep({ retry: { limit: 1, backoffMs: 1, on: ['transient'] } })]);
    await start(task, [[{ write: { path: 'half.txt', text: 'half' } }, { stderr: 'out of memory' }, { exit: 137 }]], {
      resume: true,
    });
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'retry' } });
    expect(task.state.because.text).toContain('out of memory');
    task.command({ type: 'retry-due' });
    await start(task, [[], [{ read: { path: 'half.txt' } }]], { resume: true });
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('half');
  });
});

describe('an agent whose process is killed', () => {
  const again = { retry: { limit: 1, backoffMs: 1, on: ['transient'] } } as const;
  const approve = (task: MemoryTask) =>
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });

  it('while a permission is open: that is withdrawn, and asked again by the next process', async () => {
    const task = newTask([agentStep(again)]);
    const { id, title, kind, rawInput } = publish.ask;
    await start(task, [[{ askAndExit: { id, title, kind, rawInput } }]], { resume: true });
    expect(task.state.approvals).toMatchObject([{ status: 'withdrawn' }]);
    task.command({ type: 'retry-due' });
    onceAsked(task, (approvalId) => task.command({ type: 'approve', approvalId }));
    await start(task, [[], [publish]], { resume: true });
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('published');
    expect(task.state.approvals).toMatchObject([{ status: 'withdrawn' }, { status: 'approved' }]);
  });

  it.each(['session/load', 'session/prompt', 'initialize'])(
    'at %s, after it was parked: it is taken up all the same',
    async (diesAt) => {
      const task = newTask([agentStep(again)]);
      await start(task, [[publish]], { load: true, limits: { warm: '50ms' } });
      approve(task);
      await start(task, [[publish]], { load: true, diesAt });
      expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'retry' } });
      task.command({ type: 'retry-due' });
      await start(task, [[], [publish]], { load: true });
      expect(task.state.status).toBe('completed');
      expect(saidIn(task)).toBe('published');
      expect(task.state.approvals).toHaveLength(1);
      expect(actionsOf(task).filter(([text]) => text === 'Publish')).toHaveLength(0);
    },
  );
});

describe('an agent that wants a login', () => {
  const keyMethods = [{ id: 'key', variable: 'STUB_KEY' }];
  afterEach(() => vi.unstubAllEnvs());

  async function work(key: string): Promise<MemoryTask> {
    vi.stubEnv('STUB_KEY', key);
    const task = newTask([agentStep()]);
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
    const task = newTask([agentStep()]);
    await start(task, [[]], more);
    expect(task.state.status).toBe('failed');
    expect(task.state.failure).toContain(words);
  });

  it('is not installed here', async () => {
    const task = newTask([agentStep()]);
    await fixture.run(task);
    expect(task.state.failure).toContain('Stub is not installed on this worker');
  });

  it('waits for as long as the limit of its provider lasts', async () => {
    const task = newTask([agentStep()]);
    const error = {
      code: -32603,
      message: 'Usage limit reached',
      data: { errorKind: 'usage_limit', retryAfter: 3600 },
    };
    await start(task, [[{ error }]]);
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'quota' } });
    const waits = Date.parse(task.state.because.until ?? '') - Date.now();
    expect(waits).toBeGreaterThan(3_500_000);
  });

  it('waits until when the agent said before that its limit ends', async () => {
    const task = newTask([agentStep()]);
    const resetsAt = Math.round(Date.now() / 1000) + 7200;
    const usage = { sessionUpdate: 'usage_update', used: 1, size: 10 };
    const update = { ...usage, _meta: { '_claude/rateLimit': { status: 'rejected', resetsAt } } };
    await start(task, [[{ update }, { error: { code: -32603, message: 'x', data: { errorKind: 'rate_limit' } } }]]);
    expect(Date.parse(task.state.because.until ?? '')).toBe(resetsAt * 1000);
  });

  it('goes on elsewhere when somebody does not want to wait, with what is there', async () => {
    const task = newTask([agentStep()]);
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
    task.command({ type: 'run-elsewhere', agentId: 'second' });
    await fixture.run(task, { agents });
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('half');
    const prompt = JSON.stringify(toldTo(fixture.source).find(({ method }) => method === 'session/prompt'));
    expect(prompt).toContain('begun in this folder by Stub');
    expect(prompt).toContain('Look at it');
  });

  it('does not take words that look like a limit for one', async () => {
    const task = newTask([agentStep()]);
    await start(task, [[{ error: { code: -32603, message: 'usage limit reached, retry after 3600' } }]]);
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
    const task = newTask([agentStep()]);
    await start(task, [[last]]);
    expect(task.state.failure).toContain(words);
  });
});

describe('an agent whose work is checked', () => {
  const tests = verify('tests', ['grep', '-q', 'mended', 'login.txt']);

  it('gets back what the checks found, and mends it', async () => {
    const task = newTask([agentStep()], { verify: [tests] });
    await start(
      task,
      [[{ write: { path: 'login.txt', text: 'broken' } }], [{ write: { path: 'login.txt', text: 'mended' } }]],
      { resume: true },
    );
    expect(task.state.status).toBe('completed');
    expect(task.state.steps[0]?.agent?.fixes).toBe(1);
    const prompts = toldTo(fixture.source).filter(({ method }) => method === 'session/prompt');
    expect(JSON.stringify(prompts.at(-1))).toContain('they failed');
  });

  it('fails honestly when it can not mend it', async () => {
    const task = newTask([agentStep()], { verify: [tests] });
    await start(task, [[{ write: { path: 'login.txt', text: 'broken' } }]], { resume: true });
    expect(task.state.status).toBe('failed');
    expect(task.state.failure).toBe(
      'The work is done, but its checks did not pass: tests, also after 2 attempts to mend it',
    );
  });

  it('gets what a person says who reviewed it, beside what the checks said', async () => {
    const task = newTask([agentStep()], { verify: [tests] });
    await start(task, [[{ write: { path: 'login.txt', text: 'broken' } }]]);
    expect(JSON.stringify(show(task.state))).toContain('Review…');
    task.command({ type: 'review', note: 'write the word mended' });
    await start(task, [[{ write: { path: 'login.txt', text: 'mended' } }]]);
    expect(task.state.status).toBe('completed');
    const prompt = JSON.stringify(toldTo(fixture.source).findLast(({ method }) => method === 'session/prompt'));
    expect(prompt).toContain('ana has looked at it and says: write the word mended');
    expect(prompt).toContain('grep -q mended login.txt');
  });

  it('is handed over once to its reviewer when the first agent can not mend it', async () => {
    const task = newTask([agentStep()], { verify: [tests] });
    const broken: Script = [
      [{ plan: [{ content: 'Try', status: 'completed' }] }, { write: { path: 'login.txt', text: 'broken' } }],
    ];
    const builder = { ...stubAgent(fixture.home, broken, { resume: true }), reviewer: 'second' };
    const second = stubAgent(fixture.source, [[{ write: { path: 'login.txt', text: 'mended' } }, { say: 'Saw it.' }]]);
    await fixture.run(task, { agents: [builder, { ...second, id: 'second', name: 'Second' }] });
    expect(task.state.status).toBe('completed');
    expect(task.state.steps[0]).toMatchObject({ plan: { agent: { id: 'second' } }, agent: { takenFrom: 'Stub' } });
    const prompt = JSON.stringify(toldTo(fixture.source).find(({ method }) => method === 'session/prompt'));
    expect(prompt).toContain('begun in this folder by Stub');
    expect(prompt).toContain('they failed');
  });

  it('is handed over once to another model of the same agent, with what was tried and what fails in the thread', async () => {
    const agent = {
      id: 'stub',
      name: 'Stub',
      prompt: 'mend it',
      reviewer: { kind: 'agent', id: 'stub', name: 'Stub', model: 'large' } as const,
    };
    const task = newTask([agentStep({ agent })], { verify: [tests] });
    const script: Script = [[{ env: 'STUB_MODEL' }, { write: { path: 'login.txt', text: 'broken' } }]];
    await fixture.run(task, {
      agents: [{ ...stubAgent(fixture.source, script, { resume: true }), modelBy: { variable: 'STUB_MODEL' } }],
    });
    expect(task.state.failure).toContain('did not pass: tests, also after 3 attempts');
    expect(task.state.steps[0]).toMatchObject({
      plan: { name: 'Stub with large works on it', agent: { id: 'stub', model: 'large' } },
      agent: { takenFrom: 'Stub', said: 'large' },
    });
    const card = JSON.stringify(show(task.state).find(({ key }) => key.startsWith('hand-over:')));
    expect(card).toContain('Stub with large goes on with the work of Stub');
    expect(card).toContain('its checks failed after 2 attempts to mend it');
    expect(card).toContain('grep -q mended login.txt');
  });

  it('waits for the person who is named to review, once, and goes on with what they say', async () => {
    const person = { memberId: 'member-ana', name: 'ana' };
    const agent = { id: 'stub', name: 'Stub', prompt: 'mend it', reviewer: { kind: 'person', ...person } as const };
    const task = newTask([agentStep({ agent })], { verify: [tests] });
    const script: Script = [[{ write: { path: 'login.txt', text: 'broken' } }]];
    await start(task, script, { resume: true });
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'answer', awaited: 'ana' } });
    const [question] = task.state.questions;
    expect(question).toMatchObject({ status: 'open', asks: person });
    expect(question?.text).toContain(
      'Stub could not mend it in 2 attempts. What fails: tests (grep -q mended login.txt)',
    );
    task.command({ type: 'answer', questionId: question?.id ?? '', answer: 'write mended' });
    await start(task, script, { resume: true });
    const prompt = JSON.stringify(toldTo(fixture.source).findLast(({ method }) => method === 'session/prompt'));
    expect(prompt).toContain('ana has looked at it and says: write mended');
    expect(task.state.questions).toHaveLength(1);
    expect(task.state.failure).toContain('did not pass: tests, also after 3 attempts');
  });

  it('ends as failed where its reviewer wants that', async () => {
    const reviewer = { kind: 'person', memberId: 'member-ana', name: 'ana' } as const;
    const task = newTask([agentStep({ agent: { id: 'stub', name: 'Stub', prompt: 'mend it', reviewer } })], {
      verify: [tests],
    });
    await start(task, [[{ write: { path: 'login.txt', text: 'broken' } }]], { resume: true });
    task.command({ type: 'answer', questionId: task.state.questions[0]?.id ?? '', answer: 'stop' });
    expect(task.state).toMatchObject({ status: 'failed', failure: expect.stringContaining('after 2 attempts') });
  });

  it('goes on with another agent where the limit of its provider is reached and one is named for that', async () => {
    const task = newTask([agentStep()]);
    const limit = { code: -32603, message: 'Limit', data: { kind: 'usage_limit', retryAfter: 3600 } };
    const builder = {
      ...stubAgent(fixture.home, [[{ write: { path: 'half.txt', text: 'half' } }, { error: limit }]]),
      fallback: 'second',
    };
    const second = stubAgent(fixture.source, [[{ read: { path: 'half.txt' } }]]);
    await fixture.run(task, { agents: [builder, { ...second, id: 'second', name: 'Second' }] });
    expect(task.state.status).toBe('completed');
    expect(saidIn(task)).toBe('half');
    expect(task.state.actions.some(({ text }) => text.startsWith('Handed over to Second'))).toBe(true);
  });
});
