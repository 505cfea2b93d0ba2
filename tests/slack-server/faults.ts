/**
 * What can go wrong with one HTTP request. `before` and `after` say whether Slack had done it when the answer failed:
 * - `error`: an answer of this status, 500 unless named
 * - `hang`: no answer, ever
 * - `drop`: the connection is cut
 * - `slow`: done and answered after `milliseconds`, whether the caller still waits or not
 * - `rate_limited`: 429 with Retry-After
 * - `refuse`: Slack's own `ok: false` with this error
 * - `elsewhere`: a redirect to another address that wants no token, the stand-in's other name unless named (downloads only)
 */
export type Fault =
  | { readonly kind: 'error'; readonly when: 'before' | 'after'; readonly status?: number }
  | { readonly kind: 'hang'; readonly when: 'before' | 'after' }
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'rate_limited'; readonly seconds: number }
  | { readonly kind: 'refuse'; readonly error: string }
  | { readonly kind: 'elsewhere'; readonly address?: string };

export interface Injection {
  /** How often it struck. */
  readonly hits: number;
  remove(): void;
}

export interface HttpFaults {
  /**
   * Lets the next `times` (1 unless named) requests of a method fail. Besides the Web API's methods: `upload` (bytes to the
   * upload address), `download` (a private file), `response_url`; `*` is any of them.
   */
  inject(
    method: string,
    fault: Fault,
    options?: { readonly times?: number; readonly matching?: (args: Readonly<Record<string, unknown>>) => boolean },
  ): Injection;
  /** The fault for a request, if one is due; counts it. */
  next(method: string, args: Readonly<Record<string, unknown>>): Fault | undefined;
  /** Takes all of them back. */
  clear(): void;
}

export function createHttpFaults(): HttpFaults {
  const planned: Array<{
    readonly method: string;
    readonly fault: Fault;
    readonly times: number;
    readonly matching: (args: Readonly<Record<string, unknown>>) => boolean;
    hits: number;
  }> = [];
  return {
    inject(method, fault, { times = 1, matching = () => true } = {}) {
      const plan = { method, fault, times, matching, hits: 0 };
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
    next(method, args) {
      const plan = planned.find(
        (candidate) =>
          candidate.hits < candidate.times &&
          (candidate.method === '*' || candidate.method === method) &&
          candidate.matching(args),
      );
      if (plan !== undefined) plan.hits += 1;
      return plan?.fault;
    },
    clear: () => planned.splice(0),
  };
}
