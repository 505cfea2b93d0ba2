/** What may be asked of one method of Slack, and how much of it is kept for what a person waits for. */
export interface LaneLimits {
  /** Calls at once after a rest. */
  readonly burst: number;
  /** Calls a second in the long run. */
  readonly perSecond: number;
  /** Calls that only urgent ones may take. */
  readonly reserve: number;
}

/** A lane: calls are taken out of it before they are made, so Slack has no reason to refuse one. */
export interface Lane {
  /** Milliseconds until a call may be made; 0: it is taken, make it now. */
  take(urgency: 'now' | 'soon', now: number): number;
  /** Slack asked for a rest in spite of it: nothing is taken before then. */
  rest(until: number): void;
}

/** A bucket of tokens. Times are in milliseconds of any clock that does not go back. */
export function createLane({ burst, perSecond, reserve }: LaneLimits): Lane {
  let tokens = burst;
  let filledAt: number | undefined;
  let restsUntil = 0;
  return {
    take(urgency, now) {
      tokens = Math.min(burst, tokens + ((now - (filledAt ?? now)) / 1000) * perSecond);
      filledAt = now;
      if (now < restsUntil) return restsUntil - now;
      const needed = urgency === 'now' ? 1 : 1 + reserve;
      if (tokens < needed) return Math.ceil(((needed - tokens) / perSecond) * 1000);
      tokens -= 1;
      return 0;
    },
    rest(until) {
      restsUntil = Math.max(restsUntil, until);
      tokens = Math.min(tokens, 1);
    },
  };
}
