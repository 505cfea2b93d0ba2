import { once } from 'node:events';
import { connect } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { type EventStream, openEvents } from '#tests/chat/event-stream.ts';
import { type Preview, startPreview } from '#tests/chat/preview.ts';
import type { Follower } from './events.ts';
import { streamChanges } from './stream.ts';

let preview: Preview;
let streams: EventStream[] = [];

beforeEach(async () => {
  preview = await startPreview();
});

afterEach(async () => {
  await Promise.all(streams.map((stream) => stream.close()));
  streams = [];
  await preview.stop();
});

async function events(query = '', headers: Record<string, string> = {}): Promise<EventStream> {
  const stream = await openEvents(`${preview.url}/api/chat/events${query}`, headers);
  streams.push(stream);
  return stream;
}

async function talk(from: number, to: number): Promise<void> {
  const { store } = preview;
  const { id: channelId } = await store.addChannel('general');
  const { id: personId } = await store.person('ana');
  for (let number = from; number < to; number += 1) {
    await store.append({ channelId, author: { personId }, text: String(number), key: `message ${number}` });
  }
}

const textsOf = (found: readonly { data: string }[]) => found.map(({ data }) => (JSON.parse(data) as ChatMessage).text);
const numbers = (count: number) => Array.from({ length: count }, (_, number) => String(number));

test('the stream says first where it begins, then tells a thousand messages in order', async () => {
  const stream = await events();
  const ready = await stream.next();
  expect(ready).toMatchObject({ event: 'ready', data: JSON.stringify({ cursor: ready?.id }) });
  await talk(0, 1000);
  expect(textsOf(await stream.messages(1000))).toEqual(numbers(1000));
});

test('over many lost connections no message is lost or doubled', async () => {
  const first = await events();
  let last = (await first.next())?.id ?? '';
  await first.close();
  const seen: (string | undefined)[] = [];
  for (let round = 0; round < 20; round += 1) {
    await talk(round * 10, round * 10 + 5);
    const stream = await events('', { 'last-event-id': last });
    const talking = talk(round * 10 + 5, round * 10 + 10);
    const found = await stream.messages(3 + (round % 5));
    await stream.close();
    await talking;
    seen.push(...textsOf(found));
    last = found.at(-1)?.id ?? last;
  }
  const rest = await (await events(`?after=${last}`)).messages(200 - seen.length);
  expect([...seen, ...textsOf(rest)]).toEqual(numbers(200));
});

test('a place of a database that is gone, or none at all, begins now', async () => {
  await talk(0, 1);
  const head = await preview.store.head();
  for (const after of ['999999999', 'nonsense', '-1', '9'.repeat(40)]) {
    expect((await (await events(`?after=${after}`)).next())?.id).toBe(head);
  }
});

test('the end of the adapter ends the streams', async () => {
  const stream = await events();
  await stream.next();
  await preview.adapter.stop();
  expect(await stream.next()).toBeUndefined();
});

test('a quiet stream says now and then that it is there', async () => {
  const quiet: Follower = { follow: (_cursor, signal) => silence(signal), stop: () => undefined };
  const { url, close } = await serveStream(quiet, { pingMs: 1 });
  const response = await fetch(url);
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes(': still here')) break;
  }
  expect(text).toMatch(/^event: ready\n/);
  await close();
});

test('a reader that takes nothing is cut, so that it holds no memory', async () => {
  const cut = Promise.withResolvers<void>();
  const flood: Follower = {
    async *follow(_cursor, signal) {
      signal.addEventListener('abort', () => cut.resolve());
      const message = { cursor: '1', text: 'x'.repeat(100_000) } as ChatMessage;
      while (!signal.aborted) yield [message];
    },
    stop: () => undefined,
  };
  const { url, close } = await serveStream(flood, { patienceMs: 50 });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.pause();
  await once(socket, 'connect');
  socket.write(`GET / HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`);
  await cut.promise;
  socket.destroy();
  await close();
});

async function* silence(signal: AbortSignal): AsyncGenerator<readonly ChatMessage[]> {
  if (!signal.aborted) await once(signal, 'abort');
  yield [];
}

async function serveStream(follower: Follower, options: { pingMs?: number; patienceMs?: number }) {
  const app = new Hono().get('/', (context) => streamChanges(context, { follower, cursor: '0', ...options }));
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${address.port}/`, close };
}
