/** Headers of an answer with a task's output: where it ends, and how the task stands. */
export const outputHeaders = { cursor: 'commander-log-cursor', status: 'commander-task-status' } as const;
