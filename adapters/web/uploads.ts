import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { blobPlace, unfinishedPrefix } from '#core/run/places.ts';
import type { StoredBytes } from '#core/run/stored-file.ts';
import { plainText } from '#core/text/sanitise.ts';

/** The disk takes no more. */
export class DiskFull extends Error {
  readonly code = 'disk_full';
}

/** The file is larger than allowed. */
export class FileTooLarge extends Error {
  readonly code = 'too_large';
}

/**
 * Streams a file to its place in the data directory, named by its checksum; the same bytes are stored once. `declared` is the
 * size that the sender announced, in bytes, 0 when it did not: too large a one is refused before a byte is read.
 * @throws FileTooLarge as soon as the limit is passed, DiskFull; nothing is left behind then.
 */
export async function storeUpload(
  body: ReadableStream<Uint8Array>,
  { home, limit, declared = 0 }: { readonly home: string; readonly limit: number; readonly declared?: number },
): Promise<StoredBytes> {
  if (declared > limit) throw tooLarge(limit);
  const folder = join(home, 'blobs');
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `${unfinishedPrefix}${randomUUID()}`);
  const file = await open(temporary, 'wx', 0o600);
  try {
    const stored = await write(file, body, limit);
    await file.sync();
    const place = join(home, blobPlace(stored.sha256));
    await mkdir(dirname(place), { recursive: true });
    await rename(temporary, place);
    // A message will name it: with its folder on the disk, the file outlives a loss of power as the message does.
    await using named = await open(dirname(place));
    await named.sync();
    return stored;
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
}

/** Where the disk is full the rest is read all the same: who still sends does not hear the answer. */
async function write(file: FileHandle, body: AsyncIterable<Uint8Array>, limit: number): Promise<StoredBytes> {
  const hash = createHash('sha256');
  let size = 0;
  let full: DiskFull | undefined;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    hash.update(chunk);
    if (full === undefined) full = await file.writeFile(chunk).then(() => undefined, diskFull);
  }
  if (full !== undefined) throw full;
  return { sha256: hash.digest('hex'), size };
}

/** @throws the error itself when it is another one */
function diskFull(error: NodeJS.ErrnoException): DiskFull {
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error;
  return new DiskFull('Commander’s disk is full. Whoever runs it has to free some space; then send the file again.');
}

function tooLarge(limit: number): FileTooLarge {
  const mebibytes = limit / 1024 / 1024;
  const shown = mebibytes >= 1 ? `${Math.floor(mebibytes)} MiB` : `${limit} bytes`;
  return new FileTooLarge(
    `The file is larger than ${shown}. Send a smaller one, or put it where Commander can fetch it.`,
  );
}

/** Longest name that every usual file system takes, in bytes of UTF-8, less room for a number. */
const nameBytes = 200;

/** A name that is only a name: no folder, no control character, never empty. */
export function safeName(name: string): string {
  const last = plainText(name, { singleLine: true }).split(/[/\\]/).at(-1)?.trim() ?? '';
  const bare = last.replace(/^[.\s]+/, '');
  if (bare === '') return 'file';
  const dot = bare.lastIndexOf('.');
  const ending = dot > 0 && bare.length - dot <= 12 ? bare.slice(dot) : '';
  const stem = ending === '' ? bare : bare.slice(0, dot);
  return (fitting(stem, nameBytes - Buffer.byteLength(ending)) + ending).trimEnd();
}

/** As many whole characters from the start as fit into that many bytes of UTF-8. */
function fitting(text: string, bytes: number): string {
  let room = bytes;
  let end = 0;
  for (const character of text) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}
