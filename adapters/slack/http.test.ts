import { beforeEach, describe, expect, it } from 'vitest';
import { signature } from '#tests/slack-server/delivery/http.ts';
import { createRequests, requestPath } from './http.ts';
import type { Delivery } from './line.ts';

const secret = 'signing-secret';
const minute = 60;
const now = () => Math.floor(Date.now() / 1000);

let bodies: unknown[];
let handle: (delivery: Delivery) => Promise<void>;

beforeEach(() => {
  bodies = [];
  handle = async ({ body, acknowledge }) => {
    bodies.push(body);
    await acknowledge();
  };
});

interface Sent {
  readonly body?: string;
  readonly type?: string;
  readonly secret?: string;
  readonly at?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

async function send({ body = '{"type":"x"}', type = 'application/json', at = now(), ...rest }: Sent = {}) {
  const signed = signature(rest.secret ?? secret, body, at);
  const headers = { 'content-type': type, ...signed, ...rest.headers };
  const request = new Request(`http://localhost${requestPath}`, { method: 'POST', headers, body });
  const response = await createRequests(secret, (delivery) => handle(delivery))(request);
  return { status: response?.status, text: await response?.text() };
}

describe('a request', () => {
  it('that Slack signed is handled, as JSON, as a form, and as a form that carries JSON', async () => {
    const form = 'application/x-www-form-urlencoded';
    expect(await send()).toMatchObject({ status: 200 });
    expect(await send({ body: 'command=%2Fcommander&text=help', type: form })).toMatchObject({ status: 200 });
    expect(await send({ body: `payload=${encodeURIComponent('{"type":"y"}')}`, type: form })).toMatchObject({
      status: 200,
    });
    expect(bodies).toEqual([{ type: 'x' }, { command: '/commander', text: 'help' }, { type: 'y' }]);
  });

  it.each<[string, Sent]>([
    ['with another secret', { secret: 'guessed' }],
    ['without a signature', { headers: { 'x-slack-signature': '' } }],
    ['with the signature of another body', { headers: signature(secret, '{"type":"other"}', now()) }],
    ['that is older than five minutes', { at: now() - 6 * minute }],
    ['that comes from the future', { at: now() + 6 * minute }],
    ['whose time is no number', { headers: { 'x-slack-request-timestamp': 'now' } }],
  ])('%s is refused and not looked at', async (_, sent) => {
    expect(await send(sent)).toMatchObject({ status: 401 });
    expect(bodies).toEqual([]);
  });

  it('that could not be stored is answered so that Slack sends it again', async () => {
    handle = async () => {
      throw new Error('the database is away');
    };
    expect(await send()).toMatchObject({ status: 500 });
  });

  it('by which Slack checks the address is answered, and what is no JSON is nothing', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
    expect(await send({ body })).toEqual({ status: 200, text: '{"challenge":"abc"}' });
    expect(await send({ body: '{' })).toMatchObject({ status: 200 });
    expect(bodies).toEqual([undefined]);
  });

  it('that is far too large, of another kind or for another page is not Slack’s', async () => {
    expect(await send({ body: `{"a":"${'x'.repeat(2 * 1024 * 1024)}"}` })).toMatchObject({ status: 413 });
    const requests = createRequests(secret, handle);
    expect((await requests(new Request(`http://localhost${requestPath}`)))?.status).toBe(405);
    expect(await requests(new Request('http://localhost/elsewhere', { method: 'POST' }))).toBeUndefined();
    expect(bodies).toEqual([]);
  });

  it('that never ends is left when it is too large, before anybody’s signature is looked at', async () => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        given += 64 * 1024;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const unsigned = { method: 'POST', body: endless, duplex: 'half' } as RequestInit;
    const response = await createRequests(secret, handle)(new Request(`http://localhost${requestPath}`, unsigned));
    expect(response?.status).toBe(413);
    expect(given).toBeLessThan(3 * 1024 * 1024);
    expect(bodies).toEqual([]);
  });
});
