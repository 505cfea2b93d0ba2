import type { Arrival, ChatAdapter } from '#core/chat/adapter.ts';
import type { KeptArrival } from '#db/intake/arrivals.ts';
import { forgetInteractions } from '#db/intake/interactions.ts';
import { dueArrivals, forgetArrivals, postponeArrival, waitsBehind } from '#db/intake/kept.ts';
import type { Application } from '../application.ts';

/** How often it is looked for what a crash left behind, or a failed attempt, in milliseconds. */
const tickMs = 1000;

/** Rows a look. */
const batch = 50;

/** How often old keys, and old presses and forms, are forgotten, in milliseconds. */
const forgetMs = 3_600_000;

/** What platforms sent and nobody has understood yet. */
export interface Arrivals {
  /** Resolves when it is committed. Afterwards the adapter is asked what it means, in the order of its lane. */
  keep(adapter: Understands, arrival: Arrival): Promise<void>;
  /** Begins nothing any more and waits for what is under way; the rest is kept for the next process. */
  stop(): Promise<void>;
}

type Understands = Pick<ChatAdapter, 'platform' | 'understand'>;

/** Keeps first, then has understood: what a crash cuts short is taken up by whoever looks next. */
export function startArrivals({ db, log, adapters, answersFirst }: Application): Arrivals {
  const lanes = new Map<string, Promise<void>>();
  const known = new Set<string>();
  let stopped = false;
  let looking: Promise<void> | undefined;

  function begin(adapter: Understands, arrival: KeptArrival): void {
    const id = `${arrival.platform} ${arrival.key}`;
    if (stopped || known.has(id)) return;
    known.add(id);
    const lane = `${arrival.platform} ${arrival.lane}`;
    const work = (lanes.get(lane) ?? Promise.resolve())
      .then(() => answersFirst.turn())
      .then(() => understand(adapter, arrival))
      .catch((error: unknown) => postpone(arrival, error))
      .finally(() => {
        known.delete(id);
        if (lanes.get(lane) === work) lanes.delete(lane);
      });
    lanes.set(lane, work);
  }

  async function understand(adapter: Understands, arrival: KeptArrival): Promise<void> {
    if (stopped || (await waitsBehind(db, arrival))) return;
    await adapter.understand?.(arrival.body);
    await db.arrivals.understood(arrival);
  }

  async function postpone(arrival: KeptArrival, error: unknown): Promise<void> {
    const { platform, key } = arrival;
    log.warn({ error, platform, key }, 'what a platform sent could not be understood; it is tried again');
    await postponeArrival(db, arrival).catch((cause: unknown) =>
      log.warn({ error: cause }, 'the database is away; what was kept stays as it is'),
    );
  }

  async function look(): Promise<void> {
    const platforms = [...adapters.values()].flatMap((each) => (each.understand === undefined ? [] : [each.platform]));
    if (platforms.length === 0) return;
    for (const arrival of await dueArrivals(db, platforms, batch)) {
      const adapter = adapters.get(arrival.platform);
      if (adapter !== undefined) begin(adapter, arrival);
    }
  }

  const failed = (error: unknown) => log.warn({ error }, 'what was kept can not be read; trying again');
  const timer = setInterval(() => {
    looking ??= look()
      .catch(failed)
      .finally(() => {
        looking = undefined;
      });
  }, tickMs);
  const forget = () => Promise.all([forgetArrivals(db), forgetInteractions(db)]);
  const forgetting = setInterval(() => void forget().catch(failed), forgetMs);
  return {
    async keep(adapter, arrival) {
      const kept = { ...arrival, platform: adapter.platform };
      if (await db.arrivals.keep(kept)) begin(adapter, kept);
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      clearInterval(forgetting);
      await looking;
      await Promise.all(lanes.values());
    },
  };
}
