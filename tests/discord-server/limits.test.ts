import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ManualClock, manualClock } from '#tests/slack-server/clock.ts';
import { type DiscordServer, startDiscordServer } from './server.ts';

let server: DiscordServer;
let clock: ManualClock;

beforeEach(async () => {
  clock = manualClock(Date.UTC(2026, 0, 1));
  server = await startDiscordServer({ clock });
});

afterEach(() => server.stop());

/** A request without a library between. */
function call(method: string, path: string, body?: unknown, token = `Bot ${server.token}`): Promise<Response> {
  return fetch(`${server.api}/v10${path}`, {
    method,
    headers: { authorization: token, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const send = (channel: string, content = 'x') => call('POST', `/channels/${channel}/messages`, { content });

test('five messages in five seconds a channel, said by headers', async () => {
  const { driver } = server;
  const channel = driver.channel('general');
  const statuses: number[] = [];
  for (let count = 0; count < 5; count += 1) statuses.push((await send(channel)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
  clock.advance(3500);
  const refused = await send(channel);
  expect(refused.status).toBe(429);
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    'x-ratelimit-limit': '5',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset-after': '1.500',
    'x-ratelimit-scope': 'user',
    'retry-after': '2',
  });
  expect(await refused.json()).toEqual({
    message: 'You are being rate limited.',
    retry_after: 1.5,
    global: false,
    code: 0,
  });
  expect((await send(driver.addChannel('other'))).status).toBe(200);
  const [message] = driver.messages(channel);
  const edited = await call('PATCH', `/channels/${channel}/messages/${message?.id}`, { content: 'y' });
  expect(edited.status).toBe(200);
  expect(edited.headers.get('x-ratelimit-bucket')).not.toBe(refused.headers.get('x-ratelimit-bucket'));
  clock.advance(1500);
  expect((await send(channel)).status).toBe(200);
  expect(server.calls.rateLimited()).toHaveLength(1);
  expect(server.limits.invalid).toBe(1);
});

test('fifty requests in a second over all routes, interactions not counted', async () => {
  const routes = ['/users/@me', '/gateway/bot'];
  const statuses = await Promise.all(
    Array.from({ length: 50 }, async (_, count) => (await call('GET', routes[count % 2] ?? '')).status),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  const refused = await call('GET', '/users/@me');
  expect([refused.status, refused.headers.get('x-ratelimit-global')]).toEqual([429, 'true']);
  // Not found, but not refused for the limit.
  expect((await call('POST', '/interactions/1/x/callback', { type: 5 })).status).toBe(404);
  clock.advance(1000);
  expect((await call('GET', '/users/@me')).status).toBe(200);
});

test('a channel takes two names in ten minutes', async () => {
  const { driver } = server;
  const channel = driver.channel('general');
  await send(channel);
  const [root] = driver.messages(channel);
  await call('POST', `/channels/${channel}/messages/${root?.id}/threads`, { name: 'one' });
  const rename = async (name: string) => (await call('PATCH', `/channels/${root?.id}`, { name })).status;
  expect([await rename('two'), await rename('three'), await rename('four')]).toEqual([200, 200, 429]);
});

test('wrong tokens, unknown routes and unreadable bodies', async () => {
  const channel = server.driver.channel('general');
  expect((await call('GET', '/users/@me', undefined, 'Bot wrong')).status).toBe(401);
  expect((await call('GET', '/nowhere')).status).toBe(404);
  const headers = { authorization: `Bot ${server.token}`, 'content-type': 'application/json' };
  const broken = await fetch(`${server.api}/v10/channels/${channel}/messages`, { method: 'POST', headers, body: '{' });
  expect([broken.status, ((await broken.json()) as { code: number }).code]).toEqual([400, 50109]);
  expect((await call('GET', '/channels/12')).status).toBe(404);
  expect(server.calls.refused().map(({ status, code }) => [status, code])).toEqual([
    [401, 0],
    [404, 0],
    [400, 50109],
    [404, 10003],
  ]);
});

test('every fault strikes as often as it was asked to, before or after the deed', async () => {
  const { driver, faults } = server;
  const channel = driver.channel('general');
  const said = () => driver.messages(channel).map(({ content }) => content);
  const route = 'POST /channels/{channel_id}/messages';
  faults.http.inject(route, { kind: 'error', when: 'before', status: 500 });
  expect((await send(channel, 'a')).status).toBe(500);
  faults.http.inject('POST', { kind: 'error', when: 'after' });
  expect((await send(channel, 'b')).status).toBe(502);
  faults.http.inject('*', { kind: 'drop', when: 'before' });
  await expect(send(channel, 'c')).rejects.toThrow();
  faults.http.inject(
    route,
    { kind: 'unauthorized' },
    { matching: ({ body }) => (body as { content: string }).content === 'd' },
  );
  expect((await send(channel, 'e')).status).toBe(200);
  expect((await send(channel, 'd')).status).toBe(401);
  faults.http.inject(route, { kind: 'rate_limited', seconds: 7, scope: 'shared' });
  const shared = await send(channel, 'f');
  expect([shared.status, shared.headers.get('retry-after'), shared.headers.get('x-ratelimit-scope')]).toEqual([
    429,
    '7',
    'shared',
  ]);
  faults.http.inject(route, { kind: 'refuse', status: 403, code: 50013, message: 'Missing Permissions' });
  expect((await send(channel, 'g')).status).toBe(403);
  const hanging = faults.http.inject(route, { kind: 'hang', when: 'after' });
  const never = send(channel, 'h');
  await driver.waitFor('what was done without an answer', () => said().includes('h'));
  expect(said()).toEqual(['b', 'e', 'h']);
  expect(hanging.hits).toBe(1);
  expect(server.calls.rateLimited()).toEqual([]);
  await server.stop();
  await expect(never).rejects.toThrow();
  server = await startDiscordServer();
});

test('a slow answer comes when the clock says so', async () => {
  const { driver, faults } = server;
  const channel = driver.channel('general');
  faults.http.inject('POST', { kind: 'slow', milliseconds: 5000 });
  const slow = send(channel, 'at once');
  await driver.waitFor('the message', () => driver.messages(channel).length === 1);
  clock.advance(5000);
  expect((await slow).status).toBe(200);
  faults.http.inject('POST', { kind: 'late', milliseconds: 6000 });
  const late = send(channel, 'later');
  await driver.waitFor('the call', () => server.calls.all.length === 2);
  expect(driver.messages(channel)).toHaveLength(1);
  clock.advance(6000);
  expect((await late).status).toBe(200);
  expect(driver.messages(channel)).toHaveLength(2);
});
