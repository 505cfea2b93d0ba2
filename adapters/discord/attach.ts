import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { RawFile } from 'discord.js';
import type { ChatHost, OutputFile } from '#core/chat/adapter.ts';
import type { Card, CardFile } from '#core/chat/card.ts';
import { attachmentName, type FileShown, filesOf } from './card.ts';
import { fileBytesLimit, fileLimit } from './limits.ts';

/** Files that go along with a card, and how each file of the card is shown. */
export interface Attachments {
  readonly files: readonly RawFile[];
  /** By output. */
  readonly shown: ReadonlyMap<string, FileShown>;
  /** Bytes that one file may have; 0: none may go along. */
  readonly limit: number;
}

/** Bytes of a request's files together, where one alone may not be more: Discord takes 25 MiB (docs, Reference), with some room. */
const requestLimit = 24 * 1024 * 1024;

/** A file is compressed when this many times the limit may come down to it; text does by 3 to 20 (measured on logs and CSV). */
const compressionHope = 20;

/** What compressing makes no smaller. */
const dense = /^(image\/(?!svg|bmp)|video\/|audio\/(?!wav)|application\/(pdf|zip|gzip|x-7z|x-xz|zstd|vnd\.openxml))/;

/** Reads the files of a card as far as they fit: as they are, else compressed, else only named. `limit`: bytes of one file. */
export async function attachFiles(host: ChatHost, card: Card, limit: number): Promise<Attachments> {
  const files: RawFile[] = [];
  const shown = new Map<string, FileShown>();
  let room = Math.max(limit, Math.min(requestLimit, limit * fileLimit));
  for (const file of filesOf(card)) {
    if (shown.has(file.outputId)) continue;
    const output = limit === 0 ? undefined : await host.output(file.outputId);
    const most = Math.min(limit, room);
    const packed = output === undefined || files.length >= fileLimit ? undefined : await pack(file, output, most);
    if (packed === undefined) {
      shown.set(file.outputId, { ...(output?.sha256 === undefined ? {} : { sha256: output.sha256 }) });
      continue;
    }
    room -= packed.data.length;
    files.push(packed);
    const compressed = packed.name !== attachmentName(file);
    shown.set(file.outputId, { attachedAs: packed.name, ...(compressed ? { compressedTo: packed.data.length } : {}) });
  }
  return { files, shown, limit };
}

/** The files of a card of which each has a message of its own. */
export function filesFollow(card: Card): Attachments {
  const shown = new Map(filesOf(card).map(({ outputId }): [string, FileShown] => [outputId, { follows: true }]));
  return { files: [], shown, limit: fileBytesLimit };
}

type Packed = RawFile & { readonly data: Buffer };

async function pack(file: CardFile, output: OutputFile, most: number): Promise<Packed | undefined> {
  const name = attachmentName(file);
  if (output.size <= most) {
    const data = await readUpTo(output.open(), most);
    return data === undefined ? undefined : { name, data, contentType: file.mediaType };
  }
  if (dense.test(file.mediaType) || output.size > most * compressionHope) return undefined;
  // zlib works on threads of its own; reading stops when it is clear that it does not fit.
  const gzip = createGzip();
  pipeline(Readable.from(output.open()), gzip, () => undefined);
  const data = await readUpTo(gzip, most);
  return data === undefined ? undefined : { name: `${name}.gz`, data, contentType: 'application/gzip' };
}

async function readUpTo(bytes: AsyncIterable<Uint8Array>, most: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
