import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { blobPlace } from '#core/run/places.ts';
import { FileTooLarge, safeName, storeUpload } from './uploads.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'commander-uploads-'));
});

afterEach(() => rm(home, { recursive: true }));

const streamOf = (text: string) => new Blob([text]).stream();

/** All files below the data directory. */
async function stored(): Promise<string[]> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

test('the same bytes are stored once', async () => {
  const [one, two] = await Promise.all([1, 2].map(() => storeUpload(streamOf('same'), { home, limit: 10 })));
  expect(one).toEqual(two);
  expect(one?.size).toBe(4);
  expect(await stored()).toEqual([one?.sha256]);
  expect(await readFile(join(home, blobPlace(one?.sha256 ?? '')), 'utf8')).toBe('same');
});

test('an empty file is a file', async () => {
  expect((await storeUpload(streamOf(''), { home, limit: 10 })).size).toBe(0);
});

test('a file over the limit leaves nothing behind, and one of exactly the limit is taken', async () => {
  await expect(storeUpload(streamOf('12345'), { home, limit: 4 })).rejects.toThrow(FileTooLarge);
  expect(await stored()).toEqual([]);
  expect((await storeUpload(streamOf('1234'), { home, limit: 4 })).size).toBe(4);
});

test('a file announced as too large is refused before a byte is read', async () => {
  let pulled = 0;
  const count = () => {
    pulled += 1;
  };
  const body = new ReadableStream<Uint8Array>({ pull: count }, { highWaterMark: 0 });
  await expect(storeUpload(body, { home, limit: 4, declared: 5 })).rejects.toThrow('larger than 4 bytes');
  expect(pulled).toBe(0);
});

test('an endless file is cut at the limit', async () => {
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(65536)) });
  await expect(storeUpload(body, { home, limit: 2 ** 20 })).rejects.toThrow('larger than 1 MiB');
  expect(await stored()).toEqual([]);
});

test('a sender that breaks off leaves nothing behind', async () => {
  let pieces = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pieces += 1;
      if (pieces < 3) controller.enqueue(new Uint8Array(1000));
      else controller.error(new Error('connection lost'));
    },
  });
  await expect(storeUpload(body, { home, limit: 10_000 })).rejects.toThrow('connection lost');
  expect(await stored()).toEqual([]);
});

test.each([
  ['report.pdf', 'report.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['..\\..\\boot.ini', 'boot.ini'],
  ['..', 'file'],
  ['', 'file'],
  ['.bashrc', 'bashrc'],
  ['. .x', 'x'],
  ['a\u0000b\r\n.txt', 'ab .txt'],
  ['\u202egpj.exe', 'gpj.exe'],
  ['🎉 party 🎉.png', '🎉 party 🎉.png'],
  ['my report.pdf', 'my report.pdf'],
])('%j is stored as %j', (name, safe) => {
  expect(safeName(name)).toBe(safe);
});

test('a long name is cut at a whole character and keeps its ending', () => {
  const name = safeName(`${'🎉'.repeat(300)}.png`);
  expect(name).toMatch(/^(🎉)+\.png$/u);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
});

test('no name is a path, hidden, empty or too long for a file system', () => {
  const signs = fc.constantFrom('.', '/', '\\', '\0', '\n', ' ', '🎉', '\ud800', '\u202e', 'a');
  const name = fc.oneof(fc.string({ unit: signs, maxLength: 400 }), fc.string({ unit: 'binary', maxLength: 400 }));
  fc.assert(
    fc.property(name, (given) => {
      const safe = safeName(given);
      expect(safe).not.toMatch(/[/\\\0-\x1f\x7f]|^\.|^$/);
      expect(safe.isWellFormed()).toBe(true);
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200);
      expect(safeName(safe)).toBe(safe);
    }),
  );
});
