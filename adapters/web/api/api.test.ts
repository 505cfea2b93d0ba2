import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { type Preview, startPreview } from '#tests/chat/preview.ts';

let preview: Preview;
const error = vi.fn();

beforeEach(async () => {
  error.mockClear();
  preview = await startPreview({ log: { warn: () => undefined, error } });
});

afterEach(() => preview.stop());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly error?: { readonly code: string; readonly message: string } };
}

async function send(method: string, path: string, body?: unknown, as: string | undefined = 'ana'): Promise<Answer> {
  const response = await fetch(preview.url + path, {
    method,
    headers: {
      ...(as === '' ? {} : { 'commander-person': encodeURIComponent(as) }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

const say = async (text: string, more: object = {}) =>
  (await send('POST', '/api/chat/channels/general/messages', { text, ...more })).body.message as ChatMessage;

const nobody = '00000000-0000-7000-8000-00000000ffff';

test('a person says who it is once; the browser remembers', async () => {
  const response = await fetch(`${preview.url}/api/chat/me`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: '  Zoë 100% ' }),
  });
  const cookie = response.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/HttpOnly.*SameSite=Strict/);
  const me = await fetch(`${preview.url}/api/chat/me`, { headers: { cookie: cookie.split(';', 1)[0] ?? '' } });
  expect(await me.json()).toMatchObject({ person: { name: 'Zoë 100%' } });
  expect((await send('GET', '/api/chat/me', undefined, '')).body).toEqual({ person: null });
});

test.each(['', '   ', '\u0000', '\u202e', 'x'.repeat(61), 'commander', ' @Commander '])(
  'a person can not be called %j',
  async (name) => {
    expect((await send('POST', '/api/chat/me', { name })).status).toBe(400);
    expect(await preview.store.people()).toEqual([]);
  },
);

test('a message to the bot becomes its cards, in a thread of its own', async () => {
  const root = await say('@commander release 1.2.0', { key: 'one' });
  await preview.host.idle();
  expect(preview.host.accepted).toMatchObject([
    { externalId: root.id, text: 'release 1.2.0', sender: { name: 'ana' }, opensThread: true, addressed: true },
  ]);
  const thread = (await send('GET', `/api/chat/threads/${root.id}`)).body.messages as ChatMessage[];
  expect(thread.map(({ card }) => card?.key)).toEqual([
    undefined,
    'understanding',
    'status:1',
    'approval:a1',
    'report',
  ]);
  expect(thread[2]).toMatchObject({ author: 'commander', revision: 4, rootId: root.id });
  const history = (await send('GET', `/api/chat/channels/${root.channelId}/messages`)).body;
  expect(history).toMatchObject({
    messages: [{ id: root.id, replies: 4, threadStatus: { tone: 'progress' } }],
    more: false,
  });
});

test('the same key is the same message, however often and at once it is sent', async () => {
  const sent = await Promise.all(Array.from({ length: 10 }, () => say('@commander help', { key: 'mine' })));
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  expect(preview.host.accepted).toHaveLength(1);
  const other = await send('POST', '/api/chat/channels/general/messages', { text: 'bo', key: 'mine' }, 'bo');
  expect((other.body.message as ChatMessage).id).not.toBe(sent[0]?.id);
});

test('people talk among themselves, until the bot is in the thread', async () => {
  const root = await say('good morning');
  const reply = (text: string) => send('POST', `/api/chat/threads/${root.id}/messages`, { text });
  await reply('morning');
  expect(preview.host.accepted).toEqual([]);
  await reply('@commander run the tests');
  await reply('and be quick');
  expect(preview.host.accepted.map(({ text, addressed, opensThread }) => [text, addressed, opensThread])).toEqual([
    ['run the tests', true, false],
    ['and be quick', false, false],
  ]);
});

test('a reply to a reply stands in the same thread', async () => {
  const root = await say('good morning');
  const path = (id: string) => `/api/chat/threads/${id}/messages`;
  const reply = (await send('POST', path(root.id), { text: 'one' })).body.message as ChatMessage;
  expect((await send('POST', path(reply.id), { text: 'two' })).body).toMatchObject({ message: { rootId: root.id } });
});

test('history comes in pages', async () => {
  for (let number = 0; number < 5; number += 1) await say(String(number));
  const path = '/api/chat/channels/general/messages?limit=2';
  const newest = (await send('GET', path)).body as unknown as { messages: ChatMessage[]; more: boolean };
  expect([newest.messages.map(({ text }) => text), newest.more]).toEqual([['3', '4'], true]);
  const older = (await send('GET', `${path}&before=${newest.messages[0]?.id}`)).body;
  expect(older).toMatchObject({ messages: [{ text: '1' }, { text: '2' }], more: true });
});

test('buttons and forms reach the bot as the person who used them', async () => {
  const { id } = await say('@commander release 1.2.0');
  await preview.host.idle();
  const card = (await preview.store.thread(id)).find((message) => message.card?.key === 'approval:a1');
  const path = `/api/chat/messages/${card?.id}`;
  expect((await send('POST', `${path}/press`, { action: 'approve:a1' }, 'bo')).body).toEqual({ kind: 'done' });
  expect(preview.host.presses).toMatchObject([
    { action: 'approve:a1', sender: { name: 'bo' }, thread: { thread: id } },
  ]);
  const modal = (await send('POST', `${path}/press`, { action: 'refine:a1' })).body;
  expect(modal).toMatchObject({ kind: 'modal', modal: { fields: [{ name: 'words' }] } });
  const submit = (words: string) => send('POST', `${path}/submit`, { modalId: 'refine:a1', values: { words } });
  expect((await submit(' ')).body).toMatchObject({ kind: 'problems' });
  expect((await submit('less')).body).toMatchObject({ kind: 'notice', tone: 'success' });
});

test('completions come from the bot', async () => {
  const { body } = await send('GET', '/api/chat/suggest?words=re');
  expect(body).toMatchObject({ suggestions: [{ insert: 'release 1.2.0' }] });
});

test('channels are made by name, once', async () => {
  const make = (name: string) => send('POST', '/api/chat/channels', { name });
  expect((await make('builds')).body).toEqual((await make('builds')).body);
  for (const name of ['', 'Builds', 'a b', '../x', 'é', 'x'.repeat(41)]) expect((await make(name)).status).toBe(400);
  const { body } = await send('GET', '/api/chat/channels');
  expect((body.channels as { name: string }[]).map(({ name }) => name)).toEqual(['general', 'builds']);
});

test.each([
  ['POST', '/api/chat/channels', { name: 'x' }],
  ['POST', '/api/chat/channels/general/messages', { text: 'x' }],
  ['POST', `/api/chat/messages/${nobody}/press`, { action: 'x' }],
  ['POST', `/api/chat/messages/${nobody}/submit`, { modalId: 'x', values: {} }],
])('%s %s asks who you are', async (method, path, body) => {
  const { status, body: answer } = await send(method, path, body, '');
  expect([status, answer.error?.code]).toEqual([401, 'who_are_you']);
});

test.each([
  ['GET', `/api/chat/threads/${nobody}`, undefined, 404],
  ['GET', '/api/chat/threads/nonsense', undefined, 404],
  ['GET', '/api/chat/channels/nowhere/messages', undefined, 404],
  ['GET', '/api/chat/channels/general/messages?limit=0', undefined, 400],
  ['GET', '/api/chat/channels/general/messages?limit=201', undefined, 400],
  ['GET', '/api/chat/channels/general/messages?before=nonsense', undefined, 400],
  ['GET', `/api/chat/files/${nobody}/x`, undefined, 404],
  ['POST', '/api/chat/channels/nowhere/messages', { text: 'x' }, 404],
  ['POST', `/api/chat/threads/${nobody}/messages`, { text: 'x' }, 404],
  ['POST', `/api/chat/messages/${nobody}/press`, { action: 'x' }, 404],
  ['POST', '/api/chat/messages/nonsense/press', { action: 'x' }, 404],
  ['POST', `/api/chat/messages/${nobody}/press`, { action: 'x'.repeat(201) }, 400],
  ['POST', `/api/chat/messages/${nobody}/submit`, { modalId: 'x', values: { a: 1 } }, 400],
  ['POST', '/api/chat/channels/general/messages', {}, 400],
  ['POST', '/api/chat/channels/general/messages', { text: ' \n' }, 400],
  ['POST', '/api/chat/channels/general/messages', { text: '\0' }, 400],
  ['POST', '/api/chat/channels/general/messages', { text: 'x'.repeat(40_001) }, 400],
  ['POST', '/api/chat/channels/general/messages', { text: 'x', fileIds: ['nonsense'] }, 400],
  ['POST', '/api/chat/channels/general/messages', { text: 'x', fileIds: [nobody] }, 400],
  ['POST', '/api/chat/channels/general/messages', { text: 'x', key: '' }, 400],
  ['POST', '/api/chat/channels/general/messages', '{', 400],
  ['POST', '/api/chat/channels/general/messages', 'null', 400],
  ['POST', '/api/chat/channels/general/messages', { text: 'x', more: 'y'.repeat(2 ** 21) }, 413],
])('%s %s with something wrong says what (%#)', async (method, path, body, status) => {
  const answer = await send(method, path, body);
  expect(answer.status).toBe(status);
  expect(answer.body.error?.code).toMatch(/^[a-z_]+$/);
  expect(answer.body.error?.message).toMatch(/\w{2,}/);
  expect(await preview.store.head()).toBe('0');
});

test('text is stored as it was written, but for what can not be stored', async () => {
  expect((await say('  a\0b\n\t🎉 \ud800 <b>@everyone</b>')).text).toBe('  ab\n\t🎉 \ufffd <b>@everyone</b>');
});

test('a defect is answered in words, and the log says why', async () => {
  vi.spyOn(preview.store, 'people').mockRejectedValueOnce(new Error('secret detail'));
  const { status, body } = await send('GET', '/api/chat/people');
  expect([status, body.error?.code]).toEqual([500, 'internal']);
  expect(JSON.stringify(body)).not.toContain('secret detail');
  expect(error.mock.calls[0]?.[0]).toMatchObject({ error: { message: 'secret detail' } });
});

test('a body that is nested very deep, or names what objects inherit, is only a body', async () => {
  const path = '/api/chat/channels/general/messages';
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  expect((await send('POST', path, deep)).status).toBe(400);
  expect((await send('POST', path, `{"text":${deep}}`)).status).toBe(400);
  const sly = await send(
    'POST',
    path,
    '{"text":"x","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  );
  expect([sly.status, 'polluted' in {}]).toEqual([201, false]);
  expect(error).not.toHaveBeenCalled();
});
