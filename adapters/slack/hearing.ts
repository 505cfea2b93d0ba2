import { setTimeout as pause } from 'node:timers/promises';
import type { AdapterStore } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';

export interface HearingParts {
  readonly store: AdapterStore;
  readonly log: AdapterLog;
  /** Whether there is a way for Slack to reach us now. */
  readonly isOpen: () => boolean;
  /** Looks for what was said since the mark. */
  readonly lookBack: () => Promise<void>;
  /** So long a way must stand, after it was missing, before it is looked back, in milliseconds. */
  readonly settleMs: number;
}

/** Until when everything was heard: a mark that is written down again and again, for this process and the next one. */
export interface Hearing {
  /**
   * Before anything can come: where nobody has ever listened it is noted since when something may be missed, for a process that dies
   * early leaves that to the next one.
   */
  prepare(): Promise<void>;
  /** Looks for what was missed before this process; nobody waits for it: Slack lets few calls a minute. */
  begin(): void;
  /** Something that Slack sent may be lost: the mark stays where it is until that was looked for. */
  missed(): void;
  /** Whether somebody still wants to know. */
  goesOn(): boolean;
  /** Writes the mark a last time, unless something may be missing. */
  stop(): Promise<void>;
}

/** The mark's key in the adapter's store; in seconds since 1970. */
export const heardUntilKey = 'heard-until';

/** How often the mark is written, in milliseconds. */
const markMs = 10_000;

/** When it was not its turn for so long the process slept, and so did its connections, in milliseconds. */
const sleptMs = 60_000;

/** The wait before what was missed is looked for again, in milliseconds: it doubles. */
const firstLookAgainMs = 1000;
const longestLookAgainMs = 60_000;

/** One look at a time; whatever is missed while it lasts is another one's. */
export function createHearing({ store, log, isOpen, lookBack, settleMs }: HearingParts): Hearing {
  const ending = new AbortController();
  /** What was said before this process is missing, unless nobody listened before. */
  let owesLook = true;
  let isLooking = false;
  let turns: NodeJS.Timeout | undefined;
  let turnAt = 0;

  const mark = (milliseconds: number) => store.set(heardUntilKey, milliseconds / 1000);
  const rest = (milliseconds: number) =>
    pause(milliseconds, undefined, { signal: ending.signal, ref: false }).catch(() => undefined);

  async function markNow(): Promise<void> {
    if (owesLook || !isOpen()) return;
    await mark(Date.now()).catch((error: unknown) =>
      log.warn({ error }, 'the database is away; what is missed is looked up later'),
    );
  }

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    for (let failures = 0; owesLook && isOpen() && !ending.signal.aborted; ) {
      owesLook = false;
      const begun = Date.now();
      try {
        await lookBack();
        if (ending.signal.aborted) break;
        await mark(begun);
        failures = 0;
        if (owesLook) await rest(settleMs);
      } catch (error) {
        owesLook = true;
        if (ending.signal.aborted) break;
        log.warn({ error }, 'what was said while Commander was away could not be looked up; it is tried again');
        await rest(Math.min(longestLookAgainMs, firstLookAgainMs * 2 ** failures));
        failures += 1;
      }
    }
    isLooking = false;
    if (!ending.signal.aborted) await markNow();
  }

  async function turn(): Promise<void> {
    const now = Date.now();
    if (now - turnAt > sleptMs) owesLook = true;
    turnAt = now;
    if (owesLook) await look();
    else await markNow();
  }

  return {
    async prepare() {
      if ((await store.get(heardUntilKey)) !== undefined) return;
      await mark(Date.now());
      owesLook = false;
    },
    begin() {
      turnAt = Date.now();
      turns = setInterval(() => void turn(), markMs);
      void look();
    },
    missed() {
      owesLook = true;
      if (turns !== undefined && !isLooking) void rest(settleMs).then(look);
    },
    goesOn: () => !ending.signal.aborted,
    async stop() {
      ending.abort();
      clearInterval(turns);
      if (turns !== undefined && !isLooking) await markNow();
    },
  };
}
