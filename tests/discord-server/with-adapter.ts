import { expect } from 'vitest';
import { createDiscordAdapter } from '#adapters/discord/adapter.ts';
import type { AdapterStore, ChatAdapter, ThreadAddress } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import type { AdapterLog, DiscordSettings } from '#core/chat/platform.ts';
import { type HeardHost, heardHost } from '#tests/chat/heard-host.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { untilDone } from '#tests/chat/until-done.ts';
import { type DiscordServer, type DiscordServerOptions, startDiscordServer } from './server.ts';

/** The adapter on a stand-in, with an application that only remembers what it hears. */
export interface AdapterOnDiscord {
  readonly server: DiscordServer;
  readonly host: HeardHost;
  /** The one that runs now. */
  readonly adapter: ChatAdapter;
  /** What the adapter told its operator as a warning. */
  readonly warnings: readonly string[];
  /** What it told the person at the terminal. */
  readonly told: readonly string[];
  readonly store: AdapterStore;
  /** Ben mentions the bot in #general, or elsewhere: the address of what he said. */
  asked(text?: string, channel?: string): Promise<ThreadAddress>;
  /** Ends the adapter and begins another one with the same store; `meanwhile` happens between the two. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  /** Ends all; fails when a request broke Discord's limits or description. */
  stop(): Promise<void>;
}

/** `more`: other settings of the adapter; `store`: what it keeps, if it is not kept as it should be. */
export async function startAdapter(
  options: DiscordServerOptions = {},
  more: Partial<DiscordSettings> = {},
  store: AdapterStore = memoryStore(),
): Promise<AdapterOnDiscord> {
  const server = await startDiscordServer(options);
  const host = heardHost();
  const warnings: string[] = [];
  const told: string[] = [];
  const warn: AdapterLog['warn'] = (facts, sentence) =>
    warnings.push(`${sentence} ${JSON.stringify({ ...facts, error: String('error' in facts && facts.error) })}`);
  const log = { info: () => {}, warn, error: warn };
  const settings = { token: server.token, apiUrl: server.api, guildId: server.world.guild.id, ...more };
  const beginOnce = async () => {
    const next = createDiscordAdapter({ settings, store, log, tell: (sentence) => told.push(sentence) });
    await next.start(host);
    return next;
  };
  // With little patience a busy machine alone can be too slow for a start; the application starts a platform until it stands.
  const begin = () => (more.timeoutMs === undefined ? beginOnce() : untilDone(beginOnce));
  let adapter = await begin();
  return {
    server,
    host,
    warnings,
    told,
    store,
    get adapter() {
      return adapter;
    },
    async asked(text = 'go', channel = server.driver.channel('general')) {
      const before = (await host.until(0)).length;
      server.driver.mention(channel, server.driver.ben, text);
      const heard = (await host.until(before + 1)).at(-1);
      if (heard === undefined) throw new Error('nothing was heard');
      return heard.thread;
    },
    async restart(meanwhile = async () => undefined) {
      await adapter.stop();
      await meanwhile();
      adapter = await begin();
    },
    async stop() {
      await adapter.stop();
      await server.stop();
      expect(server.calls.rateLimited()).toEqual([]);
      expect(server.contract.violations).toEqual([]);
    },
  };
}

/** A card with a title; `more` as it likes. */
export function cardOf(title: string, more: Partial<Card> = {}): Card {
  return { key: 'status', tone: 'waiting', title: [title], blocks: [], summary: title, ...more };
}

/** A post's key, which is a UUID. */
export function keyOf(number: number): string {
  return `0190a000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}
