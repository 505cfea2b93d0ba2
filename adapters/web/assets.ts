import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { themeCss } from '#core/look/theme.ts';

export interface Asset {
  readonly body: string;
  readonly type: string;
  readonly etag: string;
  /** The same, compressed, where that is worth it: a phone's network is slow. */
  readonly gzipped?: Buffer<ArrayBuffer>;
}

const root = new URL('../../', import.meta.url);

/** The only folders that a browser may read from, by the first part of the path. */
const folders: Readonly<Record<string, string>> = {
  client: 'adapters/web/client/',
  core: 'core/',
  'vendor/preact': 'node_modules/preact/',
  'vendor/htm': 'node_modules/htm/',
};

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  ts: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
};

/** What the system says of a path that is no file: nothing there, a file as a folder, a folder, a name that is too long. */
const absent = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG']);

/** Characters below which compressing saves no packet. */
const compressedFrom = 1000;

const compress = promisify(gzip);

const known = new Map<string, Asset>();

/** The file behind `/assets/<path>`, TypeScript without its types; `undefined` when there is none. */
export async function readAsset(path: string): Promise<Asset | undefined> {
  const found = known.get(path);
  if (found !== undefined) return found;
  const type = types[path.split('.').at(-1) ?? ''];
  if (type === undefined) return undefined;
  const source = path === 'theme.css' ? themeCss : await readSource(path);
  if (source === undefined) return undefined;
  const body = path.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
  const gzipped = body.length < compressedFrom ? {} : { gzipped: await compress(body) };
  const asset = { body, type, ...gzipped, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
  known.set(path, asset);
  return asset;
}

async function readSource(path: string): Promise<string | undefined> {
  if (!/^[\w@-]+(\/[\w@.-]+)*$/.test(path) || path.split('/').includes('..') || path.includes('.test.'))
    return undefined;
  const folder = Object.keys(folders).find((name) => path.startsWith(`${name}/`));
  if (folder === undefined) return undefined;
  const file = new URL(`${folders[folder]}${path.slice(folder.length + 1)}`, root);
  try {
    return await readFile(fileURLToPath(file), 'utf8');
  } catch (error) {
    if (absent.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
