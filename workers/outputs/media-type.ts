import type { FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';

/** How many bytes of a file's beginning are looked at. */
const signatureBytes = 16;

/** What anything is that can't be told. */
const unknownType = 'application/octet-stream';

/** What of a file tells its kind. */
export async function beginningOf(file: FileHandle): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(signatureBytes), 0, signatureBytes, 0);
  return buffer.subarray(0, bytesRead);
}

/**
 * The media type of a file by its name, checked against its first bytes where its kind has a signature: a web page that is
 * called `cat.png` is no image, and a viewer must not be told so.
 */
export function mediaTypeOf(name: string, beginning: Uint8Array): string {
  return checkedMediaType(types.get(extname(name).slice(1).toLowerCase()) ?? unknownType, beginning);
}

/** The media type that somebody says a file has, checked in the same way: what its first bytes say counts. */
export function checkedMediaType(said: string, beginning: Uint8Array): string {
  const byBytes = signatures.find((signature) => signature.matches(beginning))?.type;
  if (byBytes !== undefined) return byBytes;
  return signatures.some((signature) => signature.type === said) ? unknownType : said;
}

interface Signature {
  readonly type: string;
  matches(bytes: Uint8Array): boolean;
}

/** The kinds that chats show inline, with the first bytes that their specifications demand. */
const signatures: readonly Signature[] = [
  { type: 'image/png', matches: (bytes) => has(bytes, 0, '\x89PNG\r\n\x1a\n') },
  { type: 'image/jpeg', matches: (bytes) => has(bytes, 0, '\xff\xd8\xff') },
  { type: 'image/gif', matches: (bytes) => has(bytes, 0, 'GIF87a') || has(bytes, 0, 'GIF89a') },
  { type: 'image/webp', matches: (bytes) => has(bytes, 0, 'RIFF') && has(bytes, 8, 'WEBP') },
  { type: 'application/pdf', matches: (bytes) => has(bytes, 0, '%PDF-') },
];

function has(bytes: Uint8Array, at: number, signature: string): boolean {
  return Buffer.from(bytes).toString('latin1', at, at + signature.length) === signature;
}

const office = 'application/vnd.openxmlformats-officedocument';

/** IANA media types of what people make. */
const types = new Map(
  Object.entries({
    png: 'image/png',
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    gif: 'image/gif',
    webp: 'image/webp',
    svg: 'image/svg+xml',
    pdf: 'application/pdf',
    txt: 'text/plain',
    log: 'text/plain',
    md: 'text/markdown',
    csv: 'text/csv',
    html: 'text/html',
    htm: 'text/html',
    css: 'text/css',
    js: 'text/javascript',
    json: 'application/json',
    xml: 'application/xml',
    yaml: 'application/yaml',
    yml: 'application/yaml',
    patch: 'text/x-diff',
    diff: 'text/x-diff',
    zip: 'application/zip',
    gz: 'application/gzip',
    tgz: 'application/gzip',
    tar: 'application/x-tar',
    doc: 'application/msword',
    docx: `${office}.wordprocessingml.document`,
    xls: 'application/vnd.ms-excel',
    xlsx: `${office}.spreadsheetml.sheet`,
    ppt: 'application/vnd.ms-powerpoint',
    pptx: `${office}.presentationml.presentation`,
    odt: 'application/vnd.oasis.opendocument.text',
    ods: 'application/vnd.oasis.opendocument.spreadsheet',
    odp: 'application/vnd.oasis.opendocument.presentation',
    mp3: 'audio/mpeg',
    ogg: 'audio/ogg',
    wav: 'audio/wav',
    mp4: 'video/mp4',
    webm: 'video/webm',
  }),
);
