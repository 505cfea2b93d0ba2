import { createHash } from 'node:crypto';
import { readAsset } from './assets.ts';

/** The page that every address of the chat gets; the client finds its place by the address. */
export interface ChatPage {
  readonly html: string;
  /** Nothing from elsewhere, no inline code but the import map: what a message says can never run. */
  readonly contentPolicy: string;
  /** First part of the path of what the page loads; another one as soon as any of it differs, so a browser keeps all for good. */
  readonly version: string;
}

const entry = 'client/main.ts';
const styles = ['theme.css', 'client/styles.css'];
const icon = 'client/icon.svg';

/** Where bare module names of the client's code lead. */
const bareNames: Readonly<Record<string, string>> = {
  preact: 'vendor/preact/dist/preact.mjs',
  'preact/hooks': 'vendor/preact/hooks/dist/hooks.mjs',
  htm: 'vendor/htm/dist/htm.mjs',
  'htm/preact': 'vendor/htm/preact/index.mjs',
};

let page: Promise<ChatPage> | undefined;

/** Made at the first call: it takes reading all that the page loads. */
export function chatPage(): Promise<ChatPage> {
  page ??= makePage();
  return page;
}

async function makePage(): Promise<ChatPage> {
  const modules = await reachable(entry);
  const loaded = [...modules, ...(await reachable(styles[1] ?? '')), ...styles, icon];
  const etags = await Promise.all(loaded.map(async (path) => `${path} ${(await readAsset(path))?.etag}`));
  const version = `v-${hashOf(etags.join('\n'), 'base64url').slice(0, 16)}`;
  const at = (path: string) => `/assets/${version}/${path}`;
  const bare = Object.entries(bareNames).map(([name, path]) => [name, at(path)]);
  const imports = JSON.stringify({ imports: { ...Object.fromEntries(bare), '#core/': at('core/') } });
  return { html: htmlOf(imports, modules, at), contentPolicy: policyWith(imports), version };
}

/** The module or style sheet, and all that it imports, near ones first. */
async function reachable(from: string): Promise<readonly string[]> {
  const found = new Set([from]);
  for (const path of found) {
    const { body = '' } = (await readAsset(path)) ?? {};
    for (const [, name = ''] of body.matchAll(/(?:from|import)\s*["']([^"'\n]+)["']/g)) {
      const next = resolve(path, name);
      if (!found.has(next) && (await readAsset(next)) !== undefined) found.add(next);
    }
  }
  return [...found];
}

function resolve(from: string, name: string): string {
  if (name.startsWith('#core/')) return name.slice(1);
  return bareNames[name] ?? new URL(name, `file:///${from}`).pathname.slice(1);
}

/** Every module is asked for at once: found one by one, each step of imports would cost a slow network's whole delay. */
function htmlOf(imports: string, modules: readonly string[], at: (path: string) => string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<title>Commander</title>
<link rel="icon" href="${at(icon)}" type="image/svg+xml">
${styles.map((path) => `<link rel="stylesheet" href="${at(path)}">`).join('\n')}
<script type="importmap">${imports}</script>
${modules.map((path) => `<link rel="modulepreload" href="${at(path)}">`).join('\n')}
</head>
<body><div id="app"></div><noscript>The chat needs JavaScript. Scripts can use the API: /api</noscript><script type="module" src="${at(entry)}"></script></body>
</html>`;
}

function policyWith(imports: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hashOf(imports, 'base64')}'`,
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "font-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function hashOf(text: string, encoding: 'base64' | 'base64url'): string {
  return createHash('sha256').update(text).digest(encoding);
}
