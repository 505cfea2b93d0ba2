import type { Logger } from 'pino';

/** How late this process comes to what is due: what keeps it busy keeps platforms waiting for their answers, too. */
export interface Lateness {
  /** The most within the last minute or so, in milliseconds. */
  most(): number;
  stop(): void;
}

/** Between two looks, in milliseconds: seldom enough to cost an idle process nothing. */
const lookMs = 500;

/** Looks that count, newest last. */
const kept = 120;

/** Slack and Discord wait 3 s for an answer (docs of both): from a third of that on it is said, once a minute. */
const tooLateMs = 1000;
const saidEveryMs = 60_000;

/** Says in the log when it is too late; `now` in milliseconds. */
export function watchLateness(log: Pick<Logger, 'warn'>, now: () => number = () => performance.now()): Lateness {
  const late: number[] = [];
  let due = now() + lookMs;
  let saidAt = Number.NEGATIVE_INFINITY;

  function look(): void {
    const lateMs = Math.max(0, Math.round(now() - due));
    late.push(lateMs);
    if (late.length > kept) late.shift();
    if (lateMs >= tooLateMs && now() - saidAt >= saidEveryMs) {
      saidAt = now();
      log.warn({ lateMs }, 'Commander was too busy to answer at once, or its machine was; platforms wait 3 s');
    }
    due = now() + lookMs;
  }

  const timer = setInterval(look, lookMs).unref();
  return { most: () => Math.max(0, ...late), stop: () => clearInterval(timer) };
}
