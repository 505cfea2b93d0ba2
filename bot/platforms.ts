import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type ChatAdapter, type ChatHost, PlatformTaken } from '#core/chat/adapter.ts';

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
const longestRetryMs = 60_000;

/** How often it is asked whether the other process is gone that has a platform's connection, in milliseconds. */
const takenMs = 1000;

type Outcome = 'started' | 'failed' | 'taken';

/** Keeps the chat platforms of a bot: a wrong token or a network that is away concerns only its own platform. */
export function createPlatforms({ log, tell, retryMs = firstRetryMs }: PlatformsOptions): Platforms {
  const known = new Set<ChatAdapter>();
  const there = new Map<string, ChatAdapter>();
  const said = new Map<string, string>();
  const ending = new AbortController();
  const trying = new Set<Promise<void>>();

  async function attempt(adapter: ChatAdapter, host: ChatHost): Promise<Outcome> {
    try {
      await adapter.start(host);
      there.set(adapter.platform, adapter);
      for (const concern of adapter.concerns?.() ?? []) tell(`${nameOf(adapter)}: ${concern}`);
      return 'started';
    } catch (error) {
      if (ending.signal.aborted) return 'failed';
      say(adapter, error);
      return error instanceof PlatformTaken ? 'taken' : 'failed';
    }
  }

  /** The same sentence is said once. */
  function say(adapter: ChatAdapter, error: unknown): void {
    const sentence = `${nameOf(adapter)} is not connected: ${wordsOf(error)}`;
    if (said.get(adapter.platform) === sentence) return;
    said.set(adapter.platform, sentence);
    log.error({ error, platform: adapter.platform }, 'a chat platform could not be started; it is tried again');
    tell(sentence);
  }

  async function untilStarted(adapter: ChatAdapter, host: ChatHost, first: Outcome): Promise<void> {
    let outcome = first;
    for (let failures = 0; outcome !== 'started'; ) {
      const wait = outcome === 'taken' ? takenMs : Math.min(longestRetryMs, retryMs * 2 ** failures++);
      await pause(wait, undefined, { signal: ending.signal }).catch(() => undefined);
      if (ending.signal.aborted) return;
      outcome = await attempt(adapter, host);
    }
    if (first !== 'started') tell(`${nameOf(adapter)} is connected now.`);
  }

  return {
    adapters: there,
    async add(adapter, host) {
      known.add(adapter);
      const first = attempt(adapter, host);
      const all = first.then((outcome) => untilStarted(adapter, host, outcome)).finally(() => trying.delete(all));
      trying.add(all);
      await first;
    },
    async stop() {
      ending.abort();
      // One that is still being started may wait for something; it ends that.
      for (const adapter of known) await adapter.stop();
      await Promise.all(trying);
    },
  };
}

function nameOf({ platform }: ChatAdapter): string {
  return platform.charAt(0).toUpperCase() + platform.slice(1);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
