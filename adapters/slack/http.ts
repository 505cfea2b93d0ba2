import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Delivery } from './line.ts';

/** Where Slack sends events, presses and commands when it does so over HTTP. */
export const requestPath = '/slack/events';

/** An older request is a replay, in seconds (docs, Verifying requests from Slack). */
const replaySeconds = 5 * 60;

/** Bytes of a request; Slack's own are far smaller. */
const bodyLimit = 2 * 1024 * 1024;

/** Answers Slack's requests over HTTP: signed by Slack, fresh, and stored before they are acknowledged. */
export function createRequests(signingSecret: string, handle: (delivery: Delivery) => Promise<void>) {
  return async (request: Request): Promise<Response | undefined> => {
    if (new URL(request.url).pathname !== requestPath) return undefined;
    if (request.method !== 'POST') return new Response('Slack posts here.', { status: 405 });
    const raw = await readAtMost(request.body, bodyLimit);
    if (raw === undefined) return new Response('Too large.', { status: 413, headers: { connection: 'close' } });
    if (!isSigned(signingSecret, request.headers, raw)) return new Response('Not signed by Slack.', { status: 401 });
    const body = readBody(request.headers.get('content-type') ?? '', raw);
    if (isChallenge(body)) return Response.json({ challenge: body.challenge });
    return answered(body, handle);
  };
}

/** Resolves with what is acknowledged, or with 500 when it could not be stored: then Slack sends it again. */
function answered(body: unknown, handle: (delivery: Delivery) => Promise<void>): Promise<Response> {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const acknowledge = async (answer?: object) =>
    resolve(answer === undefined ? new Response(null, { status: 200 }) : Response.json(answer));
  handle({ body, acknowledge }).then(
    () => resolve(new Response(null, { status: 200 })),
    () => resolve(new Response('Please send it again.', { status: 500 })),
  );
  return promise;
}

/** A body as text; `undefined` as soon as it has more bytes: whoever can reach this port sends it, signed or not. */
async function readAtMost(body: Request['body'], bytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > bytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function isSigned(secret: string, headers: Headers, raw: string): boolean {
  const at = headers.get('x-slack-request-timestamp') ?? '';
  if (!/^\d+$/.test(at) || Math.abs(Date.now() / 1000 - Number(at)) > replaySeconds) return false;
  const expected = Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${at}:${raw}`).digest('hex')}`);
  const given = Buffer.from(headers.get('x-slack-signature') ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function readBody(type: string, raw: string): unknown {
  try {
    if (type.startsWith('application/json')) return JSON.parse(raw);
    const form = Object.fromEntries(new URLSearchParams(raw));
    return form.payload === undefined ? form : JSON.parse(form.payload);
  } catch {
    // Signed by Slack and yet unreadable: it is treated as a kind that is not known.
    return undefined;
  }
}

function isChallenge(body: unknown): body is { readonly challenge: string } {
  const { type, challenge } = (body ?? {}) as { readonly type?: unknown; readonly challenge?: unknown };
  return type === 'url_verification' && typeof challenge === 'string';
}
