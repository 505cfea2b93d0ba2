import type { DecideContext, Decision, EngineCommand } from './commands.ts';
import { happens, refuse } from './decision.ts';
import type { TaskEvent } from './events.ts';
import { currentStep, isFinal, openAsks } from './parts.ts';
import { questionDue } from './question-due.ts';
import { asksIfSafeToRepeat } from './question-limit.ts';
import { remind } from './reminding.ts';
import type { LiveRun, TaskState } from './state.ts';
import type { StepState } from './step-state.ts';

/** What broke off this often in a row is not started again by itself: it may take down the next worker, too. */
export const interruptionLimit = 3;

/** Decides what the scheduler, a worker's claim loop or the supervisor wants. */
export function decideEngine(state: TaskState, command: EngineCommand, context: DecideContext): Decision {
  switch (command.type) {
    case 'queue':
      return isQueueable(state)
        ? happens({ type: 'task.queued', reason: 'Waiting for a free worker' })
        : refuse('not_now', `#${state.number} is ${state.status}.`);
    case 'block':
      return state.ready === 'work' || state.because.waitingFor === 'dependency'
        ? block(state, command)
        : refuse('not_now', `#${state.number} is not waiting to start.`);
    case 'fail-blocked':
      return isFinal(state)
        ? refuse('not_now', `#${state.number} is ${state.status}.`)
        : happens({ type: 'task.failed', reason: command.reason });
    case 'admit':
      return admit(state, command.runId);
    case 'claim':
      return claim(state, command);
    case 'interrupt':
      return isLive(state, command.runId)
        ? happens(...interrupted(state, { run: state.run, reason: command.reason }, context))
        : refuse('stale_run', 'That run is over already.');
    case 'retry-due':
      return retryDue(state);
    case 'question-due':
      return questionDue(state, command.questionId, context.now);
    case 'remind':
      return remind(state, command, context.now);
    case 'mail':
      return isFinal(state)
        ? refuse('not_now', `#${state.number} is ${state.status}.`)
        : happens({ type: 'mail.received', from: command.from, text: command.text });
  }
}

function isQueueable(state: TaskState): boolean {
  return state.status === 'backlog' || (state.status === 'waiting' && state.because.waitingFor === 'dependency');
}

function block(state: TaskState, command: EngineCommand & { type: 'block' }): Decision {
  const same = state.because.waitingFor === command.for && state.because.text === command.reason;
  if (same) return refuse('not_now', 'That is known already.');
  const { type: _, ...blocked } = command;
  return happens({ type: 'task.blocked', ...blocked });
}

function admit(state: TaskState, runId: string): Decision {
  if (state.ready === undefined || state.run !== undefined) {
    return refuse('not_now', `#${state.number} has nothing to start.`);
  }
  return happens({ type: 'run.admitted', runId, kind: state.ready });
}

function claim(state: TaskState, command: EngineCommand & { type: 'claim' }): Decision {
  if (!isLive(state, command.runId) || state.run.status !== 'admitted') {
    return refuse('stale_run', 'That run was claimed or ended already.');
  }
  return happens({ type: 'run.claimed', runId: command.runId, worker: command.worker });
}

function isLive(state: TaskState, runId: string): state is TaskState & { readonly run: LiveRun } {
  return state.run?.id === runId;
}

function retryDue(state: TaskState): Decision {
  const { waitingFor } = state.because;
  if (state.status !== 'waiting' || (waitingFor !== 'retry' && waitingFor !== 'quota')) {
    return refuse('not_now', `#${state.number} is not waiting for a retry.`);
  }
  const over =
    waitingFor === 'quota' ? 'The limit of the provider is over' : 'The wait before the next attempt is over';
  return happens({ type: 'task.queued', reason: over });
}

/**
 * What becomes of a task whose run ended from outside: cancelled when that was asked, else it goes on after the last finished
 * step, or asks when the step under way may not be safe to repeat.
 */
export function interrupted(
  state: TaskState,
  { run, reason, orderly }: Interruption,
  context: DecideContext,
): readonly TaskEvent[] {
  const lost: TaskEvent = { type: 'run.interrupted', runId: run.id, reason, ...(orderly ? { orderly } : {}) };
  const deaths = (state.deaths ?? 0) + 1;
  const givenUp = !orderly && deaths >= interruptionLimit;
  const broken = (where: string) => `It broke off ${deaths} times ${where} (${reason})`;
  if (run.kind !== 'work')
    return givenUp ? [lost, operationGivenUp(state, run.kind, broken('before it was known to be done'))] : [lost];
  if (state.cancelRequestedBy !== undefined) return [lost, { type: 'task.cancelled', reason: cancelReason(state) }];
  const step = currentStep(state);
  if (step !== undefined && step.status === 'running') {
    return [
      lost,
      ...(givenUp
        ? stepGivenUp(step, broken(`at “${step.plan.name}”`))
        : [afterInterruptedStep(state, { step, reason }, context)]),
    ];
  }
  if (openAsks(state).length > 0) return [lost];
  if (givenUp) return [lost, { type: 'task.failed', reason: broken('at the same place') }];
  return [lost, { type: 'task.queued', reason: `${reason}; it goes on where it was` }];
}

/** How a run ended from outside. */
interface Interruption {
  readonly run: LiveRun;
  readonly reason: string;
  /** Its worker ended it and said so. */
  readonly orderly?: true;
}

/** It may have been carried out: trying again finds what was done, but a person should look first. */
function operationGivenUp(state: TaskState, kind: 'deliver' | 'revert', broken: string): TaskEvent {
  const reason = `${broken}. Look at the project, then try again: what was done is found and not done twice`;
  return kind === 'deliver'
    ? { type: 'delivery.refused', reason, unsure: true }
    : { type: 'revert.refused', revertId: revertUnderWay(state), reason, unsure: true };
}

/** The id of the revert that is to be carried out. */
export function revertUnderWay(state: TaskState): string {
  return state.reverts.find((each) => each.status === 'requested')?.id ?? '';
}

function stepGivenUp({ plan }: StepState, broken: string): readonly TaskEvent[] {
  const reason = `${broken}; it is not started again by itself`;
  return [
    { type: 'step.failed', stepId: plan.id, reason, transient: false },
    { type: 'task.failed', reason },
  ];
}

function afterInterruptedStep(
  state: TaskState,
  { step, reason }: { readonly step: StepState; readonly reason: string },
  context: DecideContext,
): TaskEvent {
  if (step.plan.agent !== undefined) {
    const next = 'What it did in its folder is kept.';
    return { type: 'task.queued', reason: `${reason}; the agent takes up its session again`, next };
  }
  if (step.plan.safeToRepeat) {
    const next = 'Finished steps are not repeated.';
    return { type: 'task.queued', reason: `${reason} during “${step.plan.name}”; that step starts again`, next };
  }
  return asksIfSafeToRepeat(state, step, context);
}

/** Why a task was cancelled, naming who asked. */
export function cancelReason(state: TaskState): string {
  return `Cancelled by ${state.cancelRequestedBy?.name ?? 'Commander'}`;
}
