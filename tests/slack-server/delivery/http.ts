import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Attempt, Shipment, Transport } from './attempt.ts';

/** Where the app listens, as its settings say. */
export interface RequestUrls {
  readonly events: string;
  readonly interactivity: string;
  readonly commands: string;
}

/** Slack's own names of failed deliveries differ between HTTP and Socket Mode (docs.slack.dev, Events API). */
const reasons = { timeout: 'http_timeout', refused: 'connection_failed', status: 'http_error' } as const;

export interface HttpTransportOptions {
  readonly clock: Clock;
  readonly signingSecret: string;
  readonly urls: RequestUrls;
  /** How long the app has to acknowledge, in milliseconds. */
  readonly patience: number;
}

/** Delivery by signed HTTP requests. */
export function createHttpTransport({ clock, signingSecret, urls, patience }: HttpTransportOptions): Transport {
  return {
    async ship(shipment) {
      const { url, type, body } = bodyOf(urls, shipment);
      const aborted = new AbortController();
      const cancel = clock.after(patience, () => aborted.abort());
      const attempt = await post(url, body, aborted.signal, {
        'content-type': type,
        ...signature(signingSecret, body, Math.floor(clock.now() / 1000)),
        ...(shipment.retry > 0 && {
          'x-slack-retry-num': String(shipment.retry),
          'x-slack-retry-reason': shipment.reason,
        }),
      });
      cancel();
      return attempt;
    },
  };
}

/** The headers that prove that a request comes from Slack (docs.slack.dev, verifying requests). `at` in seconds. */
export function signature(secret: string, body: string, at: number): Readonly<Record<string, string>> {
  const digest = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${digest}` };
}

function bodyOf(urls: RequestUrls, { kind, payload }: Shipment) {
  if (kind === 'events_api') return { url: urls.events, type: 'application/json', body: JSON.stringify(payload) };
  const type = 'application/x-www-form-urlencoded';
  if (kind === 'interactive')
    return {
      url: urls.interactivity,
      type,
      body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
    };
  const fields = Object.entries(payload).map(([name, value]): [string, string] => [name, String(value)]);
  return { url: urls.commands, type, body: new URLSearchParams(fields).toString() };
}

function post(
  url: string,
  body: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>>,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const fail = (): void =>
      resolve({ acknowledged: false, reason: signal.aborted ? reasons.timeout : reasons.refused });
    const sent = request(url, { method: 'POST', headers, agent: false, signal }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', fail);
      response.on('end', () => resolve(read(response.statusCode ?? 0, Buffer.concat(parts).toString())));
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

function read(status: number, text: string): Attempt {
  if (status !== 200) return { acknowledged: false, reason: reasons.status };
  if (text === '') return { acknowledged: true, body: undefined };
  try {
    return { acknowledged: true, body: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return { acknowledged: true, body: { text } };
    throw error;
  }
}
