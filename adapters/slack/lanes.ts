/** What may be asked of one method of Slack, and how much of it is kept for what a person waits for. */
export interface LaneLimits {
  /** Calls at once after a rest. */
  readonly burst: number;
  /** Calls a second in the long run. */
  readonly perSecond: number;
  /** Calls that only urgent ones may take. */
  readonly reserve: number;
}

/** Slack publishes calls a minute and no bursts: ours stay below half a minute's worth (docs, rate limits: tier 3, 50; tier 4, 100). */
const tierThree: LaneLimits = { burst: 10, perSecond: 0.8, reserve: 2 };
const tierFour: LaneLimits = { burst: 36, perSecond: 1.6, reserve: 4 };

/**
 * Edits: progress gets only what flows in, and the whole bucket is for what people wait for. In the long run progress is as fast as
 * with a small reserve, and when 20 tasks end at once all of them are shown within 3 s.
 */
const edits: LaneLimits = { burst: 19, perSecond: 0.8, reserve: 18 };

/** One post a second in a channel (docs, chat.postMessage); several hundred a minute in a workspace. */
const postsOfChannel: LaneLimits = { burst: 4, perSecond: 0.95, reserve: 1 };
const postsOfWorkspace: LaneLimits = { burst: 40, perSecond: 4.5, reserve: 10 };

const byMethod: Readonly<Record<string, LaneLimits>> = {
  'chat.postMessage': postsOfWorkspace,
  'chat.update': edits,
  'chat.postEphemeral': tierFour,
  'files.completeUploadExternal': tierFour,
  'files.getUploadURLExternal': tierFour,
  'files.info': tierFour,
  'users.info': tierFour,
  'views.open': tierFour,
  'views.publish': tierFour,
};

/** How a method is paced; `part`: its calls in one channel, beside all of them. */
export function limitsOf(method: string, part: 'all' | 'channel'): LaneLimits {
  return part === 'channel' ? postsOfChannel : (byMethod[method] ?? tierThree);
}

/** A lane: calls are taken out of it before they are made, so Slack has no reason to refuse one. */
export interface Lane {
  /** Milliseconds until a call may be made; takes nothing. */
  room(urgency: 'now' | 'soon', now: number): number;
  /** The same; 0: it is taken, make it now. */
  take(urgency: 'now' | 'soon', now: number): number;
  /** Slack asked for a rest in spite of it: nothing is taken before then. */
  rest(until: number): void;
}

/** A bucket of tokens. Times are in milliseconds of any clock that does not go back. */
export function createLane({ burst, perSecond, reserve }: LaneLimits): Lane {
  let tokens = burst;
  let filledAt: number | undefined;
  let restsUntil = 0;

  function room(urgency: 'now' | 'soon', now: number): number {
    tokens = Math.min(burst, tokens + ((now - (filledAt ?? now)) / 1000) * perSecond);
    filledAt = now;
    if (now < restsUntil) return restsUntil - now;
    const needed = urgency === 'now' ? 1 : 1 + reserve;
    return tokens < needed ? Math.ceil(((needed - tokens) / perSecond) * 1000) : 0;
  }

  return {
    room,
    take(urgency, now) {
      const wait = room(urgency, now);
      if (wait === 0) tokens -= 1;
      return wait;
    },
    rest(until) {
      restsUntil = Math.max(restsUntil, until);
      tokens = Math.min(tokens, 1);
    },
  };
}
