import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { blobPlace } from '#core/run/places.ts';
import type { StoredBytes } from '#core/run/stored-file.ts';
import { plainText } from '#core/text/sanitise.ts';

/** The file is larger than allowed. */
export class FileTooLarge extends Error {
  readonly code = 'too_large';
}

/**
 * Streams a file to its place in the data directory, named by its checksum; the same bytes are stored once. `declared` is the
 * size that the sender announced, in bytes, 0 when it did not: too large a one is refused before a byte is read.
 * @throws FileTooLarge as soon as the limit is passed; nothing is left behind then.
 */
export async function storeUpload(
  body: ReadableStream<Uint8Array>,
  { home, limit, declared = 0 }: { readonly home: string; readonly limit: number; readonly declared?: number },
): Promise<StoredBytes> {
  if (declared > limit) throw tooLarge(limit);
  const folder = join(home, 'blobs');
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `${randomUUID()}.part`);
  const hash = createHash('sha256');
  let size = 0;

  async function* measured(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      size += chunk.byteLength;
      if (size > limit) throw tooLarge(limit);
      hash.update(chunk);
      yield chunk;
    }
  }

  try {
    // Opened before anything is read: a stream that opens by itself may do so after a sender broke off and all was removed.
    const file = await open(temporary, 'wx', 0o600);
    await pipeline(Readable.fromWeb(body as never), measured, file.createWriteStream());
    const sha256 = hash.digest('hex');
    const place = join(home, blobPlace(sha256));
    await mkdir(dirname(place), { recursive: true });
    await rename(temporary, place);
    return { sha256, size };
  } finally {
    await rm(temporary, { force: true });
  }
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
