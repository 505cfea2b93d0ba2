import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobPlace } from '#core/run/places.ts';
import { outputActionText } from '#core/task/parts.ts';
import { actionsOf, createRunFixture, newTask, type RunFixture, step, verify } from './run-fixture.ts';

let fixture: RunFixture;
beforeEach(async () => {
  fixture = await createRunFixture();
});
afterEach(() => fixture.remove());

describe('a run of a runbook', () => {
  it('carries out the steps, keeps what they did, checks the result, and says all of it', async () => {
    const task = newTask(
      [
        step('write', ['sh', '-c', 'echo "$INPUT_VERSION" > VERSION; echo wrote it'], {
          checkpoint: 'Version written',
          why: 'So that it has a version',
        }),
        step('look', ['cat', 'VERSION']),
      ],
      { inputs: { version: '1.2.0' }, verify: [verify('has a version', ['test', '-f', 'VERSION'])] },
    );
    await fixture.run(task);
    expect(task.state.status).toBe('completed');
    expect(task.state.steps.map((each) => [each.plan.id, each.status])).toEqual([
      ['write', 'done'],
      ['look', 'done'],
    ]);
    expect(task.state.checkpoints.map((each) => [each.n, each.name])).toEqual([
      [0, 'Start'],
      [1, 'Version written'],
    ]);
    expect(task.state.changes).toMatchObject({ added: 1, files: [{ path: 'VERSION', status: 'added' }] });
    expect(task.state.verification).toMatchObject({
      commit: task.state.workspace?.head,
      checks: [{ name: 'has a version', passed: true }],
    });
    expect(task.state.actions).toContainEqual({
      at: expect.any(String),
      text: 'Running',
      code: 'echo "$INPUT_VERSION" > VERSION; echo wrote it',
      why: 'So that it has a version',
    });
    expect(actionsOf(task)).toContainEqual([outputActionText, '1.2.0']);
    expect(await readFile(join(fixture.home, 'logs/7/1-look-1.log'), 'utf8')).toContain('1.2.0');
  });

  it('leaves the person’s checkout as it is', async () => {
    await fixture.run(newTask([step('write', ['sh', '-c', 'echo x > NEW; echo y >> README.md'])]));
    expect((await readdir(fixture.source)).sort()).toEqual(['.git', 'README.md']);
    expect(await readFile(join(fixture.source, 'README.md'), 'utf8')).toBe('# Demo\n');
  });

  it('gives commands the request’s files, and publishes what they put out', async () => {
    const sha256 = 'a'.repeat(64);
    await mkdir(join(fixture.home, 'blobs/aa'), { recursive: true });
    await writeFile(join(fixture.home, blobPlace(sha256)), 'a,b');
    const attachments = [{ name: '../table 1.csv', mediaType: 'text/csv', size: 3, sha256 }];
    const copy = 'cp "$COMMANDER_ATTACHMENTS/table 1.csv" "$COMMANDER_OUTPUTS/copy.csv"; echo hi > report.txt';
    const task = newTask([step('copy', ['sh', '-c', copy], { outputs: ['*.txt'] })], { attachments });
    await fixture.run(task);
    expect(task.state.outputs.map(({ name, mediaType, version }) => [name, mediaType, version]).sort()).toEqual([
      ['copy.csv', 'text/csv', 1],
      ['report.txt', 'text/plain', 1],
    ]);
    task.command({ type: 'restart' });
    await fixture.run(task);
    expect(
      task.state.outputs
        .map(({ name, version }) => [name, version])
        .slice(2)
        .sort(),
    ).toEqual([
      ['copy.csv', 2],
      ['report.txt', 2],
    ]);
  });

  it('ends with an honest failure when a step fails', async () => {
    const task = newTask([step('break', ['sh', '-c', 'echo no such luck >&2; exit 3']), step('never', ['true'])]);
    await fixture.run(task);
    expect(task.state.status).toBe('failed');
    expect(task.state.failure).toContain('“break” failed');
    expect(task.state.steps[1]?.status).toBe('pending');
  });

  const hoard = ['sh', '-c', 'head -c 60000000 /dev/zero | tail -c 60000000 | sleep 1000'];

  it('fails, and is not tried again, when a step holds more memory than it may', async () => {
    const retry = { limit: 3, backoffMs: 1000, on: ['any'] } as const;
    const task = newTask([step('hoard', hoard, { retry })], { memoryBytes: 1e9 });
    await fixture.run(task, { memoryBytes: 30_000_000 });
    expect(task.state).toMatchObject({ status: 'failed', steps: [{ attempts: 1 }] });
    expect(task.state.failure).toMatch(/held \d\d MB of memory, more than the 30 MB .* is said by `limits\.memory`/);
  });

  it('limits a check too, and a project can say less than the installation', async () => {
    const task = newTask([step('work', ['true'])], { memoryBytes: 30_000_000, verify: [verify('hoard', hoard)] });
    await fixture.run(task, { memoryBytes: 1e9 });
    expect(task.state.verification?.checks).toMatchObject([
      { passed: false, reason: expect.stringMatching(/held \d\d MB of memory, more than the 30 MB/) },
    ]);
  });

  it('waits for another attempt when a step failed for a reason that passes, and starts it from the checkpoint before', async () => {
    const retry = { limit: 1, backoffMs: 1000, on: ['transient'] } as const;
    const flaky = 'test ! -f HALF; echo half > HALF; test -f "$HOME/tried" || { touch "$HOME/tried"; exit 75; }';
    const task = newTask([step('flaky', ['sh', '-e', '-c', flaky], { retry })]);
    await fixture.run(task);
    expect(task.state).toMatchObject({
      because: { waitingFor: 'retry' },
      steps: [{ failures: [{ transient: true, reason: expect.stringContaining('exit code 75') }] }],
    });
    task.command({ type: 'retry-due' });
    await fixture.run(task);
    expect(task.state).toMatchObject({ status: 'completed', steps: [{ attempts: 2 }] });
  });

  it('fails the task when the checks do not pass, though the steps did', async () => {
    const task = newTask([step('fine', ['true'])], { verify: [verify('strict', ['sh', '-c', 'echo wrong; exit 1'])] });
    await fixture.run(task);
    expect(task.state.status).toBe('failed');
    expect(task.state.verification?.checks).toMatchObject([
      { passed: false, reason: expect.stringContaining('wrong') },
    ]);
  });

  it('checks the commit, not what lies about in the work folder', async () => {
    await fixture.commitInSource('.gitignore', 'ignored\n');
    const task = newTask([step('litter', ['sh', '-c', 'echo x > ignored; echo y > kept'])], {
      verify: [verify('clean', ['sh', '-c', 'test -f kept && ! test -f ignored'])],
    });
    await fixture.run(task);
    expect(task.state.status).toBe('completed');
  });
});

describe('a run that can not work', () => {
  it('says that the project is gone', async () => {
    await rm(fixture.source, { recursive: true });
    const task = newTask([step('any', ['true'])]);
    await fixture.run(task);
    expect(task.state.status).toBe('failed');
    expect(task.state.failure).toContain(fixture.source);
    expect(task.state.failure).not.toContain(' at ');
  });

  it('says which program is missing', async () => {
    const task = newTask([step('any', ['no-such-program'])]);
    await fixture.run(task);
    expect(task.state.failure).toContain('no-such-program was not found');
  });
});
