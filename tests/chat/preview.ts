import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { createWebAdapter, type WebAdapterOptions } from '#adapters/web/adapter.ts';
import type { ChatAdapter } from '#core/chat/adapter.ts';
import type { ChatStore } from '#core/chat/chat-store.ts';
import { storeBlob } from '#db/blobs/store-blob.ts';
import { type FakeHost, fakeHost } from './fake-host.ts';
import { memoryChatStore } from './memory-chat-store.ts';

/** The real web adapter behind a real HTTP server on loopback, with a store in memory and a scripted bot. */
export interface Preview {
  readonly url: string;
  readonly adapter: ChatAdapter;
  readonly store: ChatStore;
  readonly host: FakeHost;
  /** Commander's data directory, removed by `stop` unless it was given. */
  readonly home: string;
  stop(): Promise<void>;
}

export interface PreviewOptions extends Partial<WebAdapterOptions> {
  /** Default: a free one. */
  readonly port?: number;
  /** Time between two cards of the scripted bot, in milliseconds. Default: none. */
  readonly paceMs?: number;
  readonly host?: FakeHost;
}

export async function startPreview(options: PreviewOptions = {}): Promise<Preview> {
  const { port = 0, paceMs = 0, ...given } = options;
  const home = given.home ?? (await mkdtemp(join(tmpdir(), 'commander-preview-')));
  const store = given.store ?? memoryChatStore();
  const adapter = createWebAdapter({
    storeBytes: (bytes, limit) => storeBlob(home, bytes, limit),
    ...given,
    store,
    home,
  });
  const host = given.host ?? fakeHost({ adapter: () => adapter, paceMs });
  await adapter.start(host);
  const answer = async (request: Request) =>
    (await adapter.handle?.(request)) ?? new Response('elsewhere', { status: 404 });
  const server = serve({ fetch: answer, port, hostname: '127.0.0.1' });
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The preview got no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    adapter,
    store,
    host,
    home,
    stop: async () => {
      await adapter.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
      await host.idle();
      if (given.home === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}

if (import.meta.main) {
  const preview = await startPreview({ port: Number(process.env.PORT ?? 0), paceMs: 1500 });
  process.stdout.write(`${preview.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void preview.stop());
}
