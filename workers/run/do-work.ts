import { join } from 'node:path';
import type { AgentSpec } from '#core/agents/settings.ts';
import { memoryLimit } from '#core/project-file/memory.ts';
import { stepLogPlace } from '#core/run/places.ts';
import type { ProjectSource } from '#core/run/run.ts';
import type { RunReport } from '#core/task/commands.ts';
import { currentStep, openAsks } from '#core/task/parts.ts';
import type { TaskState } from '#core/task/state.ts';
import type { StepState } from '#core/task/step-state.ts';
import type { Redactor } from '#core/text/redact.ts';
import { worksWalled } from '../agents/sandbox/wall-in.ts';
import { redactorOf } from '../runtimes/agent/agent-process.ts';
import { agentRuntime } from '../runtimes/agent/agent-runtime.ts';
import { runbookRuntime } from '../runtimes/runbook/runbook-runtime.ts';
import type { PreparedStep, StepEnd } from '../runtimes/runtime.ts';
import { verifyWork } from '../verify/verify-work.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import { objectsOf } from '../workspace/lay-out.ts';
import { readFileAt } from '../workspace/read-file.ts';
import { neededApproval } from './approval.ts';
import { type AfterFailure, afterChecks, goOnElsewhere } from './hand-over.ts';
import { publishOutputs } from './publish-outputs.ts';
import { type Run, RunStopped } from './run.ts';
import { runStep } from './run-step.ts';
import { emptyOutputs, layOutTaskFiles, removeTaskFiles, type TaskFiles } from './task-files.ts';
import { asShown } from './whole-text.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/**
 * The task's own work: every step that is not done yet, in order, each with its approval, outputs and checkpoint; then the
 * checks on the final commit. Returns early when the run ended before the task did: an approval is needed, or a step failed.
 */
export async function doWork(run: Run): Promise<void> {
  const { reporter } = run;
  const workplace = await openWorkplace(run);
  const files = await layOutTaskFiles(run.input);
  await goBack(run, workplace);
  let next: AfterFailure;
  try {
    do {
      if (!(await doSteps(run, { workplace, files }))) return;
      await verify(run, { workplace, files });
      next = await afterChecks(run);
    } while (next === 'again');
  } finally {
    await removeTaskFiles(run.input);
  }
  if (next === 'over') await reporter.end({ type: 'finished' });
}

/** A task that is resumed from an earlier checkpoint begins with its files, as a checkpoint of its own. */
async function goBack({ reporter }: Run, workplace: Workplace): Promise<void> {
  const { checkpoints, resumeFrom } = reporter.task;
  const from = checkpoints.find(({ n }) => n === resumeFrom);
  if (from !== undefined) await workplace.revert({ name: `Resumed from “${from.name}”`, to: from.commit });
}

interface Place {
  readonly workplace: Workplace;
  readonly files: TaskFiles;
}

/** False when the run is over. */
async function doSteps(run: Run, place: Place): Promise<boolean> {
  const { reporter } = run;
  for (let step = currentStep(reporter.task); step !== undefined; step = currentStep(reporter.task)) {
    if (reporter.signal.aborted) throw new RunStopped();
    const goesOn = await doStep(run, place, step);
    if (!goesOn) return false;
  }
  return true;
}

/** Commander itself runs the checks, on the commit that would be delivered and on nothing else. */
async function verify(run: Run, { workplace, files }: Place): Promise<void> {
  if (run.reporter.task.understanding.verify.length === 0) {
    await run.reporter.report({ type: 'verified', commit: workplace.head(), checks: [] });
    return;
  }
  const copy = await workplace.cleanCopy();
  try {
    const agents = agentsOf(run, run.reporter.task.steps);
    await verifyWork(run, {
      folder: copy.path,
      objects: objectsOf(run.input.project),
      files,
      commit: workplace.head(),
      secrets: redactorOf(...agents),
      walledAs: agents.find(worksWalled),
    });
  } finally {
    await copy.remove();
  }
}

