import type { PlannedStep } from '#core/project-file/plan.ts';
import type { RunTalk } from '#core/run/run.ts';
import type { TaskState } from '#core/task/state.ts';
import type { TaskFiles } from '../run/task-files.ts';

/** A way of carrying out a step: commands of a runbook, a coding agent. */
export interface Runtime {
  /** Settles exactly what the step will do, so that it can be shown and approved, without doing it. */
  prepare(step: PlannedStep, context: StepContext): PreparedStep;
}

export interface StepContext {
  readonly runId: string;
  readonly task: TaskState;
  /** The work folder. */
  readonly folder: string;
  /** The commit that the work folder is at. */
  readonly head: string;
  readonly files: TaskFiles;
  /** What people say while the step runs, for a step that is `steerable`. */
  readonly talk: RunTalk;
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
  | { readonly type: 'action'; readonly text: string; readonly code?: string }
  /** The step has heard what a person said and acts on it. */
  | { readonly type: 'note-taken'; readonly noteId: string }
  | StepEnd;

export type StepEnd =
  | { readonly type: 'done' }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly reason: string; readonly transient: boolean };
