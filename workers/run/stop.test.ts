import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StopReason } from '#core/run/run.ts';
import { createRunFixture, newTask, type RunFixture, showsOutput, step } from './run-fixture.ts';

let fixture: RunFixture;
beforeEach(async () => {
  fixture = await createRunFixture();
});
afterEach(() => fixture.remove());

describe('a run that is stopped', () => {
  const long = step('long', ['sh', '-c', 'echo half > HALF; echo begun; exec sleep 600'], { safeToRepeat: true });

  it('by a cancel ends its processes and says so', async () => {
    const task = newTask([long]);
    const begun = task.reported(showsOutput('begun'));
    const stop = new AbortController();
    const running = fixture.run(task, { stop });
    await begun;
    task.command({ type: 'cancel' });
    stop.abort('cancel' satisfies StopReason);
    await running;
    expect(task.state).toMatchObject({ status: 'cancelled' });
  });

  it('by a shutdown goes back to the queue, and starts that step again from its beginning', async () => {
    const again = step('long', ['sh', '-c', 'test ! -f HALF && echo whole > WHOLE'], { safeToRepeat: true });
    const task = newTask([step('first', ['sh', '-c', 'echo 1 > FIRST']), long]);
    const begun = task.reported(showsOutput('begun'));
    const stop = new AbortController();
    const running = fixture.run(task, { stop });
    await begun;
    stop.abort('shutdown' satisfies StopReason);
    await running;
    expect(task.state).toMatchObject({
      status: 'queued',
      steps: [{ status: 'done' }, { status: 'pending', attempts: 1 }],
    });
    task.change((state) => ({
      ...state,
      steps: state.steps.map((each) => (each.plan.id === 'long' ? { ...each, plan: again } : each)),
    }));
    await fixture.run(task);
    expect(task.state.status).toBe('completed');
    expect(task.state.changes?.files.map((file) => file.path)).toEqual(['FIRST', 'WHOLE']);
    expect(task.state.steps[0]?.attempts).toBe(1);
  });

  it('because it is lost reports nothing more', async () => {
    const task = newTask([long]);
    const begun = task.reported(showsOutput('begun'));
    const stop = new AbortController();
    const running = fixture.run(task, { stop });
    await begun;
    const before = task.reports.length;
    stop.abort('lost' satisfies StopReason);
    await running;
    expect(task.reports.slice(before).filter((report) => report.type !== 'actions')).toEqual([]);
    expect(task.state.status).toBe('running');
  });

  it('by a pause ends after the step under way, and goes on with the next one', async () => {
    const task = newTask([step('first', ['sh', '-c', 'echo begun; sleep 0.1']), step('second', ['true'])]);
    const begun = task.reported(showsOutput('begun'));
    const running = fixture.run(task);
    await begun;
    task.command({ type: 'pause' });
    await running;
    expect(task.state).toMatchObject({
      status: 'paused',
      steps: [{ status: 'done' }, { status: 'pending', attempts: 0 }],
    });
    task.command({ type: 'resume' });
    await fixture.run(task);
    expect(task.state.status).toBe('completed');
  });
});
