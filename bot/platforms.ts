import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ChatAdapter, ChatHost } from '#core/chat/adapter.ts';

/** Chat platforms that are being started or are there. */
export interface Platforms {
  /** Those that are there now, by name. */
  readonly adapters: ReadonlyMap<string, ChatAdapter>;
  /** Starts one; when it fails, that is said and it is tried again, and stops no other. Resolves after the first attempt. */
  add(adapter: ChatAdapter, host: ChatHost): Promise<void>;
  stop(): Promise<void>;
}

export interface PlatformsOptions {
  readonly log: Logger;
  /** Tells the person at the terminal, in a sentence. */
  readonly tell: (sentence: string) => void;
  /** The wait after a first failure, in milliseconds; it doubles with each. Default: 5000. */
  readonly retryMs?: number;
}

const firstRetryMs = 5000;
const longestRetryMs = 300_000;

/** Keeps the chat platforms of a bot: a wrong token or a network that is away concerns only its own platform. */
export function createPlatforms({ log, tell, retryMs = firstRetryMs }: PlatformsOptions): Platforms {
  const there = new Map<string, ChatAdapter>();
  const ending = new AbortController();
  const trying = new Set<Promise<void>>();

  async function attempt(adapter: ChatAdapter, host: ChatHost): Promise<boolean> {
    try {
      await adapter.start(host);
      there.set(adapter.platform, adapter);
      for (const concern of adapter.concerns?.() ?? []) tell(`${nameOf(adapter)}: ${concern}`);
      return true;
    } catch (error) {
      log.error({ error, platform: adapter.platform }, 'a chat platform could not be started; it is tried again');
      tell(`${nameOf(adapter)} is not connected: ${wordsOf(error)}`);
      return false;
    }
  }

  async function tryAgain(adapter: ChatAdapter, host: ChatHost): Promise<void> {
    for (let failures = 0; !ending.signal.aborted; failures += 1) {
      try {
        await wait(Math.min(longestRetryMs, retryMs * 2 ** failures), undefined, { signal: ending.signal });
      } catch {
        // The bot stops.
        return;
      }
      if (await attempt(adapter, host)) return tell(`${nameOf(adapter)} is connected now.`);
    }
  }

  return {
    adapters: there,
    async add(adapter, host) {
      const first = attempt(adapter, host);
      const all = first
        .then((started) => (started ? undefined : tryAgain(adapter, host)))
        .finally(() => trying.delete(all));
      trying.add(all);
      await first;
    },
    async stop() {
      ending.abort();
      await Promise.all(trying);
      for (const adapter of there.values()) await adapter.stop();
    },
  };
}

function nameOf({ platform }: ChatAdapter): string {
  return platform.charAt(0).toUpperCase() + platform.slice(1);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
