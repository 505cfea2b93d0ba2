import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { show } from '#core/show/task.ts';
import { type AgentFixture, agentTask, createAgentFixture, saidIn } from '#tests/stub-agent/agent-fixture.ts';
import type { Script } from '#tests/stub-agent/script.ts';
import { stubAgent } from '#tests/stub-agent/stub-agent.ts';
import type { MemoryTask } from '../../run/memory-task.ts';
import { verify } from '../../run/run-fixture.ts';

let fixture: AgentFixture;

beforeEach(async () => {
  fixture = await createAgentFixture();
});

afterEach(() => fixture.remove());

describe('an agent whose work is checked', () => {
  const tests = verify('tests', ['grep', '-q', 'mended', 'login.txt']);

  it('gets back what the checks found, and mends it', async () => {
    const task = agentTask({}, { verify: [tests] });
    await fixture.start(
      task,
      [[{ write: { path: 'login.txt', text: 'broken' } }], [{ write: { path: 'login.txt', text: 'mended' } }]],
      { resume: true },
    );
    expect(task.state.status).toBe('completed');
    expect(task.state.steps[0]?.agent?.fixes).toBe(1);
    const prompts = fixture.prompts();
    expect(prompts.at(-1)).toContain('they failed');
  });

  it('fails honestly when it can not mend it', async () => {
    const task = agentTask({}, { verify: [tests] });
    await fixture.start(task, [[{ write: { path: 'login.txt', text: 'broken' } }]], { resume: true });
    expect(task.state.status).toBe('failed');
    expect(task.state.failure).toBe(
      'The work is done, but its checks did not pass: tests, also after 2 attempts to mend it',
    );
  });

  it('gets what a person says who reviewed it, beside what the checks said', async () => {
    const task = agentTask({}, { verify: [tests] });
    await fixture.start(task, [[{ write: { path: 'login.txt', text: 'broken' } }]]);
    expect(JSON.stringify(show(task.state))).toContain('Review…');
    task.command({ type: 'review', note: 'write the word mended' });
    await fixture.start(task, [[{ write: { path: 'login.txt', text: 'mended' } }]]);
    expect(task.state.status).toBe('completed');
    const prompt = fixture.prompts().at(-1);
    expect(prompt).toContain('ana has looked at it and says: write the word mended');
    expect(prompt).toContain('grep -q mended login.txt');
  });

  it('is handed over once to its reviewer when the first agent can not mend it', async () => {
    const task = agentTask({}, { verify: [tests] });
    const broken: Script = [
      [{ plan: [{ content: 'Try', status: 'completed' }] }, { write: { path: 'login.txt', text: 'broken' } }],
    ];
    const builder = { ...stubAgent(fixture.home, broken, { resume: true }), reviewer: 'second' };
    const second = stubAgent(fixture.source, [[{ write: { path: 'login.txt', text: 'mended' } }, { say: 'Saw it.' }]]);
    await fixture.run(task, { agents: [builder, { ...second, id: 'second', name: 'Second' }] });
    expect(task.state.status).toBe('completed');
    expect(task.state.steps[0]).toMatchObject({
      plan: { agent: { id: 'second' } },
      agent: { handOvers: [{ from: 'Stub' }] },
    });
    const prompt = fixture.prompts()[0];
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
    const task = agentTask({ agent }, { verify: [tests] });
    const script: Script = [[{ env: 'STUB_MODEL' }, { write: { path: 'login.txt', text: 'broken' } }]];
    await fixture.run(task, {
      agents: [{ ...stubAgent(fixture.source, script, { resume: true }), modelBy: { variable: 'STUB_MODEL' } }],
    });
    expect(task.state.failure).toContain('did not pass: tests, also after 3 attempts');
    expect(task.state.steps[0]).toMatchObject({
      plan: { name: 'Stub with large works on it', agent: { id: 'stub', model: 'large' } },
      agent: { handOvers: [{ from: 'Stub' }], said: 'large' },
    });
    const card = JSON.stringify(show(task.state).find(({ key }) => key.startsWith('hand-over:')));
    expect(card).toContain('Stub with large goes on with the work of Stub');
    expect(card).toContain('its checks failed after 2 attempts to mend it');
    expect(card).toContain('grep -q mended login.txt');
  });

  it('waits for the person who is named to review, once, and goes on with what they say', async () => {
    const person = { memberId: 'member-ana', name: 'ana' };
    const agent = { id: 'stub', name: 'Stub', prompt: 'mend it', reviewer: { kind: 'person', ...person } as const };
    const task = agentTask({ agent }, { verify: [tests] });
    const script: Script = [[{ write: { path: 'login.txt', text: 'broken' } }]];
    await fixture.start(task, script, { resume: true });
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'answer', awaited: 'ana' } });
    const [question] = task.state.questions;
    expect(question).toMatchObject({ status: 'open', asks: person });
    expect(question?.text).toContain(
      'Stub could not mend it in 2 attempts. What fails: tests (grep -q mended login.txt)',
    );
    task.command({ type: 'answer', questionId: question?.id ?? '', answer: 'write mended' });
    await fixture.start(task, script, { resume: true });
    const prompt = fixture.prompts().at(-1);
    expect(prompt).toContain('ana has looked at it and says: write mended');
    expect(task.state.questions).toHaveLength(1);
    expect(task.state.failure).toContain('did not pass: tests, also after 3 attempts');
  });

  it('ends as failed where its reviewer wants that', async () => {
    const reviewer = { kind: 'person', memberId: 'member-ana', name: 'ana' } as const;
    const task = agentTask(
      { agent: { id: 'stub', name: 'Stub', prompt: 'mend it', reviewer } },
      {
        verify: [tests],
      },
    );
    await fixture.start(task, [[{ write: { path: 'login.txt', text: 'broken' } }]], { resume: true });
    task.command({ type: 'answer', questionId: task.state.questions[0]?.id ?? '', answer: 'stop' });
    expect(task.state).toMatchObject({ status: 'failed', failure: expect.stringContaining('after 2 attempts') });
  });

  it('is handed over once to its reviewer when it says itself that it gets no further', async () => {
    const task = agentTask();
    const refuses = stubAgent(fixture.home, [[{ write: { path: 'half.txt', text: 'half' } }, { stop: 'refusal' }]]);
    const second = stubAgent(fixture.source, [[{ read: { path: 'half.txt' } }, { stop: 'refusal' }]]);
    const agents = [
      { ...refuses, reviewer: 'second' },
      { ...second, id: 'second', name: 'Second', reviewer: 'stub' },
    ];
    await fixture.run(task, { agents });
    expect(task.state.failure).toContain('Second refuses to do this: half');
    expect(task.state.steps[0]?.agent).toMatchObject({
      handOvers: [{ from: 'Stub', to: 'Second', reason: 'Stub refuses to do this' }],
    });
    expect(fixture.prompts()[0]).toContain('begun in this folder by Stub');
  });

  describe('and who reviews is a person', () => {
    const reviewer = { kind: 'person', memberId: 'member-ana', name: 'ana' } as const;
    const agent = { id: 'stub', name: 'Stub', prompt: 'mend it', reviewer };
    const answer = (task: MemoryTask, said: string) =>
      task.command({ type: 'answer', questionId: task.state.questions[0]?.id ?? '', answer: said });

    it('asks that person when it gets no further, once, and goes on in its session with what they say', async () => {
      const task = agentTask({ agent });
      const script: Script = [[{ say: 'Not that file.' }, { stop: 'refusal' }]];
      await fixture.start(task, script, { resume: true });
      expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'answer', awaited: 'ana' } });
      expect(task.state.questions).toMatchObject([
        {
          asks: { name: 'ana' },
          text: 'Stub gets no further after 1 attempt: Stub refuses to do this: Not that file. — what shall it do?',
          options: [{ label: 'Try again' }, { label: 'Let it end as failed' }],
        },
      ]);
      answer(task, 'leave that file alone');
      await fixture.start(task, script, { resume: true });
      expect(fixture.told('session/resume')).toHaveLength(1);
      expect(fixture.prompts().at(-1)).toMatch(
        /Stub refuses to do this: Not that file.*ana has looked at it and says:.*leave that file alone/,
      );
      expect(task.state.questions).toHaveLength(1);
      expect(task.state.failure).toBe('“s1” failed after 2 attempts: Stub refuses to do this: Not that file.');
    });

    it('asks that person when it fails in the same way again, and just tries again, or ends honestly', async () => {
      const task = agentTask({ agent, retry: { limit: 3, backoffMs: 1, on: ['transient'] } });
      await fixture.start(task, [[{ exit: 137 }]]);
      task.command({ type: 'retry-due' });
      await fixture.start(task, [[{ exit: 137 }]]);
      expect(task.state.questions[0]?.text).toContain('Stub gets no further after 2 attempts: Stub ended by SIGKILL');
      const stopped = { ...task.state };
      answer(task, 'again');
      await fixture.start(task, [[{ say: 'Done.' }]]);
      expect(task.state.status).toBe('completed');
      task.change(() => stopped);
      answer(task, 'stop');
      expect(task.state.failure).toMatch(
        /^“s1” failed after 2 attempts: Stub ended by SIGKILL .* \(ana wants no further attempt\)$/,
      );
    });
  });

  it('stays with its agent where that fails for another reason', async () => {
    const task = agentTask();
    const broken = stubAgent(fixture.home, [[{ error: { code: -32603, message: 'Limit' } }]]);
    const second = { ...stubAgent(fixture.source, [[]]), id: 'second', name: 'Second' };
    await fixture.run(task, { agents: [{ ...broken, fallback: 'second', reviewer: 'second' }, second] });
    expect(task.state.failure).toContain('Stub failed: Limit');
    expect(task.state.steps[0]?.agent?.handOvers).toBeUndefined();
  });

  it('is handed over once to its reviewer when it breaks off in the same way again', async () => {
    const task = agentTask({ retry: { limit: 3, backoffMs: 1, on: ['transient'] } });
    const dies = stubAgent(fixture.home, [[{ exit: 137 }]]);
    const second = stubAgent(fixture.source, [[{ write: { path: 'login.txt', text: 'mended' } }]]);
    const agents = [
      { ...dies, reviewer: 'second' },
      { ...second, id: 'second', name: 'Second' },
    ];
    await fixture.run(task, { agents });
    expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'retry' } });
    task.command({ type: 'retry-due' });
    await fixture.run(task, { agents });
    expect(task.state.status).toBe('completed');
    expect(task.state.steps[0]).toMatchObject({ agent: { handOvers: [{ to: 'Second' }] } });
    expect(task.state.steps[0]?.failures).toHaveLength(1);
  });

  it('goes on with another agent where the limit of its provider is reached and one is named for that, and its checks go back to that one', async () => {
    const task = agentTask({}, { verify: [tests] });
    const limit = { code: -32603, message: 'Limit', data: { kind: 'usage_limit', retryAfter: 3600 } };
    const begun: Script[number] = [
      { plan: [{ content: 'Look around', status: 'completed' }] },
      { write: { path: 'half.txt', text: 'half\n' } },
      {
        askAndGoOn: {
          message: 'Which port?',
          properties: { port: { type: 'integer' } },
          after: fixture.onceAsked(task),
        },
      },
      { error: limit },
    ];
    const builder = { ...stubAgent(fixture.home, [begun]), fallback: 'second' };
    const mends: Script = [[{ read: { path: 'half.txt' } }], [{ write: { path: 'login.txt', text: 'mended' } }]];
    const second = stubAgent(fixture.source, mends, { resume: true });
    await fixture.run(task, { agents: [builder, { ...second, id: 'second', name: 'Second' }] });
    expect(task.state.status).toBe('completed');
    expect(task.state.steps[0]?.agent?.fixes).toBe(1);
    expect(saidIn(task)).toBe('half');
    expect(task.state.actions.some(({ text }) => text.startsWith('Handed over to Second'))).toBe(true);
    expect(task.state.questions).toMatchObject([{ status: 'withdrawn' }]);
    const [, kept] = task.state.checkpoints;
    expect(kept?.name).toBe('Unfinished: s1');
    expect(fixture.inRepository('show', `${kept?.commit}:half.txt`)).toBe('half');
    const prompt = fixture.prompts()[0];
    expect(prompt).toContain('[completed] Look around');
    expect(prompt).toContain(`checkpoint 1, commit ${kept?.commit.slice(0, 12)}`);
    expect(prompt).toContain('> A half.txt | +1 -0\\n> 1 file changed, +1 -0');
    expect(prompt).toMatch(/nobody has answered it.*Which port\?/);
  });
});
