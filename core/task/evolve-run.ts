import { plural } from '#core/text/plural.ts';
import type { Recorded, TaskEvent } from './events.ts';
import { parkAgent } from './evolve-agent.ts';
import { act, addAction, become, updateStep, workspaceStart } from './parts.ts';
import type { CheckResult, Workspace } from './result.ts';
import type { TaskState } from './state.ts';
import type { StepState } from './step-state.ts';
import { failuresOf, triesOf } from './tries.ts';

/** What a run reports: its own life, its steps, and what they did. `undefined` for every other event. */
export function evolveRun(state: TaskState, recorded: Recorded): TaskState | undefined {
  return evolveLife(state, recorded) ?? evolveStep(state, recorded) ?? evolveResult(state, recorded);
}

function evolveLife(state: TaskState, { at, event }: Recorded): TaskState | undefined {
  switch (event.type) {
    case 'run.admitted':
      return {
        ...state,
        ready: undefined,
        run: { id: event.runId, kind: event.kind, status: 'admitted', at },
      };
    case 'run.claimed':
      return claimed(state, event, at);
    case 'run.parked':
      return { ...state, run: undefined, deaths: undefined, steps: state.steps.map(parkAgent) };
    case 'run.ended':
      return { ...state, run: undefined, deaths: undefined };
    case 'run.interrupted':
      return interrupted(state, event, at);
    case 'workspace.ready':
      return { ...state, workspace: { ...workspaceStart(event), head: event.base } };
    default:
      return undefined;
  }
}

/** The step under way is not done; an operation on the result is simply due again, for it finds out what was done. */
function interrupted(
  state: TaskState,
  { reason, orderly }: TaskEvent & { type: 'run.interrupted' },
  at: string,
): TaskState {
  const kind = state.run?.kind ?? 'work';
  return act(
    {
      ...state,
      run: undefined,
      deaths: orderly ? state.deaths : (state.deaths ?? 0) + 1,
      ready: kind === 'work' ? undefined : kind,
      steps: state.steps.map((step) => (step.status === 'running' ? { ...step, status: 'pending' } : step)),
    },
    at,
    reason,
  );
}

function claimed(state: TaskState, event: TaskEvent & { type: 'run.claimed' }, at: string): TaskState {
  const run = {
    id: event.runId,
    kind: state.run?.kind ?? 'work',
    status: 'running',
    at,
    worker: event.worker,
  } as const;
  if (run.kind !== 'work') return { ...state, run };
  return { ...become(state, 'running', { text: 'Working', since: at }), run, startedAt: state.startedAt ?? at };
}

function evolveStep(state: TaskState, { at, event }: Recorded): TaskState | undefined {
  switch (event.type) {
    case 'step.started':
      return updateStep(state, event.stepId, (step) => ({
        ...step,
        status: 'running',
        attempts: step.attempts + 1,
        startedAt: at,
        finishedAt: undefined,
        retryAt: undefined,
        elsewhere: undefined,
      }));
    case 'step.finished':
      return {
        ...updateStep(state, event.stepId, (step) => ({
          ...step,
          status: 'done',
          finishedAt: at,
          missing: event.missing,
          leftOut: event.leftOut,
        })),
        deaths: undefined,
      };
    case 'step.skipped':
      return act(
        updateStep(state, event.stepId, (step) => ({ ...step, status: 'skipped', finishedAt: at })),
        at,
        event.reason,
      );
    case 'step.failed':
      return failed(state, event, at);
    case 'actions.reported':
      return event.actions.reduce(addAction, state);
    default:
      return undefined;
  }
}

function failed(state: TaskState, event: TaskEvent & { type: 'step.failed' }, at: string): TaskState {
  const withFailure = updateStep(state, event.stepId, (step) => ({
    ...step,
    status: event.retryAt === undefined ? 'failed' : 'waiting',
    finishedAt: at,
    retryAt: event.retryAt,
    elsewhere: event.elsewhere,
    failures: [
      ...step.failures,
      {
        at,
        attempt: triesOf(step),
        reason: event.reason,
        transient: event.transient,
        ...(event.elsewhere === undefined ? {} : { quota: true as const }),
      },
    ],
  }));
  const step = withFailure.steps.find((each) => each.plan.id === event.stepId);
  const told = act(withFailure, at, `${stepName(step)} failed: ${event.reason}`);
  if (event.retryAt === undefined) return told;
  if (event.elsewhere !== undefined) {
    return become(told, 'waiting', {
      text: event.reason,
      since: at,
      waitingFor: 'quota',
      until: event.retryAt,
      next: 'It goes on by itself then, where it was.',
    });
  }
  return become(told, 'waiting', {
    text: `${stepName(step)} failed: ${event.reason}`,
    since: at,
    waitingFor: 'retry',
    until: event.retryAt,
    next: `Retry ${step === undefined ? 1 : failuresOf(step).length} of ${step?.plan.retry.limit ?? 1} starts by itself.`,
  });
}

function stepName(step: StepState | undefined): string {
  return step === undefined ? 'A step' : `“${step.plan.name}”`;
}

function evolveResult(state: TaskState, { at, event }: Recorded): TaskState | undefined {
  switch (event.type) {
    case 'checkpoint.made':
      return checkpointed(state, event, at);
    case 'output.published':
      return act(
        { ...state, outputs: [...state.outputs, { ...event.output, at, round: state.round }] },
        at,
        'Published',
        event.output.name,
      );
    case 'verification.finished':
      return act(
        { ...state, verification: { commit: event.commit, checks: event.checks, at } },
        at,
        checkedWords(event.checks),
      );
    default:
      return undefined;
  }
}

function checkedWords(checks: readonly CheckResult[]): string {
  if (checks.length === 0) return 'No checks are declared';
  const failed = checks.filter(({ passed }) => !passed).length;
  return `Ran ${plural(checks.length, 'check')} on the final commit${failed === 0 ? '' : `: ${failed} did not pass`}`;
}

/** What was withheld stays so: an earlier checkpoint still shows it. */
function withheld(
  { workspace }: TaskState,
  event: TaskEvent & { type: 'checkpoint.made' },
): Pick<Workspace, 'withheld'> {
  const marks = new Set([...(workspace?.withheld ?? []), ...(event.withheld ?? [])]);
  return marks.size === 0 ? {} : { withheld: [...marks] };
}

function checkpointed(state: TaskState, event: TaskEvent & { type: 'checkpoint.made' }, at: string): TaskState {
  const { n, name, commit, stepId } = event;
  const checkpoint = { n, name, commit, at, round: state.round, ...(stepId === undefined ? {} : { stepId }) };
  const moved =
    state.workspace === undefined ? undefined : { ...state.workspace, head: event.commit, ...withheld(state, event) };
  return act(
    {
      ...state,
      resumeFrom: undefined,
      checkpoints: [...state.checkpoints, checkpoint],
      workspace: moved,
      changes: event.changes ?? state.changes,
    },
    at,
    `Checkpoint ${event.n}: ${event.name}`,
  );
}
