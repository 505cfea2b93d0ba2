import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type ChatAdapter, type ChatHost, PostRefused } from '#core/chat/adapter.ts';
import type { ChatStore } from '#core/chat/chat-store.ts';
import { blobPlace } from '#core/run/places.ts';
import { createApp } from './app.ts';
import { type Follower, followChanges } from './events.ts';
import { passOn } from './pass-on.ts';

export interface WebAdapterOptions {
  readonly store: ChatStore;
  /** Commander's data directory; uploads lie among its blobs. */
  readonly home: string;
  /** Host names besides the loopback's that the chat is reached by. */
  readonly allowedHosts?: readonly string[];
  /** Bytes of one file. */
  readonly maxFileBytes?: number;
}

/** 50 MiB: more than a document or a log, less than what would fill a disk by mistake. */
const defaultFileBytes = 50 * 1024 * 1024;

/** Everybody finds this channel at the first start. */
const firstChannel = 'general';

/** The web chat: a chat platform within Commander itself, behind the same port as every other. */
export function createWebAdapter(options: WebAdapterOptions): ChatAdapter {
  const { store, home } = options;
  let running: { readonly app: ReturnType<typeof createApp>; readonly follower: Follower } | undefined;
  const names = new Map<string, string>();
  return {
    platform: 'web',
    async handle(request) {
      if (running === undefined) return undefined;
      const response = await running.app.fetch(request);
      return response.headers.get('commander-not-mine') === null ? response : undefined;
    },
    async start(host: ChatHost) {
      await store.addChannel(firstChannel);
      for (const channel of await store.channels()) names.set(channel.id, channel.name);
      const follower = followChanges(store);
      const limits = {
        allowedHosts: options.allowedHosts ?? [],
        maxFileBytes: options.maxFileBytes ?? defaultFileBytes,
      };
      running = { app: createApp({ store, home, host, follower, names, ...limits }), follower };
      await passOn.catchUp(store, host);
    },
    async stop() {
      running?.follower.stop();
      running = undefined;
    },
    async create(thread, card, key) {
      const root = await store.message(thread.thread);
      if (root === undefined) throw new PostRefused('The message that opened this thread is gone.');
      const { message } = await store.append({
        channelId: root.channelId,
        rootId: root.id,
        author: 'commander',
        card,
        key: `card ${key}`,
      });
      return message.id;
    },
    edit: (_thread, post, card, revision) => store.editCard(post, card, revision),
    linkTo: ({ channel, thread }) => {
      const name = names.get(channel);
      return name === undefined ? undefined : `/c/${name}/${thread}`;
    },
    async download(file) {
      const stored = await store.file(file.externalId);
      if (stored === undefined) throw new PostRefused(`The file “${file.name}” is gone.`);
      return createReadStream(join(home, blobPlace(stored.sha256)));
    },
  };
}
