import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlannedStep } from '#core/project-file/plan.ts';
import { blobPlace } from '#core/run/places.ts';
import type { ProjectSource, RunInput, StandingRule, StopReason } from '#core/run/run.ts';
import type { RunReport } from '#core/task/commands.ts';
import { outputActionText } from '#core/task/parts.ts';
import type { Understanding, VerifyCommand } from '#core/task/state.ts';
import { executeRun } from './execute-run.ts';
import { createMemoryTask, type MemoryTask } from './memory-task.ts';

let base: string;
let home: string;
let source: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'commander-run-'));
  home = join(base, 'home');
  source = join(base, 'project');
  await mkdir(source);
  git('init', '--quiet', '--initial-branch=main');
  await commitInSource('README.md', '# Demo\n');
});

afterEach(() => rm(base, { recursive: true, force: true }));

describe('a run of a runbook', () => {
  it('carries out the steps, keeps what they did, checks the result, and says all of it', async () => {
    const task = newTask(
      [
        step('write', ['sh', '-c', 'echo "$INPUT_VERSION" > VERSION; echo wrote it'], {
          checkpoint: 'Version written',
        }),
        step('look', ['cat', 'VERSION']),
      ],
      { inputs: { version: '1.2.0' }, verify: [verify('has a version', ['test', '-f', 'VERSION'])] },
    );
    await run(task);
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
    expect(actionsOf(task)).toContainEqual(['Running', `sh -c 'echo "$INPUT_VERSION" > VERSION; echo wrote it'`]);
    expect(actionsOf(task)).toContainEqual([outputActionText, '1.2.0']);
    expect(await readFile(join(home, 'logs/7/1-look-1.log'), 'utf8')).toContain('1.2.0');
  });

  it('leaves the person’s checkout as it is', async () => {
    await run(newTask([step('write', ['sh', '-c', 'echo x > NEW; echo y >> README.md'])]));
    expect((await readdir(source)).sort()).toEqual(['.git', 'README.md']);
    expect(await readFile(join(source, 'README.md'), 'utf8')).toBe('# Demo\n');
  });

  it('gives commands the request’s files, and publishes what they put out', async () => {
    const sha256 = 'a'.repeat(64);
    await mkdir(join(home, 'blobs/aa'), { recursive: true });
    await writeFile(join(home, blobPlace(sha256)), 'a,b');
    const attachments = [{ name: '../table 1.csv', mediaType: 'text/csv', size: 3, sha256 }];
    const copy = 'cp "$COMMANDER_ATTACHMENTS/table 1.csv" "$COMMANDER_OUTPUTS/copy.csv"; echo hi > report.txt';
    const task = newTask([step('copy', ['sh', '-c', copy], { outputs: ['*.txt'] })], { attachments });
    await run(task);
    expect(task.state.outputs.map(({ name, mediaType, version }) => [name, mediaType, version]).sort()).toEqual([
      ['copy.csv', 'text/csv', 1],
      ['report.txt', 'text/plain', 1],
    ]);
    task.command({ type: 'restart' });
    await run(task);
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
    await run(task);
    expect(task.state.status).toBe('failed');
    expect(task.state.failure).toContain('“break” failed');
    expect(task.state.steps[1]?.status).toBe('pending');
  });

  it('fails the task when the checks do not pass, though the steps did', async () => {
    const task = newTask([step('fine', ['true'])], { verify: [verify('strict', ['sh', '-c', 'echo wrong; exit 1'])] });
    await run(task);
    expect(task.state.status).toBe('failed');
    expect(task.state.verification?.checks).toMatchObject([
      { passed: false, reason: expect.stringContaining('wrong') },
    ]);
  });

  it('checks the commit, not what lies about in the work folder', async () => {
    await commitInSource('.gitignore', 'ignored\n');
    const task = newTask([step('litter', ['sh', '-c', 'echo x > ignored; echo y > kept'])], {
      verify: [verify('clean', ['sh', '-c', 'test -f kept && ! test -f ignored'])],
    });
    await run(task);
    expect(task.state.status).toBe('completed');
  });
});

