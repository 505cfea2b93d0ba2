import { setTimeout as pause } from 'node:timers/promises';
import { PostLater } from '#core/chat/adapter.ts';
import { graceOf, isPassing, NoAnswer } from './failures.ts';

/** Attempts in all, and the wait after the first, in milliseconds; it doubles. */
const attempts = 4;
const firstWaitMs = 250;

/**
 * Does what bears to be done twice until it succeeds, a few times. @throws the last error; at once one that is not worth it: by itself
 * one that does not pass.
 */
export async function insist<Answer>(
  work: () => Promise<Answer>,
  isWorthIt: (error: unknown) => boolean = isPassing,
): Promise<Answer> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (failures === attempts || !isWorthIt(error)) throw error;
      await pause(error instanceof PostLater ? error.afterMs : firstWaitMs * 2 ** (failures - 1));
    }
  }
}

/** Worth it for what should be said once and can not be looked for: one answer that leaves it open whether it was said, not two. */
export function onceMore(): (error: unknown) => boolean {
  let doubts = 0;
  return (error) => {
    if (graceOf(error) > 0 || error instanceof NoAnswer) doubts += 1;
    return doubts < 2 && isPassing(error);
  };
}

/** What comes of work. @throws NoAnswer when that takes longer. */
export async function within<Answer>(milliseconds: number, work: Promise<Answer>): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new NoAnswer('Slack did not answer in time')), milliseconds);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // Nobody waits for it any more.
    work.catch(() => undefined);
  }
}
