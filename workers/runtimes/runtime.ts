import type { DayBudgets } from '#core/agents/budget.ts';
import type { AgentSpec } from '#core/agents/settings.ts';
import type { PolicyRule } from '#core/policy/rule.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import type { OtherTasks } from '#core/run/other-tasks.ts';
import type { RunTalk } from '#core/run/run.ts';
import type { RunReport } from '#core/task/commands.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Spending } from '../run/spending.ts';
import type { TaskFiles } from '../run/task-files.ts';

/** A way of carrying out a step: commands of a runbook, a coding agent. */
export interface Runtime {
  /** Settles exactly what the step will do, so that it can be shown and approved, without doing it. */
  prepare(step: PlannedStep, context: StepContext): PreparedStep;
}

export interface StepContext {
  readonly runId: string;
  /** Bytes that all processes of a command may hold together; absent: no limit. */
  readonly memoryBytes?: number;
  /** The agents that this worker can start. */
  readonly agents: readonly AgentSpec[];
  /** What agents may do, as the operator says it. */
  readonly policy: readonly PolicyRule[];
  /** What agents may use in a day, and what they have. */
  readonly budgets: DayBudgets;
  readonly spending: Spending;
  readonly task: TaskState;
  /** Commander's data directory. */
  readonly home: string;
  /** The work folder. */
  readonly folder: string;
  /** The project's own folder, where people work; absent: it is on another machine. */
  readonly checkout?: string | undefined;
  /** The folder of git's objects that the work folder's own git borrows. */
  readonly objects: string;
  /** The commit that the work folder is at. */
  readonly head: string;
  /** A text file of the project as it was where the task began; `undefined` when there was none. */
  original(path: string): Promise<string | undefined>;
  readonly files: TaskFiles;
  /** What people say while the step runs, for a step that is `steerable`. */
  readonly talk: RunTalk;
  readonly otherTasks: OtherTasks;
  /** The whole output of the step goes here. */
  readonly logFile: string;
}

export interface PreparedStep {
  readonly action: ExactAction;
  start(): RunningStep;
}

/** What a person approves. */
export interface ExactAction {
  /** In words that a person can read; everything that matters, nothing hidden. */
  readonly shown: string;
  /** The same as data: what is hashed. JSON values only. */
  readonly exact: object;
  /** The step as it is declared, without this task's inputs: what a standing rule is about. JSON values only. */
  readonly declaration: object;
}

export interface RunningStep {
  /** What happens, as it happens; the last one is an end. For one reader. */
  readonly events: AsyncIterable<RuntimeEvent>;
  /** Ends the step and every process of it. Resolves when they are gone. */
  stop(reason: 'cancel' | 'shutdown'): Promise<void>;
}

export type RuntimeEvent =
  | { readonly type: 'action'; readonly text: string; readonly code?: string; readonly why?: string }
  /** The step has heard what a person said and acts on it. */
  | Extract<RunReport, { readonly type: 'note-taken' }>
  /** What is written down as it stands: what an agent asks, and how far it is. */
  | AgentReport
  | StepEnd;

export type AgentReport = Extract<
  RunReport,
  {
    readonly type:
      | 'agent'
      | 'agent-quiet'
      | 'agent-moved'
      | 'asks-permission'
      | 'asks-question'
      | 'ask-withdrawn'
      | 'decision-heard';
  }
>;

export type StepEnd =
  | { readonly type: 'done' }
  | { readonly type: 'stopped' }
  /** A person is awaited, or wants it to pause: the run ends, the step goes on in another one. */
  | { readonly type: 'parked' }
  /** `retryAt`: when it passes by itself, where that is known (ISO 8601). `stuck`: an agent says that it gets no further. */
  | {
      readonly type: 'failed';
      readonly reason: string;
      readonly transient: boolean;
      readonly retryAt?: string;
      readonly stuck?: true;
    };
