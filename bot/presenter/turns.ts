import type { Urgency } from '#core/chat/adapter.ts';

/** A new post that waits to be made. */
export interface NewPost {
  /** What it belongs to: posts of one task, or of one answer, keep their order. */
  readonly group: string;
  /** What it should show by now. */
  wish(): { readonly urgency: Urgency; readonly decides: boolean } | undefined;
}

/** The place of a new post among those of its thread. */
export interface Turn {
  /** Does the work when it is this post's turn. */
  take<Result>(work: () => Promise<Result>): Promise<Result>;
  /** It could not be made: until it is, what somebody waits for no longer waits for it. */
  failed(): void;
  /** It is made, or never will be. */
  leave(): void;
}

/**
 * The order in which the new posts of each thread are made: one after the other, as they were offered. What a person has to decide goes
 * before the posts of other tasks, and what somebody waits for before those that could not be made at the first try.
 */
export interface Turns {
  enter(threadId: string, post: NewPost): Turn;
}

interface Place {
  readonly post: NewPost;
  hasFailed: boolean;
  /** Lets it begin; absent while it does not ask for its turn. */
  go: (() => void) | undefined;
}

interface Line {
  readonly places: Place[];
  making: Place | undefined;
}

export function createTurns(): Turns {
  const lines = new Map<string, Line>();

  return {
    enter(threadId, post) {
      const line = lines.get(threadId) ?? { places: [], making: undefined };
      lines.set(threadId, line);
      const place: Place = { post, hasFailed: false, go: undefined };
      line.places.push(place);
      return {
        async take(work) {
          await new Promise<void>((go) => {
            place.go = go;
            next(line);
          });
          try {
            return await work();
          } finally {
            line.making = undefined;
            next(line);
          }
        },
        failed() {
          place.hasFailed = true;
          next(line);
        },
        leave() {
          line.places.splice(line.places.indexOf(place), 1);
          if (line.places.length === 0) lines.delete(threadId);
          next(line);
        },
      };
    },
  };
}

function next(line: Line): void {
  if (line.making !== undefined) return;
  const { places } = line;
  const ready = places.filter((place, index) => place.go !== undefined && mayBegin(place, places.slice(0, index)));
  const chosen = ready.find(({ post }) => post.wish()?.decides) ?? ready[0];
  if (chosen === undefined) return;
  const { go } = chosen;
  line.making = chosen;
  chosen.go = undefined;
  go?.();
}

function mayBegin({ post }: Place, earlier: readonly Place[]): boolean {
  const wish = post.wish();
  const stuckAt = earlier.findIndex(({ hasFailed }) => hasFailed);
  return earlier.every((other, index) => {
    if (wish?.decides && post.group !== other.post.group) return true;
    const isStuck = stuckAt !== -1 && index >= stuckAt;
    return wish?.urgency === 'now' && isStuck && (other.hasFailed || other.post.wish()?.urgency === 'soon');
  });
}
