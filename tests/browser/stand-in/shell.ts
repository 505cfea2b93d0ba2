import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { themeCss } from '#core/look/theme.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const imports = JSON.stringify({
  imports: {
    preact: '/assets/vendor/preact/dist/preact.mjs',
    'preact/hooks': '/assets/vendor/preact/hooks/dist/hooks.mjs',
    htm: '/assets/vendor/htm/dist/htm.mjs',
    'htm/preact': '/assets/vendor/htm/preact/index.mjs',
    '#core/': '/assets/core/',
  },
});

/** The policy of the API contract: what the client must do with. */
export const policy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash('sha256').update(imports).digest('base64')}'`,
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

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
<body><div id="app"></div><script type="module" src="/assets/client/main.ts"></script></body>
</html>`;

const folders: Record<string, string> = { client: 'adapters/web/client', core: 'core', vendor: 'node_modules' };
const types: Record<string, string> = {
  css: 'text/css',
  svg: 'image/svg+xml',
  ts: 'text/javascript',
  mjs: 'text/javascript',
};
const stripped = new Map<string, string>();

/** The file behind `/assets/<path>`, as a browser takes it; `undefined` when there is none. */
export async function asset(path: string): Promise<{ body: string; type: string } | undefined> {
  if (path === 'theme.css') return { body: themeCss, type: 'text/css' };
  const [folder = '', ...rest] = normalize(path).split('/');
  const type = types[path.split('.').at(-1) ?? ''];
  if (type === undefined || folders[folder] === undefined) return undefined;
  const file = `${root}${folders[folder]}/${rest.join('/')}`;
  const known = stripped.get(file);
  if (known !== undefined) return { body: known, type };
  const source = await readFile(file, 'utf8').catch(() => undefined);
  if (source === undefined) return undefined;
  const body = file.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
  stripped.set(file, body);
  return { body, type };
}
