import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChatAdapter } from '#core/chat/adapter.ts';
import type { Application } from '../application.ts';
import { fetchAttachments } from './attachments.ts';

const thread = { platform: 'web', channel: 'c', thread: 't' };
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'commander-attachments-'));
});
afterAll(async () => {
  await rm(home, { recursive: true });
});

/** What a file with this content counts as, which its platform says to be of that type. */
async function storedType(mediaType: string, content: string): Promise<string | undefined> {
  async function* download() {
    yield Buffer.from(content, 'latin1');
  }
  const adapter = { download: () => Promise.resolve(download()) } as unknown as ChatAdapter;
  const application = { home, log: pino({ level: 'silent' }), adapters: new Map([['web', adapter]]) };
  const file = { externalId: 'f', name: 'a.png', mediaType, size: content.length };
  const fetched = await fetchAttachments(application as unknown as Application, { thread, body: { files: [file] } });
  return fetched.ok ? fetched.attachments[0]?.mediaType : undefined;
}

it.each([
  ['image/png', '\x89PNG\r\n\x1a\n…', 'image/png'],
  ['image/png', '\xff\xd8\xff\xe0', 'image/jpeg'],
  ['image/png', '<html>', 'application/octet-stream'],
  ['text/plain', '%PDF-1.7', 'application/pdf'],
  ['text/x-log', 'all well', 'text/x-log'],
  ['text/plain', '', 'text/plain'],
])('a file that is said to be %s and begins with %j counts as %s', async (said, content, counts) => {
  expect(await storedType(said, content)).toBe(counts);
});
