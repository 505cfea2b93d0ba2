/** What a task's cards tell that the task itself can't know. */
export interface ShowWorld {
  /** Its place among the tasks that may start: `position` counts from 1, `ahead` is how many start before it. */
  readonly queue?: { readonly position: number; readonly ahead: number };
  /** How long earlier runs of the same runbook took, in milliseconds; absent without ground for it. */
  readonly estimateMs?: number;
}
