import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Preview, startPreview } from '#tests/chat/preview.ts';
import { rawRequest } from '#tests/chat/raw-request.ts';

let preview: Preview;

beforeAll(async () => {
  preview = await startPreview();
});

afterAll(() => preview.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(preview.url + path, { headers, redirect: 'manual' });

test.each(['/c/general', '/c/general/00000000-0000-7000-8000-000000000001'])('%s is the app', async (path) => {
  const response = await get(path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(response.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self' 'sha256-[^ ]+';/,
  );
  expect(await response.text()).toContain('<noscript>');
});

test('the front door leads into the app', async () => {
  const response = await get('/');
  expect([response.status, response.headers.get('location')]).toEqual([302, '/c/general']);
});

test('every module that the page can reach is there, as JavaScript without types', async () => {
  const shell = await (await get('/c/general')).text();
  const { imports } = JSON.parse(/<script type="importmap">(.*?)<\/script>/.exec(shell)?.[1] ?? '{}');
  const open = [...shell.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
  const seen = new Set<string>();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const response = await get(path);
    expect([path, response.status]).toEqual([path, 200]);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const text = await response.text();
    if (path.endsWith('.css')) {
      for (const [, name = ''] of text.matchAll(/@import\s+(?:url\()?['"]([^'"]+)/g)) open.push(resolve(path, name));
    } else if (!path.endsWith('.svg')) {
      expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      for (const [, name = ''] of text.matchAll(/(?:from|import)\s*["']([^"']+)["']/g)) {
        const prefix = Object.keys(imports).find((key) => key.endsWith('/') && name.startsWith(key));
        open.push(imports[name] ?? (prefix ? imports[prefix] + name.slice(prefix.length) : resolve(path, name)));
      }
    }
  }
  expect(seen.size).toBeGreaterThan(40);
});

const resolve = (from: string, to: string) => new URL(to, `http://localhost${from}`).pathname;

test('what has not changed is not sent again', async () => {
  const etag = (await get('/assets/client/main.ts')).headers.get('etag') ?? '';
  const again = await get('/assets/client/main.ts', { 'if-none-match': etag });
  expect([again.status, await again.text()]).toEqual([304, '']);
  expect((await get('/assets/client/main.ts', { 'if-none-match': '"other"' })).status).toBe(200);
});

test('a page names all modules at once, at addresses that a browser keeps for good and that change with what is behind them', async () => {
  const shell = await (await get('/c/general')).text();
  const [, address = ''] = /<script type="module" src="([^"]+)"/.exec(shell) ?? [];
  const preloaded = [...shell.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, path]) => path);
  expect(preloaded).toContain(address);
  expect(preloaded).toContain(address.replace('client/main.ts', 'core/text/plural.ts'));
  const composer = address.replace('main.ts', 'composer.ts');
  const kept = await get(composer, { 'accept-encoding': 'gzip' });
  expect(kept.headers.get('cache-control')).toContain('immutable');
  expect(kept.headers.get('content-encoding')).toBe('gzip');
  expect(await kept.text()).toBe(await (await get('/assets/client/composer.ts')).text());
  const earlier = await get(composer.replace(/v-[^/]+/, 'v-0123456789abcdef'));
  expect([earlier.status, earlier.headers.get('cache-control')]).toEqual([200, 'no-cache']);
});

test.each([
  '/assets/',
  '/assets/client',
  '/assets/client/',
  '/assets/client/styles',
  '/assets/client/nothing.ts',
  '/assets/client/main.ts/x.css',
  `/assets/client/${'a'.repeat(300)}.ts`,
  '/assets/client/merge.test.ts',
  '/assets/%E0%A4%A',
  '/assets/client/%00.ts',
  '/assets/../package.json',
  '/assets/client/../../../package.json',
  '/assets/client/..%2f..%2f..%2fpackage.json',
  '/assets/client/%2e%2e/adapter.ts',
  '/assets/client/..%5cadapter.ts',
  '/assets/client//etc/passwd.css',
  '/assets/core/../adapters/web/adapter.ts',
  '/assets/vendor/preact/package.json',
  '/assets/vendor/pg/lib/index.mjs',
  '/assets/vendor/preact/../pg/lib/index.mjs',
])('%s is not given', async (path) => {
  // As it stands: fetch would tidy the dots away.
  const { status, body } = await rawRequest(preview.url, { path });
  expect(status).toBe(404);
  expect(body).not.toContain('import');
});
