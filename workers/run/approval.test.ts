import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunFixture, newTask, type RunFixture, step } from './run-fixture.ts';

let fixture: RunFixture;
beforeEach(async () => {
  fixture = await createRunFixture();
});
afterEach(() => fixture.remove());

describe('a step that needs approval', () => {
  const risky = step('push', ['sh', '-c', 'echo pushed > PUSHED'], { approve: 'it pushes' });

  it('asks first, with exactly what would run, and runs when that was approved', async () => {
    const task = newTask([risky], { inputs: { to: 'main\u202e' } });
    await fixture.run(task);
    const asked = task.state.approvals[0];
    expect(task.state.because.waitingFor).toBe('approval');
    expect(asked?.shown).toContain("sh -c 'echo pushed > PUSHED'");
    expect(asked?.shown).toContain('INPUT_TO=main\\u{202e}');
    task.command({ type: 'approve', approvalId: asked?.id ?? '' });
    await fixture.run(task);
    expect(task.state.status).toBe('completed');
    expect(task.state.approvals.length).toBe(1);
  });

  it('asks again when what would run is no longer what was approved', async () => {
    const task = newTask([risky]);
    await fixture.run(task);
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    task.change((state) => ({ ...state, understanding: { ...state.understanding, inputs: { to: 'elsewhere' } } }));
    await fixture.run(task);
    expect(task.state.approvals.map((each) => each.status)).toEqual(['approved', 'open']);
  });

  it('asks again in a new round', async () => {
    const task = newTask([risky]);
    await fixture.run(task);
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    await fixture.run(task);
    task.command({ type: 'restart' });
    await fixture.run(task);
    expect(task.state.approvals.map((each) => each.status)).toEqual(['approved', 'open']);
  });

  it('does not ask when a standing rule is about this declaration, whatever the inputs', async () => {
    const first = newTask([risky], { inputs: { to: 'a' } });
    await fixture.run(first);
    const rules = [
      {
        id: 'rule',
        ruleHash: first.state.approvals[0]?.ruleHash ?? '',
        madeBy: 'ana',
        madeById: 'ana',
        madeAt: '2026-05-03T00:00:00Z',
      },
    ];
    const second = newTask([risky], { inputs: { to: 'b' } });
    await fixture.run(second, { rules });
    expect(second.state).toMatchObject({ status: 'queued', approvals: [{ status: 'approved', rule: { id: 'rule' } }] });
    await fixture.run(second, { rules });
    expect(second.state.status).toBe('completed');
  });
});
