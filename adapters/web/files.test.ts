import { readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChatFile, ChatMessage } from '#core/chat/chat-store.ts';
import { type Preview, startPreview } from '#tests/chat/preview.ts';

let preview: Preview;

const log = { warn: vi.fn(), error: vi.fn() };

beforeEach(async () => {
  vi.clearAllMocks();
  preview = await startPreview({ maxFileBytes: 100_000, log });
});

afterEach(() => preview.stop());

async function upload(name: string, body: string | Uint8Array<ArrayBuffer>, type = 'text/plain'): Promise<Response> {
  return fetch(`${preview.url}/api/chat/files?${new URLSearchParams({ name })}`, {
    method: 'POST',
    headers: { 'commander-person': 'ana', 'content-type': type },
    body,
  });
}

const uploaded = async (...parts: Parameters<typeof upload>) =>
  ((await (await upload(...parts)).json()) as { file: ChatFile }).file;

const download = (file: ChatFile, init: RequestInit = {}) =>
  fetch(`${preview.url}/api/chat/files/${file.id}/${encodeURIComponent(file.name)}`, init);

async function onDisk(): Promise<string[]> {
  const entries = await readdir(preview.home, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

test('a file goes up, comes with a message, and comes down again for people and for the bot', async () => {
  const bytes = new Uint8Array(90_000).map((_, index) => index % 251);
  const file = await uploaded('data.bin', bytes, 'application/x-data');
  const response = await fetch(`${preview.url}/api/chat/channels/general/messages`, {
    method: 'POST',
    headers: { 'commander-person': 'ana', 'content-type': 'application/json' },
    body: JSON.stringify({ text: '@commander look', fileIds: [file.id] }),
  });
  expect(((await response.json()) as { message: ChatMessage }).message.files).toEqual([file]);
  expect(new Uint8Array(await (await download(file)).arrayBuffer())).toEqual(bytes);
  const [told] = preview.host.accepted[0]?.files ?? [];
  if (told === undefined) throw new Error('the bot was told of no file');
  const chunks: Uint8Array[] = [];
  for await (const chunk of await preview.adapter.download(told)) chunks.push(chunk);
  expect(new Uint8Array(Buffer.concat(chunks))).toEqual(bytes);
});

test('the same bytes under two names are one file on the disk', async () => {
  const [one, two] = [await uploaded('one.txt', 'same'), await uploaded('two.txt', 'same')];
  expect([one.sha256, one.name, two.name]).toEqual([two.sha256, 'one.txt', 'two.txt']);
  expect(await onDisk()).toEqual([one.sha256]);
});

test('a drawing that keeps a browser busy is no picture of a page, and can be saved', async () => {
  const again = (n: number) => `<g id="a${n}">${`<use href="#a${n - 1}"/>`.repeat(10)}</g>`;
  const bomb = `<svg xmlns="http://www.w3.org/2000/svg">${[1, 2, 3, 4, 5, 6, 7, 8].map(again).join('')}<g id="a0"/></svg>`;
  const [heavy, light] = [bomb, bomb.slice(0, bomb.indexOf('<g id="a3"')).concat('</svg>')];
  const asPicture = { headers: { accept: 'image/avif,image/webp,*/*;q=0.8' } };
  const statuses = async (drawing: string) => {
    const file = await uploaded('plan.svg', drawing, 'image/svg+xml');
    return Promise.all([download(file, asPicture), download(file)].map(async (each) => (await each).status));
  };
  expect([await statuses(heavy), await statuses(light)]).toEqual([
    [415, 200],
    [200, 200],
  ]);
});

test('who uploads must say who that is; an empty file is a file', async () => {
  const path = `${preview.url}/api/chat/files?name=x`;
  expect((await fetch(path, { method: 'POST', body: 'x' })).status).toBe(401);
  expect((await fetch(path, { method: 'POST', headers: { 'commander-person': 'ana' } })).status).toBe(201);
});

test('a file over the limit is refused in words, with and without an announced size', async () => {
  const announced = await upload('big', new Uint8Array(100_001));
  expect(announced.status).toBe(413);
  expect(((await announced.json()) as { error: { message: string } }).error.message).toContain('larger than 100 kB');
  const piece = new Uint8Array(1000);
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1;
      if (sent > 110) controller.close();
      else controller.enqueue(piece);
    },
  });
  const options = { method: 'POST', headers: { 'commander-person': 'ana' }, body, duplex: 'half' as const };
  expect((await fetch(`${preview.url}/api/chat/files?name=big`, options)).status).toBe(413);
  expect(await onDisk()).toEqual([]);
});

test('a sender that vanishes leaves nothing behind', async () => {
  const sending = request(`${preview.url}/api/chat/files?name=x`, {
    method: 'POST',
    headers: { 'commander-person': 'ana', 'content-length': '90000' },
  });
  sending.on('error', () => undefined);
  sending.write('begin');
  await expect.poll(onDisk).toHaveLength(1);
  sending.destroy();
  await expect.poll(onDisk).toEqual([]);
  expect(log.error).not.toHaveBeenCalled();
});

test.each(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf'])('%s is shown', async (type) => {
  expect((await download(await uploaded('x', 'x', type))).headers.get('content-disposition')).toMatch(/^inline; /);
});

test.each(['text/html', 'image/svg+xml', 'text/plain', 'text/html;charset=utf-8', 'image/png, text/html', '<x>'])(
  '%s is only ever saved, and could not run if it were shown',
  async (type) => {
    const { headers } = await download(await uploaded('x', '<script>alert(1)</script>', type));
    expect(headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  },
);

test('parameters of a media type do not lose the type', async () => {
  expect((await uploaded('a.txt', 'x', 'Text/Plain; charset=utf-8')).mediaType).toBe('text/plain');
});

test.each([
  ['plain.txt', `filename="plain.txt"; filename*=UTF-8''plain.txt`],
  ['two words.txt', `filename="two words.txt"; filename*=UTF-8''two%20words.txt`],
  ['a"; filename=evil.exe', `filename="a__ filename=evil.exe"; filename*=UTF-8''a%22%3B%20filename%3Devil.exe`],
  ["it's (1)*.txt", `filename="it's (1)*.txt"; filename*=UTF-8''it%27s%20%281%29%2A.txt`],
  ['über 🎉.png', `filename="_ber _.png"; filename*=UTF-8''%C3%BCber%20%F0%9F%8E%89.png`],
  ['100%41.txt', `filename="100_41.txt"; filename*=UTF-8''100%2541.txt`],
  ['a\r\nSet-Cookie: x=1', `filename="a Set-Cookie: x=1"; filename*=UTF-8''a%20Set-Cookie%3A%20x%3D1`],
  ['../../../etc/passwd', `filename="passwd"; filename*=UTF-8''passwd`],
])('the name %j comes down safe and exact (RFC 6266, RFC 8187)', async (name, parameters) => {
  const { headers } = await download(await uploaded(name, 'x'));
  expect(headers.get('content-disposition')).toBe(`attachment; ${parameters}`);
  expect(headers.get('set-cookie')).toBeNull();
});

test('the headers alone come without a body', async () => {
  const file = await uploaded('a.txt', 'four');
  const response = await download(file, { method: 'HEAD' });
  expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '4', '']);
});

test('a file whose bytes are gone is answered in words', async () => {
  const file = await uploaded('a.txt', 'x');
  await rm(join(preview.home, 'blobs'), { recursive: true });
  const response = await download(file);
  expect([response.status, await response.json()]).toMatchObject([404, { error: { code: 'file_gone' } }]);
});
