import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type AgentFixture, agentTask, createAgentFixture } from '#tests/stub-agent/agent-fixture.ts';

// A machine without bubblewrap, which this one may not be.
vi.mock('../../agents/sandbox/sandbox.ts', async (real) => ({ ...(await real<object>()), canSandbox: () => false }));

let fixture: AgentFixture;

beforeEach(async () => {
  fixture = await createAgentFixture();
});
afterEach(() => fixture.remove());

it('an agent that may only work in a sandbox is not started where there is none, and the thread says what to do', async () => {
  const task = agentTask();
  await fixture.start(task, [[{ say: 'worked' }]], { said: { sandbox: 'required' } });
  expect(task.state.status).toBe('failed');
  expect(task.state.failure).toContain('Stub may only work in a sandbox, and this worker has none. Install bubblewrap');
});

it('one that has a sandbox where there is one works without', async () => {
  const task = agentTask();
  await fixture.start(task, [[{ say: 'worked' }]], { said: { sandbox: 'auto' } });
  expect(task.state.status).toBe('completed');
});
