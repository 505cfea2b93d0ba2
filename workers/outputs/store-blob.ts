import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { blobPlace, unfinishedPrefix } from '#core/run/places.ts';
import type { StoredBytes } from '#core/run/stored-file.ts';
import { formatBytes } from '#core/text/bytes.ts';

/** There is more than may be stored. */
export class BlobTooLarge extends Error {
  readonly code = 'blob_too_large';
  constructor(limitBytes: number) {
    super(`it is larger than ${formatBytes(limitBytes)}`);
  }
}

/**
 * Keeps bytes under their SHA-256 in the data directory `home`. When it returns they are on the disk, whole; the same bytes are
 * kept once, however many store them at the same time.
 * @throws BlobTooLarge when there are more than `limitBytes`
 */
export async function storeBlob(
  home: string,
  bytes: AsyncIterable<Uint8Array>,
  limitBytes: number,
): Promise<StoredBytes> {
  const folder = join(home, 'blobs');
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, `${unfinishedPrefix}${randomUUID()}`);
  const file = await open(unfinished, 'wx', 0o600);
  try {
    const blob = await write(file, bytes, limitBytes);
    await file.sync();
    await file.close();
    await place(unfinished, join(home, blobPlace(blob.sha256)));
    return blob;
  } catch (error) {
    await file.close();
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function write(file: FileHandle, bytes: AsyncIterable<Uint8Array>, limitBytes: number): Promise<StoredBytes> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.byteLength;
    if (size > limitBytes) throw new BlobTooLarge(limitBytes);
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  return { sha256: hash.digest('hex'), size };
}

async function place(unfinished: string, path: string): Promise<void> {
  if (await exists(path)) return rm(unfinished, { force: true });
  await mkdir(dirname(path), { recursive: true });
  await rename(unfinished, path);
  // The name is durable when its folder is.
  const folder = await open(dirname(path), constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
