import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { Clock } from '../clock.ts';
import { type Attempt, ackWithin, type Shipment, type Transport } from './attempt.ts';

/** Where the app listens, as its settings say. */
export interface RequestUrls {
  readonly events: string;
  readonly interactivity: string;
  readonly commands: string;
}

/** Slack's own names of failed deliveries differ between HTTP and Socket Mode (docs.slack.dev, Events API). */
const reasons = { timeout: 'http_timeout', refused: 'connection_failed', status: 'http_error' } as const;

/** Delivery by signed HTTP requests. */
export function createHttpTransport(clock: Clock, signingSecret: string, urls: RequestUrls): Transport {
  return {
    ship(shipment) {
      const { url, type, body } = bodyOf(urls, shipment);
      return post(clock, url, body, {
        'content-type': type,
        ...signature(signingSecret, body, Math.floor(clock.now() / 1000)),
        ...(shipment.retry > 0 && {
          'x-slack-retry-num': String(shipment.retry),
          'x-slack-retry-reason': shipment.reason,
        }),
      });
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

function post(clock: Clock, url: string, body: string, headers: Readonly<Record<string, string>>): Promise<Attempt> {
  return new Promise((resolve) => {
    const finish = (attempt: Attempt): void => {
      cancel();
      resolve(attempt);
    };
    const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', () => finish({ acknowledged: false, reason: reasons.refused }));
      response.on('end', () => finish(read(response.statusCode ?? 0, Buffer.concat(parts).toString())));
    });
    const cancel = clock.after(ackWithin, () => {
      finish({ acknowledged: false, reason: reasons.timeout });
      sent.destroy();
    });
    sent.on('error', () => finish({ acknowledged: false, reason: reasons.refused }));
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
