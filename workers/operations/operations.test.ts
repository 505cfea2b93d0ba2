import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '#core/task/commands.ts';
import type { MemoryTask } from '../run/memory-task.ts';
import { createRunFixture, newTask, type RunFixture, step } from '../run/run-fixture.ts';

let fixture: RunFixture;
beforeEach(async () => {
  fixture = await createRunFixture();
});
afterEach(() => fixture.remove());

const steps = [
  step('one', ['sh', '-c', 'echo 1 > ONE; echo 1 > BOTH'], { checkpoint: 'First' }),
  step('two', ['sh', '-c', 'echo 2 > TWO; echo 2 > BOTH']),
];

async function finished(): Promise<MemoryTask> {
  const task = newTask(steps);
  await fixture.run(task);
  return task;
}

function askDelivery(task: MemoryTask): void {
  task.command({ type: 'deliver', commit: task.state.workspace?.head ?? '' });
}

function askRevert(task: MemoryTask, checkpoint: number, files?: readonly string[]): void {
  const head = task.state.workspace?.head ?? '';
  const delivered = task.state.delivery?.status === 'delivered';
  const manifest = { verdict: 'eligible', delivered, undone: [], cannot: [] } as const;
  const revertId = `revert-${task.state.reverts.length}`;
  task.command({ type: 'propose-revert', revertId, checkpoint, head, manifest });
  task.command({ type: 'revert', revertId, files });
}

/** Executes what is ready, but dies before its last report is taken, as in a crash; then executes it again. */
async function runTwice(task: MemoryTask, last: RunReport['type']): Promise<void> {
  task.dropOnce(last);
  await fixture.run(task);
  task.command({ type: 'interrupt', runId: task.state.run?.id ?? '', reason: 'Its worker died' });
  await fixture.run(task);
}

async function inProject(): Promise<string[]> {
  return (await readdir(fixture.source)).filter((name) => name !== '.git').sort();
}

function changed(task: MemoryTask): unknown {
  return task.state.changes?.files.map((file) => file.path).sort();
}

describe('a delivery', () => {
  it('merges the work into the project and says with which commit', async () => {
    const task = await finished();
    expect(await inProject()).toEqual(['README.md']);
    askDelivery(task);
    await fixture.run(task);
    expect(task.state.delivery).toMatchObject({ status: 'delivered', result: fixture.git('rev-parse', 'main') });
    expect(await inProject()).toEqual(['BOTH', 'ONE', 'README.md', 'TWO']);
    expect(fixture.git('log', '-1', '--format=%an|%s|%(trailers:key=Delivered-by,valueonly)')).toContain(
      'ana|Do something (#7)|ana',
    );
  });

  it('cut off by a crash after the merge is not made twice', async () => {
    const task = await finished();
    askDelivery(task);
    await runTwice(task, 'delivered');
    expect(task.state.delivery?.status).toBe('delivered');
    expect(fixture.git('log', '--first-parent', '--format=%s', 'main')).toBe('Do something (#7)\nREADME.md');
  });

  it('is refused when the project has changed in a way that does not fit, and nothing is changed', async () => {
    const task = await finished();
    await fixture.commitInSource('BOTH', 'other');
    askDelivery(task);
    await fixture.run(task);
    expect(task.state.delivery).toMatchObject({ status: 'refused', reason: expect.stringContaining('BOTH') });
    expect(await inProject()).toEqual(['BOTH', 'README.md']);
  });

  it('is refused when the person’s own uncommitted file is in the way, which stays as it is', async () => {
    const task = await finished();
    await writeFile(join(fixture.source, 'ONE'), 'my own');
    askDelivery(task);
    await fixture.run(task);
    expect(task.state.delivery).toMatchObject({ status: 'refused', reason: expect.stringContaining('ONE') });
    expect(await readFile(join(fixture.source, 'ONE'), 'utf8')).toBe('my own');
  });
});

describe('a revert', () => {
  it('takes the work back to a checkpoint, as a new one that can be taken back as well', async () => {
    const task = await finished();
    askRevert(task, 1);
    await fixture.run(task);
    expect(task.state.reverts.at(-1)?.status).toBe('done');
    expect(task.state.checkpoints.at(-1)).toMatchObject({ n: 3, name: 'Reverted to “First”' });
    expect(changed(task)).toEqual(['BOTH', 'ONE']);
    askRevert(task, 2);
    await fixture.run(task);
    expect(changed(task)).toEqual(['BOTH', 'ONE', 'TWO']);
    askRevert(task, 0);
    await fixture.run(task);
    expect(changed(task)).toEqual([]);
  });

  it('takes back chosen files only', async () => {
    const task = await finished();
    askRevert(task, 0, ['TWO']);
    await fixture.run(task);
    expect(changed(task)).toEqual(['BOTH', 'ONE']);
  });

  it('cut off by a crash after its checkpoint makes no second one', async () => {
    const task = await finished();
    askRevert(task, 1);
    await runTwice(task, 'reverted');
    expect(task.state.reverts.at(-1)?.status).toBe('done');
    expect(task.state.checkpoints.map((each) => each.n)).toEqual([0, 1, 2, 3]);
  });

  it('of delivered work is a new commit in the project; what others did since stays', async () => {
    const task = await finished();
    askDelivery(task);
    await fixture.run(task);
    await fixture.commitInSource('LATER', 'by somebody else');
    askRevert(task, 1);
    await runTwice(task, 'reverted');
    expect(task.state.reverts.at(-1)).toMatchObject({ status: 'done', result: fixture.git('rev-parse', 'main') });
    expect(await inProject()).toEqual(['BOTH', 'LATER', 'ONE', 'README.md']);
    expect(fixture.git('log', '--first-parent', '--format=%s', 'main').split('\n')).toEqual([
      'Reverted to “First”: Do something (#7)',
      'LATER',
      'Do something (#7)',
      'README.md',
    ]);
  });
});
