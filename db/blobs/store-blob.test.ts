import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { blobPlace } from '#core/run/places.ts';
import { TooLargeToStore } from '#core/run/stored-file.ts';
import { storeBlob } from './store-blob.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'commander-blobs-'));
});

afterEach(() => rm(home, { recursive: true }));

const streamOf = (text: string) => new Blob([text]).stream();

/** All files below the data directory. */
async function files(): Promise<string[]> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

it('keeps the same bytes once, also when several store them at once, and leaves nothing unfinished', async () => {
  const stored = await Promise.all(Array.from({ length: 5 }, () => storeBlob(home, streamOf('same'), 10)));
  const [first] = stored;
  expect(stored).toEqual(stored.map(() => ({ sha256: first?.sha256, size: 4 })));
  expect(await files()).toEqual([first?.sha256]);
  expect(await readFile(join(home, blobPlace(first?.sha256 ?? '')), 'utf8')).toBe('same');
});

it('takes an empty file, and one of exactly the limit', async () => {
  expect((await storeBlob(home, streamOf(''), 10)).size).toBe(0);
  expect((await storeBlob(home, streamOf('1234'), 4)).size).toBe(4);
});

it('cuts an endless file at the limit and keeps nothing of it', async () => {
  const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(65536)) });
  await expect(storeBlob(home, endless, 2 ** 20)).rejects.toThrow(TooLargeToStore);
  expect(await files()).toEqual([]);
});

it('keeps nothing of a sender that breaks off', async () => {
  let pieces = 0;
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      pieces += 1;
      if (pieces < 3) controller.enqueue(new Uint8Array(1000));
      else controller.error(new Error('connection lost'));
    },
  });
  await expect(storeBlob(home, broken, 10_000)).rejects.toThrow('connection lost');
  expect(await files()).toEqual([]);
});
