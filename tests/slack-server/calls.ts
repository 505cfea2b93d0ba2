import type { Fault } from './faults.ts';

/** One request that reached the stand-in. */
export interface Call {
  /** A Web API method, or `upload`, `download`, `response_url`. */
  readonly method: string;
  /** As sent, JSON texts still texts. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970, by the stand-in's clock. */
  readonly at: number;
  readonly token?: string;
  /** The HTTP status of the answer; 0 when there was none. */
  status: number;
  /** Slack's error, of an answer that is not ok. */
  error?: string;
  /** The fault that struck, when a test asked for one. */
  fault?: Fault;
}

/** Every request, in the order of arrival. */
export interface CallLog {
  readonly all: readonly Call[];
  of(method: string): readonly Call[];
  /** Calls that broke Slack's rate limits by themselves, injected ones not counted. */
  rateLimited(): readonly Call[];
  /** Calls that Slack refused (`ok: false`), injected ones not counted. */
  refused(): readonly Call[];
  add(call: Call): void;
  clear(): void;
}

export function createCallLog(): CallLog {
  const all: Call[] = [];
  return {
    all,
    of: (method) => all.filter((call) => call.method === method),
    rateLimited: () => all.filter((call) => call.status === 429 && call.fault === undefined),
    refused: () => all.filter((call) => call.error !== undefined && call.status === 200 && call.fault === undefined),
    add: (call) => all.push(call),
    clear: () => all.splice(0),
  };
}
