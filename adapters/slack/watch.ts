import { NoAnswer } from './failures.ts';

/** Watches over bytes that flow: `signal` ends what they flow through when none `moved` for so long. */
export interface Watch {
  readonly signal: AbortSignal;
  moved(): void;
  /** Nothing is to flow any more. */
  over(): void;
}

export function watchBytes(stillMs: number): Watch {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(new NoAnswer('no byte of a file moved for too long')), stillMs);
  timer.unref();
  return { signal: ending.signal, moved: () => void timer.refresh(), over: () => clearTimeout(timer) };
}
