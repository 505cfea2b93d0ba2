import type { Reply, Route } from '../http/route.ts';

/** Where something did not fit Discord's own description of its API. */
export interface Violation {
  readonly side: 'request' | 'answer';
  readonly route: string;
  readonly problem: string;
  readonly value: unknown;
}

/** The check against Discord's OpenAPI description. */
export interface Contract {
  /** `skipped` when the description is not there: see `why`. */
  readonly state: 'checked' | 'skipped';
  readonly why: string;
  readonly violations: readonly Violation[];
  /** What was checked, by route and side. */
  readonly checked: ReadonlyMap<string, number>;
  checkRequest(route: Route, body: unknown): void;
  checkAnswer(route: Route, reply: Reply): void;
}
