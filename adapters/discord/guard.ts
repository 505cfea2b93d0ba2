import type { AdapterLog } from '#core/chat/platform.ts';

/** What a request was refused with. */
export interface RefusedAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Keeps requests that Discord will refuse from being sent: ten thousand refused ones in ten minutes and Discord bans the address
 * (docs, Rate Limits: Invalid Request Limit).
 */
export interface Guard {
  /** What a request would be answered with, when that is known; then it is not sent. @throws BudgetSpent */
  before(method: string, path: string): RefusedAnswer | undefined;
  /** How a request was answered. `shared`: a rate limit that others have used up. */
  after(method: string, path: string, answer: RefusedAnswer & { readonly shared: boolean }): void;
  /** Rights were changed: what was refused may be asked at once. What Discord has counted stays counted. */
  forgive(): void;
  /** Refused requests that Discord counts, within ten minutes. */
  invalid(): number;
  /** What somebody should know of them, in sentences. */
  concerns(): readonly string[];
}

/** So much was refused that nothing is sent until Discord has forgotten some of it. */
export class BudgetSpent extends Error {
  readonly code = 'discord_budget_spent';
}

/** Refused requests within ten minutes at which nothing is sent any more: the ban comes at ten thousand. */
const budget = 5000;
const budgetMs = 600_000;

/** Refused requests between two warnings. */
const warnEvery = 500;

/** The same refusal as often as this in a row, and the request is not sent for a while. */
const patience = 3;

/** That while, in milliseconds; it doubles with each further refusal. */
const restMs = 60_000;
const longestRestMs = 900_000;

/** Requests that are remembered because they were refused. */
const rememberedLimit = 2000;

interface Refused {
  readonly answer: RefusedAnswer;
  readonly times: number;
  /** Not sent until then. */
  readonly until: number;
}

/** `now` in milliseconds. */
export function createGuard(log: AdapterLog, now: () => number = Date.now): Guard {
  const refused = new Map<string, Refused>();
  let counted: number[] = [];

  function invalid(): number {
    const since = now() - budgetMs;
    if ((counted[0] ?? since) < since) counted = counted.filter((time) => time >= since);
    return counted.length;
  }

  function count(): void {
    counted.push(now());
    const sum = invalid();
    if (sum % warnEvery === 0)
      log.error(
        { refused: sum },
        'Discord refused very many requests in ten minutes; at ten thousand it bans the address',
      );
  }

  return {
    invalid,
    concerns() {
      const sum = invalid();
      if (sum < warnEvery) return [];
      return [
        `Discord refused ${sum} requests within ten minutes, and at 10000 it bans this address. The log says which.`,
      ];
    },
    forgive: () => refused.clear(),
    before(method, path) {
      if (invalid() >= budget)
        throw new BudgetSpent('Discord refused so many requests that Commander sends none for some minutes.');
      const known = refused.get(keyOf(method, path)) ?? refused.get(everything);
      return known !== undefined && known.times >= patience && now() < known.until ? known.answer : undefined;
    },
    after(method, path, { status, body, shared }) {
      if (status === 401 || status === 403 || (status === 429 && !shared)) count();
      // An interaction's own token, which ages, stands in the path.
      const ofToken = status === 401 && !path.includes('/webhooks/');
      const key = ofToken ? everything : keyOf(method, path);
      if (status !== 401 && status < 500) refused.delete(everything);
      if (status !== 401 && status !== 403 && status !== 404) {
        if (status < 400) refused.delete(key);
        return;
      }
      const times = (refused.get(key)?.times ?? 0) + 1;
      const rest = Math.min(longestRestMs, restMs * 2 ** Math.max(0, times - patience));
      if (times === patience)
        log.warn(
          { method, path: withoutToken(path), status },
          'Discord keeps refusing a request; it rests for a while',
        );
      if (refused.size >= rememberedLimit) refused.clear();
      refused.set(key, { answer: { status, body }, times, until: now() + rest });
    },
  };
}

/** A wrong token concerns all requests. */
const everything = '*';

function keyOf(method: string, path: string): string {
  return `${method} ${path}`;
}

function withoutToken(path: string): string {
  return path.replace(/(\/webhooks\/\d+\/)[^/]+/, '$1…');
}
