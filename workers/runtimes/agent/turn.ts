import type { AgentLimits } from '#core/agents/settings.ts';
import { formatDuration } from '#core/text/duration.ts';
import type { RuntimeEvent, StepContext } from '../runtime.ts';

/** Why a turn is broken off from our side. */
export type Interruption = 'stop' | 'park' | 'pause' | 'steer' | 'silent' | 'budget';

/** Watches over one turn of an agent, and says when it is to be broken off. */
export interface TurnWatch {
  /** Aborts when the turn is over for us; its reason is the interruption, if it was one. */
  readonly over: AbortSignal;
  readonly why: Interruption | undefined;
  /** The agent gave a sign of life. */
  alive(): void;
  /** It has told what it used. */
  used(): void;
  /** A person is awaited, or no longer. */
  waiting(waiting: boolean): void;
  /** The turn has ended by itself. */
  end(): void;
}

export interface TurnWatchOptions {
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

export function watchTurn(options: TurnWatchOptions): TurnWatch {
  const { limits, talk, stop, show, steered, report, spent, spending, onInterrupt } = options;
  const over = new AbortController();
  let why: Interruption | undefined;
  let lastSign = performance.now();
  let warned = false;
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
    end();
    onInterrupt(reason);
  }

  function end(): void {
    clearInterval(ticking);
    clearTimeout(warm);
    deaf();
    unread();
    stop.removeEventListener('abort', halt);
    over.abort();
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
    if (silentMs >= 2 * limits.silenceMs) interrupt('silent');
    else if (silentMs >= limits.silenceMs && !warned) {
      warned = true;
      const words = `No sign of life for ${formatDuration(silentMs)}; it is stopped after ${formatDuration(2 * limits.silenceMs)}. Cancel, or wait`;
      show({ type: 'action', text: words });
    }
  }

  return {
    over: over.signal,
    get why() {
      return why;
    },
    alive() {
      lastSign = performance.now();
      warned = false;
    },
    used: count,
    waiting(waiting) {
      awaited = waiting;
      lastSign = performance.now();
      clearTimeout(warm);
      if (over.signal.aborted) return;
      if (waiting) warm = setTimeout(() => interrupt('park'), limits.warmMs);
      else hear();
    },
    end,
  };
}
