import type { PlannedStep } from '#core/project-file/plan.ts';
import type { Approval, Question } from './asked.ts';
import type { CheckResult, WorkspaceStart } from './result.ts';
import { type Action, type Because, recentActionLimit, type TaskState, type TaskStatus } from './state.ts';
import type { StepState } from './step-state.ts';

/** The task in another status, for a reason. */
export function become(state: TaskState, status: TaskStatus, because: Because): TaskState {
  return { ...state, status, because };
}

/** The text of an action that shows the newest line of output: each replaces the one before. */
export const outputActionText = 'Output';

/** The task with one more thing that happened. */
export function act(state: TaskState, at: string, text: string, code?: string): TaskState {
  return addAction(state, { at, text, ...(code === undefined ? {} : { code }) });
}

/** The task with one more recent action; the oldest falls off. */
export function addAction(state: TaskState, action: Action): TaskState {
  const { text } = action;
  const last = state.actions.at(-1);
  const kept =
    text === outputActionText && last?.text === outputActionText ? state.actions.slice(0, -1) : state.actions;
  return { ...state, actions: [...kept, action].slice(-recentActionLimit) };
}

/** Whether nothing goes on until somebody decides or answers. */
export function waitsForPerson({ because: { waitingFor } }: TaskState): boolean {
  return waitingFor === 'approval' || waitingFor === 'answer';
}

/** A step that has not begun. */
export function newStep(plan: PlannedStep): StepState {
  return { plan, status: 'pending', attempts: 0, failures: [] };
}

/** The task with one step replaced. */
export function updateStep(state: TaskState, stepId: string, change: (step: StepState) => StepState): TaskState {
  return { ...state, steps: state.steps.map((step) => (step.plan.id === stepId ? change(step) : step)) };
}

/** Open approvals and questions lose their object when a task ends. */
export function withdrawOpen(state: TaskState, at: string): TaskState {
  return {
    ...state,
    approvals: state.approvals.map((each) =>
      each.status === 'open' ? { ...each, status: 'withdrawn', decidedAt: at } : each,
    ),
    questions: state.questions.map((each) =>
      each.status === 'open' ? { ...each, status: 'withdrawn', answeredAt: at } : each,
    ),
  };
}

/** What people have been asked and have not decided yet. */
export function openAsks({ approvals, questions }: TaskState): readonly (Approval | Question)[] {
  return [...approvals, ...questions].filter((each) => each.status === 'open');
}

/** A step whose agent gets its answer: it works on when its run is there, else it is due again. */
export function answered(state: TaskState, stepId: string): TaskState {
  return updateStep(state, stepId, (step) =>
    step.status === 'waiting' ? { ...step, status: state.run?.status === 'running' ? 'running' : 'pending' } : step,
  );
}

/** The step that is under way or comes next; `undefined` when every step is done or skipped. */
export function currentStep(state: TaskState): StepState | undefined {
  return state.steps.find((step) => step.status !== 'done' && step.status !== 'skipped');
}

/** Whether the task has come to an end (which a retry or a restart may reopen). */
export function isFinal(state: TaskState): boolean {
  return state.status === 'completed' || state.status === 'failed' || state.status === 'cancelled';
}

/** The agent's step and the checks that failed on it, where the task ended so and nothing is under way: what a person can review. */
export function toReview(
  state: TaskState,
): { readonly step: StepState; readonly failed: readonly CheckResult[] } | undefined {
  if (state.status !== 'failed' || state.run !== undefined || state.ready !== undefined) return undefined;
  const step = state.steps.findLast(({ plan, status }) => plan.agent !== undefined && status === 'done');
  const failed = state.verification?.checks.filter(({ passed }) => !passed) ?? [];
  return step === undefined || failed.length === 0 ? undefined : { step, failed };
}

export const atNoBranchWords =
  'The project is at no branch (detached HEAD), so there is nothing to deliver to. Check out a branch there, then run the task again.';

/** Whether the project is at no branch (git's detached HEAD): then there is nothing that its work could be delivered to. */
export function isAtNoBranch({ workspace }: TaskState): boolean {
  return workspace?.baseBranch === 'HEAD' && workspace.ofFolder === undefined;
}

/** The start of a workspace alone, without what it was told with. */
export function workspaceStart({ branch, baseBranch, base, ofFolder }: WorkspaceStart): WorkspaceStart {
  return { branch, baseBranch, base, ...(ofFolder ? { ofFolder } : {}) };
}
