import type { IncomingMessage } from 'node:http';
import type { Upload } from '../calls.ts';
import { invalid, refusals } from '../refusal.ts';

/** Bytes of a whole request (docs, Reference: Uploading Files). */
const largestRequest = 25 * 1024 * 1024;

export interface Body {
  readonly json: unknown;
  readonly files: readonly Upload[];
}

/** Reads everything that was sent. */
export async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A JSON body, or a form of `payload_json` and `files[n]`. @throws Refusal */
export async function parseBytes(bytes: Buffer, type: string | undefined): Promise<Body> {
  if (bytes.length > largestRequest) throw refusals.tooLarge();
  if (bytes.length === 0) return { json: undefined, files: [] };
  if (type?.startsWith('multipart/form-data')) return parseForm(bytes, type);
  if (!type?.startsWith('application/json')) {
    throw invalid([], 'CONTENT_TYPE_INVALID', 'Expected "Content-Type" header to be application/json');
  }
  return { json: parseJson(bytes.toString()), files: [] };
}

async function parseForm(bytes: Buffer, type: string): Promise<Body> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const files: Upload[] = [];
  let json: unknown = {};
  for (const [field, value] of form) {
    if (typeof value !== 'string') {
      if (!/^files\[\d+\]$/.test(field)) throw invalid([field], 'UNKNOWN_FIELD', 'Files are sent as files[n]');
      const content = Buffer.from(await value.arrayBuffer());
      files.push({ field, name: value.name, mediaType: value.type || 'application/octet-stream', bytes: content });
    } else if (field === 'payload_json') json = parseJson(value);
    else throw invalid([field], 'UNKNOWN_FIELD', 'A form holds payload_json and files[n] only');
  }
  return { json, files };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw refusals.unreadableBody();
    throw error;
  }
}
