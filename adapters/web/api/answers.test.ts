import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Block } from '#core/chat/card.ts';
import type { ChatChannel, ChatFile, ChatMessage } from '#core/chat/chat-store.ts';
import { type Preview, startPreview } from '#tests/chat/preview.ts';

/** The description, as far as this test walks through it. */
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

let preview: Preview;
let description: Description;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const used = new Set<string>();

beforeAll(async () => {
  preview = await startPreview();
  description = closed(await (await fetch(`${preview.url}/api/openapi.json`)).json()) as Description;
  ajv.addSchema({ $id: 'api', ...description });
});

afterAll(() => preview.stop());

/** The same description, in which an object may have nothing that is not described. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const inner = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, closed(value)]));
  return inner.type === 'object' && !('additionalProperties' in inner) && !('allOf' in inner)
    ? { ...inner, additionalProperties: false }
    : inner;
}

interface Call {
  readonly as?: string | undefined;
  /** JSON, or the bytes of a file. */
  readonly body?: unknown;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: string;
}

/** Calls a described operation; what goes in (when it is taken) and what comes out must be as described. */
async function call<Answer>(operation: string, { as = 'ana', body, parameters = {}, query = '' }: Call = {}) {
  const [method = '', template = ''] = operation.split(' ');
  const described = description.paths[template]?.[method.toLowerCase()];
  if (described === undefined) throw new Error(`${operation} is not described`);
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''));
  const isFile = body instanceof Uint8Array;
  const response = await fetch(`${preview.url}${path}${query}`, {
    method,
    headers: {
      ...(as === '' ? {} : { 'commander-person': as }),
      ...(body === undefined ? {} : { 'content-type': isFile ? 'application/octet-stream' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: isFile ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  const answer = await response.json();
  const where = `#/paths/${template.replaceAll('/', '~1')}/${method.toLowerCase()}`;
  if (response.ok && body !== undefined && !isFile) {
    fits(`${where}/requestBody/content/application~1json/schema`, body);
  }
  expect([operation, Object.keys(described.responses)]).toEqual([
    operation,
    expect.arrayContaining([String(response.status)]),
  ]);
  fits(`${where}/responses/${response.status}/content/application~1json/schema`, answer);
  if (response.ok) used.add(operation);
  return { status: response.status, answer: answer as Answer };
}

function fits(pointer: string, value: unknown): void {
  const check = ajv.getSchema(`api${pointer}`);
  if (check === undefined) throw new Error(`${pointer} is not described`);
  const ok = check(value);
  expect([pointer, ok ? [] : check.errors]).toEqual([pointer, []]);
}

test('a script that follows the description does all that a person does, and every answer is as described', async () => {
  await call('POST /api/chat/me', { body: { name: 'ana' } });
  await call('GET /api/chat/me');
  await call('GET /api/chat/me', { as: '' });
  await call<{ channel: ChatChannel }>('POST /api/chat/channels', { body: { name: 'releases' } });
  await call('GET /api/chat/channels');
  const { file } = (
    await call<{ file: ChatFile }>('POST /api/chat/files', {
      query: '?name=notes.txt',
      body: new TextEncoder().encode('x'),
    })
  ).answer;
  const { message } = (
    await call<{ message: ChatMessage }>('POST /api/chat/channels/{id}/messages', {
      parameters: { id: 'releases' },
      body: { text: '@commander release 1.2.0', fileIds: [file.id], key: 'once' },
    })
  ).answer;
  await preview.host.idle();
  const byId = { parameters: { id: message.id } };
  await call('POST /api/chat/threads/{id}/messages', { ...byId, body: { text: 'and hurry' } });
  const { messages } = (await call<{ messages: ChatMessage[] }>('GET /api/chat/threads/{id}', byId)).answer;
  expect(messages.filter(({ card }) => card !== undefined).length).toBeGreaterThan(3);
  await call('GET /api/chat/channels/{id}/messages', { parameters: { id: 'releases' }, query: '?limit=10' });
  await call('GET /api/chat/people');
  await call('GET /api/chat/suggest', { query: '?words=r' });
  for (const { id, action } of messages.flatMap(actionsOf)) {
    const reply = await call<{ kind: string }>('POST /api/chat/messages/{id}/press', {
      parameters: { id },
      body: { action },
    });
    expect(['done', 'modal']).toContain(reply.answer.kind);
  }
  await call('POST /api/chat/messages/{id}/press', { ...byId, body: { action: 'from another version' } });
  for (const words of ['', 'shorter']) {
    const form = { modalId: 'refine:a1', values: { words }, fileIds: { pictures: [file.id] } };
    await call('POST /api/chat/messages/{id}/submit', { ...byId, body: form });
  }
});

test('every refusal is as described, too', async () => {
  const nothing = { parameters: { id: '00000000-0000-7000-8000-00000000ffff' } };
  const said = { body: { text: 'x' } };
  const refused = [
    await call('POST /api/chat/channels/{id}/messages', { parameters: { id: 'general' }, ...said, as: '' }),
    await call('POST /api/chat/channels/{id}/messages', { parameters: { id: 'general' }, body: { text: ' ' } }),
    await call('POST /api/chat/channels/{id}/messages', { parameters: { id: 'nowhere' }, ...said }),
    await call('GET /api/chat/threads/{id}', nothing),
    await call('POST /api/chat/threads/{id}/messages', { ...nothing, ...said }),
    await call('POST /api/chat/messages/{id}/press', { ...nothing, body: { action: 'x' } }),
    await call('POST /api/chat/channels', { body: { name: 'NO' } }),
    await call('POST /api/chat/channels', { body: { name: 'x'.repeat(1024 * 1024) } }),
  ];
  expect(refused.map(({ status }) => status)).toEqual([401, 400, 404, 404, 404, 404, 400, 413]);
});

test('the events are messages as described', async () => {
  const ending = new AbortController();
  const stream = await fetch(`${preview.url}/api/chat/events?after=0`, { signal: ending.signal });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('event: message')) text += (await reader?.read())?.value ?? '';
  ending.abort();
  const data = /^event: message\ndata: (.*)$/m.exec(text)?.[1] ?? '';
  fits('#/components/schemas/Message', JSON.parse(data));
});

test('nothing that is described was left out', () => {
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const streams = ['GET /api/chat/files/{id}/{name}', 'GET /api/chat/events'];
  expect([...used, ...streams].sort()).toEqual(operations.sort());
});

function actionsOf({ id, card }: ChatMessage): readonly { readonly id: string; readonly action: string }[] {
  const buttons = (card?.blocks ?? []).flatMap((block: Block) => (block.kind === 'buttons' ? block.buttons : []));
  return buttons.flatMap(({ action }) => (action === undefined ? [] : [{ id, action }]));
}
