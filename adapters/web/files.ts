import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Context } from 'hono';
import type { ChatFile, ChatPerson, ChatStore } from '#core/chat/chat-store.ts';
import { fileHeaders } from '#core/run/file-headers.ts';
import { blobPlace } from '#core/run/places.ts';
import { type StoreBytes, StoreFull, TooLargeToStore } from '#core/run/stored-file.ts';
import { isRefusedDrawing, refusedDrawing } from './drawings.ts';
import { safeName } from './file-name.ts';
import { Refusal } from './refusal.ts';

export interface FileParts {
  readonly store: ChatStore;
  readonly storeBytes: StoreBytes;
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
  const { store, storeBytes, maxFileBytes } = parts;
  const body = context.req.raw.body ?? new Blob([]).stream();
  // Parameters (`; charset=utf-8`) are not kept: downloads name none, and `nosniff` keeps browsers from guessing.
  const type = (context.req.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const mediaType = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(type) ? type : 'application/octet-stream';
  try {
    const declared = Number(context.req.header('content-length') ?? 0);
    // What is announced as too large is refused before a byte is read.
    if (declared > maxFileBytes) throw new TooLargeToStore(maxFileBytes);
    const stored = await storeBytes(body, maxFileBytes);
    return await store.addFile({ ...stored, name: safeName(name), mediaType, personId: person.id });
  } catch (error) {
    throw refusalOf(error, name);
  }
}

function refusalOf(error: unknown, name: string): unknown {
  if (error instanceof TooLargeToStore) {
    const what = `“${safeName(name)}” is not taken: ${error.message}`;
    return new Refusal(413, error.code, `${what}. Send a smaller one, or put it where Commander can fetch it.`);
  }
  if (error instanceof StoreFull) return new Refusal(507, error.code, `${error.message} Then send the file again.`);
  return error;
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
