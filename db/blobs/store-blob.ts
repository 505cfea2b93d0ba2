import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { blobPlace, unfinishedPrefix } from '#core/run/places.ts';
import { type StoredBytes, StoreFull, TooLargeToStore } from '#core/run/stored-file.ts';

/**
 * Keeps bytes under their SHA-256 in the data directory `home`. When it returns they are on the disk, whole; the same bytes are
 * kept once, however many store them at the same time.
 * @throws TooLargeToStore as soon as there are more than `limitBytes`, StoreFull; nothing is left behind then
 */
export async function storeBlob(
  home: string,
  bytes: AsyncIterable<Uint8Array>,
  limitBytes: number,
): Promise<StoredBytes> {
  const folder = join(home, 'blobs');
  await mkdir(folder, { recursive: true }).catch(orFull);
  const unfinished = join(folder, `${unfinishedPrefix}${randomUUID()}`);
  const file = await open(unfinished, 'wx', 0o600).catch(orFull);
  try {
    const stored = await write(file, bytes, limitBytes);
    await file.sync().catch(orFull);
    await place(unfinished, join(home, blobPlace(stored.sha256))).catch(orFull);
    return stored;
  } finally {
    await file.close();
    await rm(unfinished, { force: true });
  }
}

/** Where the disk is full the rest is read all the same: a browser that still sends would not hear the answer. */
async function write(file: FileHandle, bytes: AsyncIterable<Uint8Array>, limitBytes: number): Promise<StoredBytes> {
  const hash = createHash('sha256');
  let size = 0;
  let full: StoreFull | undefined;
  for await (const chunk of bytes) {
    size += chunk.byteLength;
    if (size > limitBytes) throw new TooLargeToStore(limitBytes);
    if (full !== undefined) continue;
    hash.update(chunk);
    full = await file.writeFile(chunk).then(
      () => undefined,
      (error) => (isFull(error) ? new StoreFull() : Promise.reject(error)),
    );
  }
  if (full !== undefined) throw full;
  return { sha256: hash.digest('hex'), size };
}

/** The same bytes that lie there already are replaced. A row will name them: with their folder on the disk they outlive a loss of power, as it does. */
async function place(unfinished: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rename(unfinished, path);
  await using folder = await open(dirname(path));
  await folder.sync();
}

function orFull(error: unknown): never {
  throw isFull(error) ? new StoreFull() : error;
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
