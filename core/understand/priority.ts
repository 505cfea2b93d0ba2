import type { Understanding } from '../task/understanding.ts';

/** Where nothing says anything else: 0 is first, 100 is last. */
export const usualPriority = 50;

/** The priority of a request, and who wanted another than the usual one: its words win over the runbook. */
export function priorityOf(
  said: number | undefined,
  declared: number = usualPriority,
): { readonly priority: number; readonly wanted: Pick<Understanding, 'priority'> } {
  const priority = said ?? declared;
  if (priority === usualPriority && declared === usualPriority) return { priority, wanted: {} };
  return { priority, wanted: { priority: { value: priority, from: said === undefined ? 'runbook' : 'words' } } };
}
