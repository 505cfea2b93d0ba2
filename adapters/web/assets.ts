import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { themeCss } from '#core/look/theme.ts';

/** Where bare module names of the client's code lead in a browser. */
const imports = JSON.stringify({
  imports: {
    preact: '/assets/vendor/preact/dist/preact.mjs',
    'preact/hooks': '/assets/vendor/preact/hooks/dist/hooks.mjs',
    htm: '/assets/vendor/htm/dist/htm.mjs',
    'htm/preact': '/assets/vendor/htm/preact/index.mjs',
    '#core/': '/assets/core/',
  },
});

/** Nothing from elsewhere, no inline code but the import map: what a message says can never run. */
export const contentPolicy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash('sha256').update(imports).digest('base64')}'`,
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "font-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The page that every address of the chat gets; the client finds its place by the address. */
export const shell = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<title>Commander</title>
<link rel="icon" href="/assets/client/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/theme.css">
<link rel="stylesheet" href="/assets/client/styles.css">
<script type="importmap">${imports}</script>
</head>
<body><div id="app"></div><noscript>The chat needs JavaScript. Scripts can use the API: /api</noscript><script type="module" src="/assets/client/main.ts"></script></body>
</html>`;

export interface Asset {
  readonly body: string;
  readonly type: string;
  readonly etag: string;
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
  const asset = { body, type, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
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
