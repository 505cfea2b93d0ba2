import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Context } from 'hono';
import type { ChatFile, ChatPerson, ChatStore } from '#core/chat/chat-store.ts';
import { fileHeaders } from '#core/run/file-headers.ts';
import { blobPlace } from '#core/run/places.ts';
import { isRefusedDrawing, refusedDrawing } from './drawings.ts';
import { Refusal } from './refusal.ts';
import { DiskFull, FileTooLarge, safeName, storeUpload } from './uploads.ts';

export interface FileParts {
  readonly store: ChatStore;
  /** Commander's data directory. */
  readonly home: string;
  /** Bytes of one file. */
  readonly maxFileBytes: number;
}

/**
 * Takes the raw body of a request as a file of that name.
 * @throws Refusal
 */
export async function takeFile(
  context: Context,
  name: string,
  person: ChatPerson,
  parts: FileParts,
): Promise<ChatFile> {
  const { store, home, maxFileBytes } = parts;
  const body = context.req.raw.body ?? new Blob([]).stream();
  // Parameters (`; charset=utf-8`) are not kept: downloads name none, and `nosniff` keeps browsers from guessing.
  const type = (context.req.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const mediaType = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(type) ? type : 'application/octet-stream';
  try {
    const declared = Number(context.req.header('content-length') ?? 0);
    const stored = await storeUpload(body, { home, limit: maxFileBytes, declared });
    return await store.addFile({ ...stored, name: safeName(name), mediaType, personId: person.id });
  } catch (error) {
    if (error instanceof FileTooLarge) throw new Refusal(413, error.code, error.message);
    if (error instanceof DiskFull) throw new Refusal(507, error.code, error.message);
    throw error;
  }
}

/** The bytes of a file. */
export async function giveFile(context: Context, file: ChatFile, home: string): Promise<Response> {
  if (await isRefusedDrawing(context.req.raw, file, () => bytesOf(home, file))) {
    throw new Refusal(415, 'heavy_drawing', refusedDrawing);
  }
  const headers = fileHeaders(file, context.req.query('as'));
  const handle = await openBlob(home, file);
  if (context.req.raw.method === 'HEAD') {
    // Nobody would read a stream to its end, which is what closes the file.
    await handle.close();
    return context.body(null, 200, headers);
  }
  return context.body(Readable.toWeb(handle.createReadStream()) as ReadableStream, 200, headers);
}

async function* bytesOf(home: string, file: ChatFile): AsyncGenerator<Uint8Array> {
  yield* (await openBlob(home, file)).createReadStream();
}

async function openBlob(home: string, file: ChatFile): Promise<FileHandle> {
  try {
    return await open(join(home, blobPlace(file.sha256)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Refusal(404, 'file_gone', `The bytes of “${file.name}” are no longer in Commander’s data directory.`);
  }
}
