import type { ServerResponse } from 'node:http';
import type { Call } from '../calls.ts';
import type { Clock } from '../clock.ts';
import type { Fault, HttpFaults } from '../faults.ts';

/** What the stand-in answers to one HTTP request. */
export interface Reply {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Slack's error, for the log of calls. */
  readonly error?: string;
}

export function jsonReply(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  const error = (value as { error?: string }).error;
  return {
    status,
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    ...(error !== undefined && { error }),
  };
}

export function rateLimitedReply(seconds: number): Reply {
  return jsonReply(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(seconds) });
}

interface Exchange {
  readonly call: Call;
  readonly response: ServerResponse;
  readonly clock: Clock;
  readonly faults: HttpFaults;
}

/** Does what was asked and answers, or goes wrong as a test wants it. */
export async function answer(
  { call, response, clock, faults }: Exchange,
  act: (fault: Fault | undefined) => Reply | Promise<Reply>,
): Promise<void> {
  const fault = faults.next(call.method, call.args);
  if (fault !== undefined) call.fault = fault;
  if (fault?.kind === 'slow') await new Promise<void>((resolve) => clock.after(fault.milliseconds, resolve));
  const reply = prevents(fault) ? undefined : await act(fault);
  if (fault?.kind === 'drop') return void response.destroy();
  if (fault?.kind === 'hang') return;
  send(call, response, (fault && replacement(fault)) ?? reply);
}

/** Whether Slack does nothing of what was asked. */
function prevents(fault: Fault | undefined): boolean {
  if (fault === undefined) return false;
  return fault.kind === 'rate_limited' || fault.kind === 'refuse' || ('when' in fault && fault.when === 'before');
}

/** The answer that a fault gives in place of the true one. */
function replacement(fault: Fault): Reply | undefined {
  if (fault.kind === 'error') return { status: fault.status ?? 500, body: 'Internal Server Error' };
  if (fault.kind === 'rate_limited') return rateLimitedReply(fault.seconds);
  return fault.kind === 'refuse' ? jsonReply(200, { ok: false, error: fault.error }) : undefined;
}

function send(call: Call, response: ServerResponse, reply: Reply | undefined): void {
  if (reply === undefined || response.destroyed) return;
  call.status = reply.status;
  if (reply.error !== undefined) call.error = reply.error;
  response.writeHead(reply.status, { ...reply.headers });
  response.end(reply.body);
}
