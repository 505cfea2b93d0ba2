import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DayBudgets, nothingSpent, type SpentToday } from '#core/agents/budget.ts';
import type { AgentSpec } from '#core/agents/settings.ts';
import type { StandingRule } from '#core/policy/standing-rule.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import { noOtherTasks, type OtherTasks } from '#core/run/other-tasks.ts';
import type { ProjectSource, RunInput } from '#core/run/run.ts';
import type { RunReport } from '#core/task/commands.ts';
import { outputActionText } from '#core/task/parts.ts';
import { talkOf } from '#core/task/talk.ts';
import { plainUnderstanding } from '#core/task/testing.ts';
import type { Understanding, VerifyCommand } from '#core/task/understanding.ts';
import { executeRun } from './execute-run.ts';
import { createMemoryTask, type MemoryTask } from './memory-task.ts';
import { createTalkFeed } from './talk-feed.ts';

/** A project and a data directory in a temporary folder, and tasks that are executed in them. For tests. */
export interface RunFixture {
  readonly home: string;
  /** The person's repository, on branch main with one commit. */
  readonly source: string;
  /** Admits, claims and executes what is ready. */
  run(task: MemoryTask, options?: RunOptions): Promise<void>;
  commitInSource(name: string, content: string): Promise<void>;
  /** Git in the person's repository, as the person uses it. */
  git(...commandLine: string[]): string;
  /** A look into Commander's own repository. */
  inRepository(...commandLine: string[]): string;
  remove(): Promise<void>;
}

interface RunOptions {
  readonly rules?: readonly StandingRule[];
  readonly budgets?: DayBudgets;
  readonly spentToday?: SpentToday;
  readonly memoryBytes?: number;
  readonly agents?: readonly AgentSpec[];
  readonly stop?: AbortController;
  readonly policy?: RunInput['policy'];
  readonly otherTasks?: OtherTasks;
  readonly kind?: ProjectSource['kind'];
}

const noneToday: SpentToday = { person: nothingSpent, project: nothingSpent };

export async function createRunFixture(): Promise<RunFixture> {
  const base = await mkdtemp(join(tmpdir(), 'commander-run-'));
  const home = join(base, 'home');
  const source = join(base, 'project');
  const directory = join(home, 'repositories/demo.git');
  await mkdir(source);

  function git(...commandLine: string[]): string {
    const settings = ['-c', 'user.name=Owner', '-c', 'user.email=owner@example.org', '-c', 'commit.gpgSign=false'];
    return execFileSync('git', [...settings, ...commandLine], { cwd: source, encoding: 'utf8' }).trim();
  }

  async function commitInSource(name: string, content: string): Promise<void> {
    await mkdir(dirname(join(source, name)), { recursive: true });
    await writeFile(join(source, name), content);
    git('add', '--', name);
    git('commit', '--quiet', '-m', name);
  }

  git('init', '--quiet', '--initial-branch=main');
  await commitInSource('README.md', '# Demo\n');
  return {
    home,
    source,
    git,
    commitInSource,
    inRepository: (...commandLine) =>
      execFileSync('git', [`--git-dir=${directory}`, ...commandLine], { encoding: 'utf8' }).trim(),
    async run(task, options = {}) {
      const { rules = [], agents = [], policy = [], stop = new AbortController(), kind = 'repository' } = options;
      const { memoryBytes, budgets = { per_person: {}, per_project: {} }, spentToday = noneToday } = options;
      const { otherTasks = noOtherTasks } = options;
      if (task.state.status === 'backlog') task.command({ type: 'queue' });
      const runId = task.claim();
      const about = kind === 'repository' ? { kind, defaultBranch: 'main' } : { kind };
      const project: ProjectSource = { projectId: 'demo', name: 'demo', location: source, directory, ...about };
      const limits = { policy, budgets, spentToday, memoryBytes };
      const input: RunInput = { runId, task: task.state, project, home, agents, ...limits };
      const talk = createTalkFeed(talkOf(task.state));
      const deaf = task.onChange(() => talk.update(talkOf(task.state)));
      await executeRun({ input, journal: task.journal(runId, rules), signal: stop.signal, talk, otherTasks });
      deaf();
    },
    remove: () => rm(base, { recursive: true, force: true }),
  };
}

/** A task of the demo project that was just received. */
export function newTask(
  steps: readonly PlannedStep[],
  understanding: Partial<Pick<Understanding, 'inputs' | 'verify' | 'attachments' | 'scope' | 'memoryBytes'>> = {},
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
    understanding: { ...plainUnderstanding, ...understanding },
  });
}

/** A step that runs a command, with defaults for the rest. */
export function step(id: string, argv: readonly string[], more: Partial<PlannedStep> = {}): PlannedStep {
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
    reversible: true,
    declaration: { name: id, argv, env: {}, cwd: '.' },
    ...more,
  };
}

/** A check of the final commit. */
export function verify(name: string, argv: readonly string[]): VerifyCommand {
  return { name, argv, timeoutMs: 60_000 };
}

/** Every action that was reported, as text and code. */
export function actionsOf(task: MemoryTask) {
  return task.reports.flatMap((report) =>
    report.type === 'actions' ? report.actions.map((action) => [action.text, action.code]) : [],
  );
}

/** Fits a report that shows this line of output. */
export function showsOutput(line: string) {
  return (report: RunReport) =>
    report.type === 'actions' &&
    report.actions.some((action) => action.text === outputActionText && action.code === line);
}
