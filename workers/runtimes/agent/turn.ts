import type { AgentLimits } from '#core/agents/settings.ts';
import type { RuntimeEvent, StepContext } from '../runtime.ts';

/** Why a turn is broken off from our side. */
export type Interruption = 'stop' | 'park' | 'pause' | 'steer' | 'silent' | 'budget';

/** Why a turn is over that its agent ended, or broke off: nobody is left to hear an answer. */
export const endedByAgent = 'ended';

/** Watches over one turn of an agent, and says when it is to be broken off. */
export interface TurnWatch {
  /** Aborts when the turn is over for us; its reason is the interruption, or `endedByAgent`. */
  readonly over: AbortSignal;
  readonly why: Interruption | undefined;
  /** The agent gave a sign of life. */
  alive(): void;
  /** It has told what it used. */
  used(): void;
  /** What a person is asked is no longer waited for by the one who asked, though it is wanted all the same: a later run goes on with the answer. */
  park(): void;
  /** A person is awaited, or no longer. */
  waiting(waiting: boolean): void;
  /** Somebody may have said what the agent has not heard. */
  news(): void;
  /** The turn has ended by itself. */
  end(): void;
}

export interface TurnWatchOptions {
  readonly stepId: string;
  readonly limits: AgentLimits;
  readonly talk: StepContext['talk'];
  readonly stop: AbortSignal;
  readonly show: (event: RuntimeEvent) => void;
  /** Whether somebody has said what the agent has not heard. */
  readonly steered: () => boolean;
  /** Tells what was used so far. */
  readonly report: () => void;
  /** Whether more may not be used without asking. */
  readonly spent: () => boolean;
  readonly spending: StepContext['spending'];
  /** Called once, with the reason. */
  readonly onInterrupt: (why: Interruption) => void;
}

/** How often silence and budget are looked at, as a part of the silence that is allowed; at most this many milliseconds. */
const lookMs = 5_000;

/** An agent fell silent, and after so many milliseconds of it that was said. */
interface Quiet {
  readonly since: string;
  readonly saidMs: number;
}

export function watchTurn(options: TurnWatchOptions): TurnWatch {
  const { stepId, limits, talk, stop, show, steered, report, spent, spending, onInterrupt } = options;
  const over = new AbortController();
  let why: Interruption | undefined;
  let lastSign = performance.now();
  let quiet: Quiet | undefined;
  let awaited = false;
  let warm: NodeJS.Timeout | undefined;
  const ticking = setInterval(look, Math.min(lookMs, limits.silenceMs / 4));
  const deaf = talk.onChange(hear);
  // Other tasks use of the day too: each time that is read anew, it is looked at.
  const unread = spending.onRead(count);
  stop.addEventListener('abort', halt);
  if (stop.aborted) halt();
  else hear();

  function halt(): void {
    interrupt('stop');
  }

  function interrupt(reason: Interruption): void {
    if (over.signal.aborted) return;
    why = reason;
    end(reason);
    onInterrupt(reason);
  }

  function end(reason: Interruption | typeof endedByAgent): void {
    clearInterval(ticking);
    clearTimeout(warm);
    deaf();
    unread();
    stop.removeEventListener('abort', halt);
    over.abort(reason);
  }

  /** What is said while a person is awaited is heard when that is decided. */
  function hear(): void {
    if (talk.now().pausing) interrupt('pause');
    else if (!awaited && steered()) interrupt('steer');
  }

  function count(): void {
    if (!awaited && spent()) interrupt('budget');
  }

  function look(): void {
    const silentMs = performance.now() - lastSign;
    if (awaited) return;
    report();
    count();
    if (over.signal.aborted) return;
    if (quiet === undefined) {
      if (silentMs >= limits.silenceMs) fallsSilent(silentMs);
    } else if (silentMs - quiet.saidMs >= (1 + timesGiven(quiet)) * limits.silenceMs) interrupt('silent');
  }

  function fallsSilent(silentMs: number): void {
    quiet = { since: new Date(Date.now() - silentMs).toISOString(), saidMs: silentMs };
    show({ type: 'agent-quiet', stepId, since: quiet.since, timeMs: limits.silenceMs });
  }

  /** How often somebody wanted to wait since it fell silent. */
  function timesGiven({ since }: Quiet): number {
    const seen = talk.now().quiet;
    return seen?.since === since ? (seen.given?.times ?? 0) : 0;
  }

  function moves(): void {
    lastSign = performance.now();
    if (quiet === undefined) return;
    quiet = undefined;
    show({ type: 'agent-moved', stepId });
  }

  return {
    over: over.signal,
    get why() {
      return why;
    },
    alive() {
      // What it still says when it is ended does not mean that it goes on.
      if (why !== 'silent' && why !== 'stop') moves();
    },
    used: count,
    park: () => interrupt('park'),
    waiting(waiting) {
      awaited = waiting;
      clearTimeout(warm);
      if (over.signal.aborted) return;
      moves();
      if (waiting) warm = setTimeout(() => interrupt('park'), limits.warmMs);
      else hear();
    },
    news: hear,
    end: () => end(endedByAgent),
  };
}
