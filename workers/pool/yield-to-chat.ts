import { constants, getPriority, setPriority } from 'node:os';

/**
 * Where the processor is short, platforms that wait for an answer, and the leases of what runs, go before work that takes minutes. On
 * Linux this is the calling thread's own priority, elsewhere the process's; all that is started from here inherits it.
 */
export function yieldToChat(): void {
  const below = constants.priority.PRIORITY_BELOW_NORMAL;
  // Higher than it is, only an administrator may set it.
  if (getPriority() < below) setPriority(below);
}
