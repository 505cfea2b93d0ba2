import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type ChatAdapter, type ChatHost, PostRefused } from '#core/chat/adapter.ts';
import type { ChatStore } from '#core/chat/chat-store.ts';
import { blobPlace } from '#core/run/places.ts';
import type { StoreBytes } from '#core/run/stored-file.ts';
import { createApp } from './app.ts';
import { type Follower, followChanges } from './events.ts';
import { plainLog, type WebLog } from './log.ts';
import { type PassOn, startPassOn } from './pass-on.ts';

export interface WebAdapterOptions {
  readonly store: ChatStore;
  /** Commander's data directory: files are read from its blobs. */
  readonly home: string;
  readonly storeBytes: StoreBytes;
  /** Host names besides the loopback's that the chat is reached by. */
  readonly allowedHosts?: readonly string[];
  /** Bytes of one file. */
  readonly maxFileBytes?: number;
  /** Default: the standard error output. */
  readonly log?: WebLog;
}

interface Running {
  readonly app: ReturnType<typeof createApp>;
  readonly follower: Follower;
  readonly passOn: PassOn;
}

/** 50 MiB: more than a document or a log, less than what would fill a disk by mistake. */
const defaultFileBytes = 50 * 1024 * 1024;

/** Everybody finds this channel at the first start. */
const firstChannel = 'general';

/** The web chat: a chat platform within Commander itself, behind the same port as every other. */
export function createWebAdapter(options: WebAdapterOptions): ChatAdapter {
  const { store, home, storeBytes, log = plainLog } = options;
  let running: Running | undefined;
  const names = new Map<string, string>();
  const learnName = async (channelId: string) => {
    if (names.has(channelId)) return;
    for (const channel of await store.channels()) names.set(channel.id, channel.name);
  };
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
      const follower = await followChanges(store, log);
      // Channels that another process added become known by their first message.
      const passOn = await startPassOn({ store, host, follower, log, seen: ({ channelId }) => learnName(channelId) });
      const limits = {
        allowedHosts: options.allowedHosts ?? [],
        maxFileBytes: options.maxFileBytes ?? defaultFileBytes,
      };
      running = {
        app: createApp({ store, home, storeBytes, host, follower, passOn, names, log, ...limits }),
        follower,
        passOn,
      };
    },
    async stop() {
      const ended = running;
      running = undefined;
      ended?.follower.stop();
      await ended?.passOn.stop();
    },
    async create(thread, card, key) {
      const root = await store.message(thread.thread);
      if (root === undefined) throw new PostRefused('The message that opened this thread is gone.');
      await learnName(root.channelId);
      const { message } = await store.append({
        channelId: root.channelId,
        rootId: root.id,
        author: 'commander',
        card,
        key: `card ${key}`,
      });
      return message.id;
    },
    async edit(_thread, post, card, revision) {
      await store.editCard(post, card, revision);
      return post;
    },
    linkTo: async ({ channel, thread }) => {
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