/** False when the run is over. */
async function doStep(run: Run, { workplace, files }: Place, step: StepState): Promise<boolean> {
  const { input, reporter } = run;
  // An attempt that broke off or failed may have left half of its work. An agent goes on with its half.
  if (step.attempts > 0 && step.plan.agent === undefined) await workplace.restore();
  const prepared = prepare(run, { workplace, files }, step);
  const request = neededApproval(reporter.task, step, prepared.action);
  if (request !== undefined) {
    await reporter.end({ ...request, ...(await asShown(input.home, request.shown)) });
    return false;
  }
  await workplace.layOut();
  await emptyOutputs(files);
  await reporter.report({ type: 'step-started', stepId: step.plan.id });
  const end = await runStep(prepared, reporter);
  if (end.type === 'stopped') throw new RunStopped();
  // What an agent was given must not leave with its work.
  const secrets = secretsOf(run, step);
  if (end.type !== 'done') {
    const keep = () => workplace.keepUnfinished({ name: `Unfinished: ${step.plan.name}`, ...secrets });
    return endUnfinished(run, step, { end, keep });
  }
  const outputs = await publishOutputs(reporter, input.home, {
    folder: workplace.folder,
    globs: step.plan.outputs,
    ...secrets,
    published: files.outputs,
  });
  const { name, checkpoint } = step.plan;
  await workplace.finishStep(step.plan.id, {
    name: checkpoint ?? name,
    unchanged: checkpoint === undefined ? 'skip' : 'keep',
    outputs,
    ...secrets,
  });
  return true;
}

/** What has to be known of a step that is not done. */
interface Unfinished {
  readonly end: Exclude<StepEnd, { type: 'done' | 'stopped' }>;
  readonly keep: () => Promise<void>;
}

/**
 * Another agent goes on, or the run ends: to wait, or for good. The work of an agent that somebody is to go on with is kept first.
 * False when the run is over.
 */
async function endUnfinished(run: Run, step: StepState, { end, keep }: Unfinished): Promise<boolean> {
  const { reporter } = run;
  if (end.type === 'failed') {
    // Nobody hears an answer any more: who goes on is told what was open.
    for (const { id } of openAsks(reporter.task)) await reporter.report({ type: 'ask-withdrawn', askId: id });
    const next = await goOnElsewhere(run, step, { end, keep });
    if (next !== 'over') return next === 'again';
  }
  if (end.type === 'parked' || end.retryAt !== undefined) await keep();
  await reporter.end(reportOf(run, end, step));
  return false;
}

function secretsOf(run: Run, step: StepState): { readonly secrets?: Redactor } {
  const specs = agentsOf(run, [step]);
  return specs.length === 0 ? {} : { secrets: redactorOf(...specs) };
}

function agentsOf({ input }: Run, steps: readonly StepState[]): readonly AgentSpec[] {
  return input.agents.filter(({ id }) => steps.some(({ plan }) => plan.agent?.id === id));
}

function reportOf({ input }: Run, end: Unfinished['end'], { plan }: StepState): RunReport {
  if (end.type === 'parked') return { type: 'parked', stepId: plan.id };
  const { reason, transient, retryAt } = end;
  const others = input.agents.filter(({ id }) => id !== plan.agent?.id).map(({ id, name }) => ({ id, name }));
  const quota = retryAt === undefined ? {} : { quota: { until: retryAt, elsewhere: others } };
  return { type: 'step-failed', stepId: plan.id, reason, transient, ...quota };
}

/** Declarations of a project are no larger, in bytes. */
const originalLimitBytes = 1024 * 1024;

async function originalFile(
  project: ProjectSource,
  { workspace }: TaskState,
  path: string,
): Promise<string | undefined> {
  if (workspace === undefined) return undefined;
  try {
    return (await readFileAt(project, workspace.base, path, originalLimitBytes))?.toString('utf8');
  } catch (error) {
    // A folder, a link or a giant of that name is no declaration.
    if (error instanceof WorkspaceError) return undefined;
    throw error;
  }
}

/** A coding agent does the steps that are planned for one; everything else is a command. */
function prepare(
  { input, reporter, talk, otherTasks }: Run,
  { workplace, files }: Place,
  step: StepState,
): PreparedStep {
  const { task } = reporter;
  const place = stepLogPlace({
    taskNumber: task.number,
    round: task.round,
    stepId: step.plan.id,
    attempt: step.attempts + 1,
  });
  const runtime = step.plan.agent === undefined ? runbookRuntime : agentRuntime;
  return runtime.prepare(step.plan, {
    runId: input.runId,
    memoryBytes: memoryLimit(input.memoryBytes, task.understanding),
    agents: input.agents,
    policy: input.policy,
    budgets: input.budgets,
    spending: reporter.spending,
    home: input.home,
    task,
    folder: workplace.folder,
    checkout: input.project.kind === 'remote' ? undefined : input.project.location,
    objects: objectsOf(input.project),
    head: workplace.head(),
    original: (path) => originalFile(input.project, task, path),
    files,
    talk,
    otherTasks,
    logFile: join(input.home, place),
  });
}
