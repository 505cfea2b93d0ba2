import type { Call } from './calls.ts';

/**
 * What can go wrong with one HTTP request. `before` and `after` say whether Discord had done it when the answer failed:
 * - `error`: an answer of this status, 502 unless named
 * - `hang`: no answer, ever
 * - `drop`: the connection is cut
 * - `slow`: done at once, answered after `milliseconds`
 * - `late`: done and answered after `milliseconds`
 * - `rate_limited`: 429 with Retry-After; nothing done
 * - `unauthorized`: 401; nothing done
 * - `refuse`: an error of Discord's own; nothing done
 */
export type Fault =
  | { readonly kind: 'error'; readonly when: 'before' | 'after'; readonly status?: number }
  | { readonly kind: 'hang'; readonly when: 'before' | 'after' }
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  | { readonly kind: 'slow' | 'late'; readonly milliseconds: number }
  | { readonly kind: 'rate_limited'; readonly seconds: number; readonly scope?: 'user' | 'shared' | 'global' }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'refuse'; readonly status: number; readonly code: number; readonly message: string };

export interface Injection {
  /** How often it struck. */
  readonly hits: number;
  remove(): void;
}

export interface HttpFaults {
  /**
   * Lets the next `times` (1 unless named) requests of a route fail: `POST /channels/{channel_id}/messages`, only a method
   * (`POST`), or `*` for any.
   */
  inject(
    route: string,
    fault: Fault,
    options?: { readonly times?: number; readonly matching?: (call: Call) => boolean },
  ): Injection;
  /** The fault for a request, if one is due; counts it. */
  next(call: Call): Fault | undefined;
  /** Takes all of them back. */
  clear(): void;
}

export function createHttpFaults(): HttpFaults {
  interface Plan {
    readonly route: string;
    readonly fault: Fault;
    readonly times: number;
    readonly matching: (call: Call) => boolean;
    hits: number;
  }
  const planned: Plan[] = [];
  const concerns = (plan: Plan, call: Call): boolean =>
    plan.hits < plan.times &&
    (plan.route === '*' || plan.route === call.route || plan.route === call.route.split(' ')[0]) &&
    plan.matching(call);
  return {
    inject(route, fault, { times = 1, matching = () => true } = {}) {
      const plan: Plan = { route, fault, times, matching, hits: 0 };
      planned.push(plan);
      return {
        get hits() {
          return plan.hits;
        },
        remove: () => {
          if (planned.includes(plan)) planned.splice(planned.indexOf(plan), 1);
        },
      };
    },
    next(call) {
      const plan = planned.find((candidate) => concerns(candidate, call));
      if (plan !== undefined) plan.hits += 1;
      return plan?.fault;
    },
    clear: () => planned.splice(0),
  };
}
