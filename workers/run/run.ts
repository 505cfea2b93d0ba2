import type { OtherTasks } from '#core/run/other-tasks.ts';
import type { RunInput, RunTalk } from '#core/run/run.ts';
import type { Reporter } from './reporter.ts';

/** A run under way. */
export interface Run {
  readonly input: RunInput;
  readonly reporter: Reporter;
  readonly talk: RunTalk;
  readonly otherTasks: OtherTasks;
}

/** The run was told to stop; what it had begun is ended. */
export class RunStopped extends Error {
  readonly code = 'run_stopped';
}
