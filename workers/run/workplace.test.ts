import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunFixture, newTask, type RunFixture, step } from './run-fixture.ts';

let fixture: RunFixture;
beforeEach(async () => {
  fixture = await createRunFixture();
});
afterEach(() => fixture.remove());

describe('a task that runs again', () => {
  it('starts from the project as it is now, and keeps what it did before as history', async () => {
    const task = newTask([step('list', ['sh', '-c', 'ls > LIST'])]);
    await fixture.run(task);
    const before = task.state.workspace;
    await fixture.commitInSource('NEWS', 'new');
    task.command({ type: 'restart' });
    await fixture.run(task);
    expect(task.state.workspace?.base).toBe(fixture.git('rev-parse', 'HEAD'));
    expect(task.state.workspace?.branch).toBe(before?.branch);
    expect(task.state.checkpoints.map(({ n, name, round }) => [n, name, round])).toEqual([
      [0, 'Start', 1],
      [1, 'list', 1],
      [2, 'Start', 2],
      [3, 'list', 2],
    ]);
    expect(fixture.inRepository('show', `${task.state.workspace?.head}:LIST`)).toBe('LIST\nNEWS\nREADME.md');
    expect(fixture.inRepository('show', `${before?.head}:LIST`)).toBe('LIST\nREADME.md');
    expect(fixture.inRepository('rev-parse', task.state.workspace?.branch ?? '')).toBe(task.state.workspace?.head);
  });

  it('makes a lost work folder again from its newest checkpoint', async () => {
    const task = newTask([
      step('one', ['sh', '-c', 'echo 1 > ONE']),
      step('two', ['cp', 'ONE', 'TWO'], { approve: 'it copies' }),
    ]);
    await fixture.run(task);
    await rm(join(fixture.home, 'work'), { recursive: true });
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    await fixture.run(task);
    expect(task.state.changes?.files.map((file) => file.path)).toEqual(['ONE', 'TWO']);
  });

  it('tells what changed outside of its scope, and a file that moved out with both of its places', async () => {
    await fixture.commitInSource('PLAN', 'to be moved, as it is, to another place');
    const script = 'mkdir src; echo 1 > src/a.ts; echo 2 > src/a.md; mv PLAN src/plan';
    const task = newTask([step('one', ['sh', '-c', script])], { scope: ['src/*.ts', 'PLAN'] });
    await fixture.run(task);
    expect(task.state.changes).toMatchObject({
      files: [{ path: 'src/a.md' }, { path: 'src/a.ts' }, { path: 'src/plan', status: 'renamed' }],
      outside: { paths: ['src/a.md', 'src/plan'], count: 2 },
    });
  });

  it('names who asked as the author of every commit', async () => {
    const task = newTask([step('one', ['sh', '-c', 'echo 1 > ONE'])]);
    await fixture.run(task);
    const shown = fixture.inRepository('log', '-1', '--format=%an|%cn|%s', task.state.workspace?.head ?? '');
    expect(shown).toBe('ana|Commander|one');
  });

  it('works the same in a plain folder', async () => {
    await rm(join(fixture.source, '.git'), { recursive: true });
    const task = newTask([step('one', ['sh', '-c', 'echo 1 > ONE'])]);
    await fixture.run(task, { kind: 'folder' });
    expect(task.state).toMatchObject({ status: 'completed', changes: { files: [{ path: 'ONE' }] } });
    expect(await readdir(fixture.source)).toEqual(['README.md']);
  });
});
