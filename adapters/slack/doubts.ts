import { webApi } from '@slack/bolt';
import { type AdapterStore, PostLater } from '#core/chat/adapter.ts';
import { slackError } from './api.ts';

/** For so long after an error a call that nobody knows the outcome of can still take effect, in milliseconds. */
export interface Graces {
  /** No answer came: Slack may be at work on it yet (seen live: a timed-out post that landed seconds later). */
  readonly unanswered: number;
  /** Slack answered that it failed, which a gateway also does while the work goes on. */
  readonly failed: number;
}

export const defaultGraces: Graces = { unanswered: 15_000, failed: 3000 };

/** How long an error leaves it open whether the call takes effect; 0: it did not, and will not. */
export function graceOf(error: unknown, graces: Graces = defaultGraces): number {
  if (error instanceof webApi.WebAPIHTTPError || failures.has(slackError(error) ?? '')) return graces.failed;
  if (!(error instanceof webApi.WebAPIRequestError)) return 0;
  return neverSent.has(codeOf(error)) ? 0 : graces.unanswered;
}

/** Slack's own words for a call that may have been done in part (docs, errors of every method). */
const failures: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
]);

/** No connection came about, so nothing was sent. */
const neverSent: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** The code of the innermost cause that has one. */
function codeOf(error: unknown): string {
  const { code, cause, original } = error as {
    readonly code?: string;
    readonly cause?: unknown;
    readonly original?: unknown;
  };
  const inner = cause ?? original;
  return (inner === undefined ? undefined : codeOf(inner)) || code || '';
}

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

export function createDoubts(store: AdapterStore, graces: Graces = defaultGraces): Doubts {
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
