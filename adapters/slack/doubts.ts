import { type AdapterStore, PostLater } from '#core/chat/adapter.ts';
import { graceOf } from './failures.ts';
import type { Graces } from './patience.ts';

/** Places whose last write was never answered: an older text may yet land over a newer one. */
export interface Doubts {
  /**
   * Writes what a place should show. Where an older write may still land, it is written once more when that can no longer be, and
   * only then it counts.
   * @throws PostLater until then: the same, or what it should show by then, is asked again.
   */
  write<Answer>(place: string, content: string, send: () => Promise<Answer>): Promise<Answer>;
  /** Knows again what the process before was in doubt about. */
  load(): Promise<void>;
}

interface Doubt {
  /** When no older write can land any more, in milliseconds since 1970. */
  until: number;
  /** What was written last with success. */
  sent?: string;
}

const sign = 'doubt:';

/** A doubt is looked at again at least this often, in milliseconds: meanwhile there may be something newer to show. */
const lookMs = 1000;

export function createDoubts(store: AdapterStore, graces: Graces): Doubts {
  const doubts = new Map<string, Doubt>();

  async function doubt(place: string, graceMs: number): Promise<void> {
    const until = Math.max(Date.now() + graceMs, doubts.get(place)?.until ?? 0);
    doubts.set(place, { until });
    await store.set(`${sign}${place}`, until);
  }

  async function believe(place: string): Promise<void> {
    doubts.delete(place);
    await store.delete(`${sign}${place}`);
  }

  return {
    async write(place, content, send) {
      const begun = Date.now();
      const before = doubts.get(place);
      if (before?.sent === content && begun < before.until) throw new PostLater(Math.min(lookMs, before.until - begun));
      const answer = await send().catch(async (error: unknown) => {
        const graceMs = graceOf(error, graces);
        if (graceMs > 0) await doubt(place, graceMs);
        throw error;
      });
      const after = doubts.get(place);
      if (after === undefined) return answer;
      if (begun >= after.until) {
        await believe(place);
        return answer;
      }
      after.sent = content;
      throw new PostLater(Math.max(1, Math.min(lookMs, after.until - Date.now())));
    },
    async load() {
      for (const [key, until] of await store.list(sign)) doubts.set(key.slice(sign.length), { until: Number(until) });
    },
  };
}
