import type { NamedAgent } from '#core/agents/catalogue.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import type { AgentWork } from './agent-work.ts';

export type StepStatus = 'pending' | 'running' | 'waiting' | 'done' | 'failed' | 'skipped';

export interface StepState {
  readonly plan: PlannedStep;
  readonly status: StepStatus;
  /** How often it was started. */
  readonly attempts: number;
  /** Failures of this step that were followed by a retry, plus the last one. */
  readonly failures: readonly StepFailure[];
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly retryAt?: string;
  /** At the limit of its agent's provider: the other agents that can go on with it. */
  readonly elsewhere?: readonly NamedAgent[];
  /** Outputs that it declares, and that no file matched when it was done. */
  readonly missing?: readonly string[];
  /** Files that it made and that were not published, each with why. */
  readonly leftOut?: readonly string[];
  /** Of a step that a coding agent does, once it has begun. */
  readonly agent?: AgentWork;
}

export interface StepFailure {
  readonly at: string;
  /** Of the attempts that count (`triesOf`). */
  readonly attempt: number;
  readonly reason: string;
  readonly transient: boolean;
  /** Its agent's provider gives no more for now: no attempt that counts. */
  readonly quota?: true;
}
