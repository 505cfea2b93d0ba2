import { setTimeout as pause } from 'node:timers/promises';
import type { IIdentifyThrottler } from '@discordjs/ws';
import { type APIGatewayBotInfo, type REST, Routes } from 'discord.js';
import { z } from 'zod';
import type { AdapterStore } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';

/** Sessions that may still begin today below which none is begun: at 0 Discord resets the token (docs, Gateway: 1000 a day). */
export const identifyFloor = 50;

/** Between two new sessions, in milliseconds (docs, Gateway: `max_concurrency` in 5 s). */
const betweenMs = 5000;

/** New sessions of an hour that need no longer wait than Discord asks for. */
const freely = 5;

/** The longest wait before a new session, in milliseconds: at most six an hour when something restarts us for ever. */
const longestMs = 600_000;

const hourMs = 3_600_000;

/** Key of the times of the last hour's new sessions in the adapter's store. */
const timesKey = 'identified';

/** Between two questions how many are left, when none may begin or Discord does not answer, in milliseconds. */
const askAgainMs = 60_000;
const failedMs = 1000;

/** How many new sessions may still begin today, as Discord counts them. */
export async function sessionsLeft(rest: REST): Promise<{ readonly left: number; readonly resetMs: number }> {
  const { session_start_limit } = (await rest.get(Routes.gatewayBot())) as APIGatewayBotInfo;
  return { left: session_start_limit.remaining, resetMs: session_start_limit.reset_after };
}

/** Says that none may begin now. */
export function noneLeft(left: number, resetMs: number): string {
  return `Only ${left} new sessions are left today, and Discord resets the token at 0: Commander waits ${Math.ceil(resetMs / 60_000)} minutes. Find out what restarts it so often.`;
}

/**
 * How long a new session waits, in milliseconds, after those that began at `times` (newest last): a crash loop must not use up
 * the day's sessions, so from the sixth of an hour on the wait doubles.
 */
export function identifyWait(times: readonly number[], now: number): number {
  const recent = times.filter((time) => time <= now && time > now - hourMs);
  const last = recent.at(-1);
  if (last === undefined) return 0;
  const apart = Math.min(longestMs, betweenMs * 2 ** Math.max(0, recent.length - freely));
  return Math.max(0, last + apart - now);
}

export interface IdentifyParts {
  readonly rest: REST;
  readonly store: AdapterStore;
  readonly log: AdapterLog;
  readonly tell: (sentence: string) => void;
  /** Called just before a session begins; until it is done none does. */
  readonly willBegin: () => Promise<void>;
}

/**
 * Lets new sessions begin, of this process and of those before it: never one of the day's last. It resolves when the session may
 * begin, and rejects only when the connection that asks is gone: discord.js goes on after any other error.
 */
export function createIdentifyGate({ rest, store, log, tell, willBegin }: IdentifyParts): IIdentifyThrottler {
  async function mayBegin(signal: AbortSignal): Promise<boolean> {
    const { left, resetMs } = await sessionsLeft(rest);
    if (left < identifyFloor) {
      tell(`Discord: ${noneLeft(left, resetMs)}`);
      await pause(Math.min(resetMs, askAgainMs), undefined, { signal });
      return false;
    }
    const times = await begunAt(store);
    const wait = identifyWait(times, Date.now());
    if (wait > 0)
      log.warn({ seconds: Math.ceil(wait / 1000), lately: times.length }, 'Discord: a new session waits its turn');
    await pause(wait, undefined, { signal });
    await willBegin();
    await store.set(timesKey, [...times, Date.now()]);
    return true;
  }

  return {
    async waitForIdentify(_shard, signal) {
      for (;;) {
        signal.throwIfAborted();
        try {
          if (await mayBegin(signal)) return;
        } catch (error) {
          signal.throwIfAborted();
          log.warn({ error }, 'Discord: whether a new session may begin could not be found out; asking again');
          await pause(failedMs, undefined, { signal });
        }
      }
    },
  };
}

async function begunAt(store: AdapterStore): Promise<readonly number[]> {
  const times = z.array(z.number()).safeParse(await store.get(timesKey));
  return times.success ? times.data.filter((time) => time > Date.now() - hourMs) : [];
}
