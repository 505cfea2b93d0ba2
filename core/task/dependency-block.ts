import type { EngineCommand } from './commands.ts';

/**
 * What a task is told that may start only after others: which are not completed, and which of them came to another end (`broken`),
 * so that nothing goes on without somebody.
 */
export function dependencyBlock(open: string, broken: string | null): EngineCommand & { readonly type: 'block' } {
  if (broken === null)
    return { type: 'block', for: 'dependency', reason: `Waiting for ${open} to complete`, awaited: open };
  return {
    type: 'block',
    for: 'dependency',
    reason: `Blocked: ${broken} did not complete`,
    awaited: `somebody who retries ${broken}`,
    next: `Once ${broken} is retried and completes, it starts by itself. If it is not needed any more, cancel it.`,
  };
}