describe('a step that needs approval', () => {
  const risky = step('push', ['sh', '-c', 'echo pushed > PUSHED'], { approve: 'it pushes' });

  it('asks first, with exactly what would run, and runs when that was approved', async () => {
    const task = newTask([risky], { inputs: { to: 'main\u202e' } });
    await run(task);
    const asked = task.state.approvals[0];
    expect(task.state.because.waitingFor).toBe('approval');
    expect(asked?.shown).toContain("sh -c 'echo pushed > PUSHED'");
    expect(asked?.shown).toContain('INPUT_TO=main\\u{202e}');
    task.command({ type: 'approve', approvalId: asked?.id ?? '' });
    await run(task);
    expect(task.state.status).toBe('completed');
    expect(task.state.approvals.length).toBe(1);
  });

  it('asks again when what would run is no longer what was approved', async () => {
    const task = newTask([risky]);
    await run(task);
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    task.change((state) => ({ ...state, understanding: { ...state.understanding, inputs: { to: 'elsewhere' } } }));
    await run(task);
    expect(task.state.approvals.map((each) => each.status)).toEqual(['approved', 'open']);
  });

  it('asks again in a new round', async () => {
    const task = newTask([risky]);
    await run(task);
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    await run(task);
    task.command({ type: 'restart' });
    await run(task);
    expect(task.state.approvals.map((each) => each.status)).toEqual(['approved', 'open']);
  });

  it('does not ask when a standing rule is about this declaration, whatever the inputs', async () => {
    const first = newTask([risky], { inputs: { to: 'a' } });
    await run(first);
    const rules = [
      { id: 'rule', ruleHash: first.state.approvals[0]?.ruleHash ?? '', madeBy: 'ana', madeAt: '2026-05-03T00:00:00Z' },
    ];
    const second = newTask([risky], { inputs: { to: 'b' } });
    await run(second, { rules });
    expect(second.state).toMatchObject({ status: 'queued', approvals: [{ status: 'approved', rule: { id: 'rule' } }] });
    await run(second, { rules });
    expect(second.state.status).toBe('completed');
  });
});

describe('a run that is stopped', () => {
  const long = step('long', ['sh', '-c', 'echo half > HALF; echo begun; exec sleep 600'], { safeToRepeat: true });

  it('by a cancel ends its processes and says so', async () => {
    const task = newTask([long]);
    const begun = task.reported(showsOutput('begun'));
    const stop = new AbortController();
    const running = run(task, { stop });
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
    const running = run(task, { stop });
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
    await run(task);
    expect(task.state.status).toBe('completed');
    expect(task.state.changes?.files.map((file) => file.path)).toEqual(['FIRST', 'WHOLE']);
    expect(task.state.steps[0]?.attempts).toBe(1);
  });

  it('because it is lost reports nothing more', async () => {
    const task = newTask([long]);
    const begun = task.reported(showsOutput('begun'));
    const stop = new AbortController();
    const running = run(task, { stop });
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
    const running = run(task);
    await begun;
    task.command({ type: 'pause' });
    await running;
    expect(task.state).toMatchObject({
      status: 'paused',
      steps: [{ status: 'done' }, { status: 'pending', attempts: 0 }],
    });
    task.command({ type: 'resume' });
    await run(task);
    expect(task.state.status).toBe('completed');
  });
});

describe('a task that runs again', () => {
  it('starts from the project as it is now, and keeps what it did before as history', async () => {
    const task = newTask([step('list', ['sh', '-c', 'ls > LIST'])]);
    await run(task);
    const before = task.state.workspace;
    await commitInSource('NEWS', 'new');
    task.command({ type: 'restart' });
    await run(task);
    expect(task.state.workspace?.base).toBe(git('rev-parse', 'HEAD'));
    expect(task.state.workspace?.branch).toBe(before?.branch);
    expect(task.state.checkpoints.map(({ n, name, round }) => [n, name, round])).toEqual([
      [0, 'Start', 1],
      [1, 'list', 1],
      [2, 'Start', 2],
      [3, 'list', 2],
    ]);
    expect(inRepository('show', `${task.state.workspace?.head}:LIST`)).toBe('LIST\nNEWS\nREADME.md');
    expect(inRepository('show', `${before?.head}:LIST`)).toBe('LIST\nREADME.md');
    expect(inRepository('rev-parse', task.state.workspace?.branch ?? '')).toBe(task.state.workspace?.head);
  });

  it('makes a lost work folder again from its newest checkpoint', async () => {
    const task = newTask([
      step('one', ['sh', '-c', 'echo 1 > ONE']),
      step('two', ['cp', 'ONE', 'TWO'], { approve: 'it copies' }),
    ]);
    await run(task);
    await rm(join(home, 'work'), { recursive: true });
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    await run(task);
    expect(task.state.changes?.files.map((file) => file.path)).toEqual(['ONE', 'TWO']);
  });

  it('names who asked as the author of every commit', async () => {
    const task = newTask([step('one', ['sh', '-c', 'echo 1 > ONE'])]);
    await run(task);
    const shown = inRepository('log', '-1', '--format=%an|%cn|%s', task.state.workspace?.head ?? '');
    expect(shown).toBe('ana|Commander|one');
  });

  it('works the same in a plain folder', async () => {
    await rm(join(source, '.git'), { recursive: true });
    const task = newTask([step('one', ['sh', '-c', 'echo 1 > ONE'])]);
    await run(task, { kind: 'folder' });
    expect(task.state).toMatchObject({ status: 'completed', changes: { files: [{ path: 'ONE' }] } });
    expect(await readdir(source)).toEqual(['README.md']);
  });
});

