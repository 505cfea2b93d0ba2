import type { PlanLineState } from '../chat/card.ts';

/** What stands before a step where a platform has no marks of its own: never its only signal, the words say the same. */
export const stepSigns: Readonly<Record<PlanLineState, string>> = {
  pending: '▫️',
  running: '▶️',
  waiting: '✋',
  done: '✅',
  failed: '❌',
  skipped: '⏭️',
};
