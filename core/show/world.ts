import type { Place } from '#core/policy/visibility.ts';
import type { Choice } from '#core/preferences/preference.ts';

/** Where a task stands among those that may start, and what keeps it from it. */
export interface QueuePlace {
  /** How many start before it: of those that wait for a slot, or of those that the same limit holds back. */
  readonly ahead: number;
  /** Far back it is about so many; further back only that it is more than that. */
  readonly counted: 'exact' | 'about' | 'more';
  /** Of all living workers. */
  readonly slots: number;
  readonly free: number;
  /** Its person, its project or its runbook has as many runs as it may have. */
  readonly held?: { readonly by: 'person' | 'project' | 'runbook'; readonly running: number };
}

/** What a task's cards tell that the task itself can't know. */
export interface ShowWorld {
  readonly queue?: QueuePlace;
  /** How long earlier runs of the same runbook took, in milliseconds; absent without ground for it. */
  readonly estimateMs?: number;
  /** What people chose for the requester, the channel and the project: how the thread speaks and how much it shows. */
  readonly choices?: readonly Choice[];
  /** Where it was asked for. */
  readonly place?: Place;
}