describe('a revert', () => {
  const steps = [
    step('one', ['sh', '-c', 'echo 1 > ONE; echo 1 > BOTH'], { checkpoint: 'First' }),
    step('two', ['sh', '-c', 'echo 2 > TWO; echo 2 > BOTH']),
  ];

  async function revert(task: MemoryTask, checkpoint: number, files?: readonly string[]): Promise<void> {
    const head = task.state.workspace?.head ?? '';
    const manifest = { verdict: 'eligible', delivered: false, undone: [], cannot: [] } as const;
    const revertId = `revert-${task.state.reverts.length}`;
    task.command({ type: 'propose-revert', revertId, checkpoint, head, manifest });
    task.command({ type: 'revert', revertId, files });
    await run(task);
  }

  function changed(task: MemoryTask): unknown {
    return task.state.changes?.files.map((file) => file.path).sort();
  }

  it('takes the work back to a checkpoint, as a new one that can be taken back as well', async () => {
    const task = newTask(steps);
    await run(task);
    await revert(task, 1);
    expect(task.state.reverts.at(-1)?.status).toBe('done');
    expect(task.state.checkpoints.at(-1)).toMatchObject({ n: 3, name: 'Reverted to “First”' });
    expect(changed(task)).toEqual(['BOTH', 'ONE']);
    await revert(task, 2);
    expect(changed(task)).toEqual(['BOTH', 'ONE', 'TWO']);
    await revert(task, 0);
    expect(changed(task)).toEqual([]);
  });

  it('takes back chosen files only', async () => {
    const task = newTask(steps);
    await run(task);
    await revert(task, 1, ['BOTH']);
    expect(changed(task)).toEqual(['BOTH', 'ONE', 'TWO']);
    await revert(task, 0, ['TWO']);
    expect(changed(task)).toEqual(['BOTH', 'ONE']);
  });
});

describe('a run that can not work', () => {
  it('says that the project is gone', async () => {
    await rm(source, { recursive: true });
    const task = newTask([step('any', ['true'])]);
    await run(task);
    expect(task.state.status).toBe('failed');
    expect(task.state.failure).toContain(source);
    expect(task.state.failure).not.toContain(' at ');
  });

  it('says which program is missing', async () => {
    const task = newTask([step('any', ['no-such-program'])]);
    await run(task);
    expect(task.state.failure).toContain('no-such-program was not found');
  });
});

function newTask(
  steps: readonly PlannedStep[],
  understanding: Partial<Pick<Understanding, 'inputs' | 'verify' | 'attachments'>> = {},
): MemoryTask {
  return createMemoryTask({
    type: 'task.received',
    id: '0190f000-0000-7000-8000-00000000beef',
    number: 7,
    title: 'Do something',
    request: 'do something',
    project: { id: 'demo', name: 'demo' },
    runbook: { id: 'demo', name: 'demo' },
    steps,
    priority: 50,
    after: [],
    understanding: {
      heard: '',
      corrections: [],
      inputs: {},
      scope: [],
      risk: 'low',
      riskReason: '',
      expects: [],
      verify: [],
      attachments: [],
      ...understanding,
    },
  });
}

function step(id: string, argv: readonly string[], more: Partial<PlannedStep> = {}): PlannedStep {
  return {
    id,
    name: id,
    argv,
    env: {},
    cwd: '.',
    timeoutMs: 60_000,
    retry: { limit: 0, backoffMs: 1000, on: [] },
    outputs: [],
    safeToRepeat: false,
    declaration: { id, argv },
    ...more,
  } as PlannedStep;
}

function verify(name: string, argv: readonly string[]): VerifyCommand {
  return { name, argv, timeoutMs: 60_000 };
}

/** Admits, claims and executes what is ready. */
async function run(
  task: MemoryTask,
  {
    rules = [],
    stop = new AbortController(),
    kind = 'repository',
  }: { rules?: readonly StandingRule[]; stop?: AbortController; kind?: ProjectSource['kind'] } = {},
): Promise<void> {
  if (task.state.status === 'backlog') task.command({ type: 'queue' });
  const runId = task.claim();
  const project: ProjectSource = {
    projectId: 'demo',
    name: 'demo',
    kind,
    location: source,
    directory: join(home, 'projects/demo'),
  };
  const input: RunInput = { runId, task: task.state, project, home, rules };
  await executeRun({ input, journal: task.journal(runId), signal: stop.signal });
}

function actionsOf(task: MemoryTask) {
  return task.reports.flatMap((report) =>
    report.type === 'actions' ? report.actions.map((action) => [action.text, action.code]) : [],
  );
}

function showsOutput(line: string) {
  return (report: RunReport) =>
    report.type === 'actions' &&
    report.actions.some((action) => action.text === outputActionText && action.code === line);
}

async function commitInSource(name: string, content: string): Promise<void> {
  await writeFile(join(source, name), content);
  git('add', '--', name);
  git('commit', '--quiet', '-m', name);
}

/** A look into Commander's own repository. */
function inRepository(...commandLine: string[]): string {
  const directory = join(home, 'projects/demo');
  return execFileSync('git', [`--git-dir=${directory}`, ...commandLine], { encoding: 'utf8' }).trim();
}

/** Git as the project's owner uses it. */
function git(...commandLine: string[]): string {
  const settings = ['-c', 'user.name=Owner', '-c', 'user.email=owner@example.org', '-c', 'commit.gpgSign=false'];
  return execFileSync('git', [...settings, ...commandLine], { cwd: source, encoding: 'utf8' }).trim();
}
