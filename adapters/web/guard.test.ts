import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Preview, startPreview } from '#tests/chat/preview.ts';
import { rawRequest } from '#tests/chat/raw-request.ts';

let preview: Preview;

beforeAll(async () => {
  preview = await startPreview({ allowedHosts: ['chat.example'] });
});

afterAll(() => preview.stop());

const paths = ['/', '/c/general', '/api', '/api/openapi.json', '/api/chat/channels', '/api/chat/events'];

test.each(paths)('%s is refused under a name that is not ours (DNS rebinding)', async (path) => {
  for (const host of ['evil.example', 'evil.example:8300', 'localhost.evil.example', 'chat.example.evil.example']) {
    const { status, body } = await rawRequest(preview.url, { path, headers: { host } });
    expect([host, status]).toEqual([host, 403]);
    expect(JSON.parse(body).error.message).toContain('COMMANDER_HOSTS');
  }
});

test.each(['localhost', 'localhost:8300', '127.0.0.1:1', '[::1]:8300', '[::1]', 'chat.example', 'chat.example:443'])(
  'the name %s is ours',
  async (host) => {
    expect((await rawRequest(preview.url, { path: '/api/chat/channels', headers: { host } })).status).toBe(200);
  },
);

const json = { 'content-type': 'application/json', 'commander-person': 'ana' };
const write = { path: '/api/chat/channels/general/messages', method: 'POST', body: '{"text":"hello"}' };

test.each(['https://evil.example', 'null', 'http://localhost:1', 'http://localhost.evil.example:8300', 'nonsense'])(
  'a write from a page of %s is refused',
  async (origin) => {
    const headers = { ...json, host: 'localhost:8300', origin };
    const { status, body } = await rawRequest(preview.url, { ...write, headers });
    expect([status, JSON.parse(body).error.code]).toEqual([403, 'wrong_origin']);
  },
);

test('a write from our own page, or from a script without an origin, is taken', async () => {
  const own = { ...json, host: 'localhost:8300', origin: 'http://localhost:8300' };
  expect((await rawRequest(preview.url, { ...write, headers: own })).status).toBe(201);
  expect((await rawRequest(preview.url, { ...write, headers: json })).status).toBe(201);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx'])(
  'a body of the type %s, as a form of any page could send, is refused',
  async (type) => {
    const { status, body } = await rawRequest(preview.url, { ...write, headers: { ...json, 'content-type': type } });
    expect([status, JSON.parse(body).error.code]).toEqual([400, 'not_json']);
  },
);

test('routes of other parts keep their own rules', async () => {
  for (const path of ['/api/tasks', '/api/slack/events', '/healthz']) {
    const request = new Request(preview.url + path, { method: 'POST', body: 'a=b', headers: { host: 'evil.example' } });
    expect(await preview.adapter.handle?.(request)).toBeUndefined();
  }
});
