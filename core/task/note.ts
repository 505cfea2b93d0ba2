import type { Person } from './person.ts';
import type { WithFiles } from './said-files.ts';

/** Notes that may wait at once, and settled ones that are kept. */
export const noteLimit = 20;

/** `steer` changes what the run does now, `queued` waits for its end, `aside` is answered without changing anything. */
export type NoteKind = 'steer' | 'queued' | 'aside';

/** Something that a person said to a task that is under way. */
export interface Note extends WithFiles {
  readonly id: string;
  readonly kind: NoteKind;
  /** Empty where files came without words. */
  readonly text: string;
  /** How often its words were changed; absent: never. */
  readonly revision?: number;
  readonly by: Person;
  readonly at: string;
  /** `taken`: a run has it, or (queued) it became a request of its own. `dropped`: taken back, or the task ended before. */
  readonly status: 'waiting' | 'taken' | 'dropped';
  readonly settledAt?: string;
  /** To what was asked aside. */
  readonly answer?: string;
  /** Why it was dropped without its author's doing. */
  readonly reason?: string;
}

/** Which of its words these are: 0 are the first. */
export function revisionOf({ revision }: Note): number {
  return revision ?? 0;
}
