import type { Fault } from './faults.ts';

export interface Upload {
  readonly field: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** One request that reached the stand-in. */
export interface Call {
  /** Method and path of Discord's own description: `POST /channels/{channel_id}/messages`. */
  readonly route: string;
  /** As sent, with the query. */
  readonly path: string;
  /** What the path names, by the description's names: `channel_id`, … */
  readonly params: Readonly<Record<string, string>>;
  /** The JSON body, or the `payload_json` of a form. */
  readonly body: unknown;
  readonly files: readonly Upload[];
  /** Milliseconds since 1970, by the stand-in's clock. */
  readonly at: number;
  /** The HTTP status of the answer; 0 when there was none. */
  status: number;
  /** Discord's error code and message, of a refusal. */
  code?: number;
  error?: string;
  /** The fault that struck, when a test asked for one. */
  fault?: Fault;
}

/** Every request, in the order of arrival. */
export interface CallLog {
  readonly all: readonly Call[];
  of(route: string): readonly Call[];
  /** Calls that broke Discord's rate limits by themselves, injected ones not counted. */
  rateLimited(): readonly Call[];
  /** Calls that Discord refused for other reasons (4xx), injected ones not counted. */
  refused(): readonly Call[];
  add(call: Call): void;
  clear(): void;
}

export function createCallLog(): CallLog {
  const all: Call[] = [];
  const own = () => all.filter((call) => call.fault === undefined);
  return {
    all,
    of: (route) => all.filter((call) => call.route === route),
    rateLimited: () => own().filter(({ status }) => status === 429),
    refused: () => own().filter(({ status }) => status >= 400 && status !== 429),
    add: (call) => all.push(call),
    clear: () => all.splice(0),
  };
}
