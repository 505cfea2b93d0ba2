import type { Log } from '#db/log.ts';
import type { Registration } from '#db/workers/register.ts';
import { pause } from './pause.ts';

/** How often the leases of held runs are renewed, in milliseconds. */
const heartbeatMs = 1_000;

/**
 * Without a renewal for this long a worker stops its own runs, in milliseconds: before others may take them over (`leaseSeconds` of
 * db/runs/supervise.ts), so that two attempts at a task never work at the same time. Killing them takes milliseconds; a machine that is
 * only busy must not cost anybody his work.
 */
const selfFenceMs = 7_000;

export interface HeartbeatOptions {
  /** Renews leases; gives back nothing while this worker is signed off. */
  readonly heartbeat: (
    runIds: readonly string[],
  ) => Promise<Awaited<ReturnType<Registration['heartbeat']>> | undefined>;
  /** The ids of the runs that are really held at this moment. */
  readonly held: () => readonly string[];
  /** These runs were given to somebody else, or their lease could not be renewed in time: they must stop at once. */
  readonly onLost: (runIds: readonly string[]) => void;
  readonly onCancel: (runId: string) => void;
  readonly log: Log;
}

/** Renews leases until the signal aborts. */
export async function keepLeases(options: HeartbeatOptions, signal: AbortSignal): Promise<void> {
  let renewed = performance.now();
  while (!signal.aborted) {
    const begun = performance.now();
    const held = options.held();
    try {
      const left = Math.max(1, renewed + selfFenceMs - begun);
      const answer = await within(left, options.heartbeat(held));
      renewed = begun;
      if (answer !== undefined) obey(answer, held, options);
    } catch (error) {
      options.log.warn({ error }, 'the leases of the runs could not be renewed');
      if (performance.now() - renewed >= selfFenceMs) {
        options.onLost(options.held());
        renewed = performance.now();
      }
    }
    // An answer that was long under way says how it was then: it is asked again at once.
    if (performance.now() - begun < heartbeatMs) await pause(heartbeatMs, signal);
  }
}

function obey(
  { ours, cancel }: Awaited<ReturnType<Registration['heartbeat']>>,
  held: readonly string[],
  options: HeartbeatOptions,
): void {
  const gone = held.filter((id) => !ours.includes(id));
  if (gone.length > 0) options.onLost(gone);
  for (const id of cancel) options.onCancel(id);
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  const late = () => timeout.reject(new Error('the database did not answer in time'));
  // In a process that got no processor meanwhile the answer is there and only unread: Node reads between timers and immediates.
  const timer = setTimeout(() => setImmediate(late), milliseconds);
  try {
    return await Promise.race([promise, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
