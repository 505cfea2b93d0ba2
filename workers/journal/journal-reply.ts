import type { JournalReply } from '#core/run/run.ts';
import type { Refusal } from '#core/task/commands.ts';
import type { TaskState } from '#core/task/state.ts';

/** What became of a report: the task as it is now, and why nothing was written where that is so. */
export interface Reported {
  readonly task: TaskState;
  readonly refusal?: Refusal;
}

/** What a run is told of its report. One that is refused for another reason than that the run lost its task leaves it the task. */
export function journalReply(runId: string, { task, refusal }: Reported): JournalReply {
  if (refusal !== undefined) return { live: refusal.code !== 'stale_run', task, refusal };
  return { live: task.run?.id === runId, task };
}
