import { setTimeout as pause } from 'node:timers/promises';
import type { AdapterLog } from '#core/chat/platform.ts';
import { within } from './insist.ts';
import { type Delivery, type Line, openLine } from './line.ts';

export interface SocketParts {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly log: AdapterLog;
  /** Resolves when what was sent is stored; when it fails Slack is not answered, and sends it again. */
  readonly handle: (delivery: Delivery) => Promise<void>;
  /** A line on which Slack was not heard for so long is given up, in milliseconds. */
  readonly silenceMs?: number;
  /** A line stands again after none did: what Slack sent meanwhile may not come again. */
  readonly back?: () => void;
}

export interface Sockets {
  /** Resolves when all lines are open. @throws what Slack says when the first attempt of one fails. */
  start(): Promise<void>;
  /** How many of the lines are open now. */
  open(): { readonly now: number; readonly of: number };
  /** Since when at least one line stands without a break, in milliseconds since 1970. */
  since(): number;
  /** Waits for what is under way, then closes. */
  stop(): Promise<void>;
}

/** One line is deaf while it is opened anew, which Slack asks for now and then: two take turns. An app may have ten. */
const lineCount = 2;

/** Bolt notices a missing pong after 5 s; where it does not, and as it looked the same for hours elsewhere, we do. */
const patienceMs = 20_000;

/** How often it is looked, in milliseconds. Silence counts when two looks in a row find it: the process itself may have slept. */
const lookMs = 1000;

/** Opening takes longer than this: it is tried anew, in milliseconds. */
const openMs = 15_000;

/** The wait before a line is opened anew, in milliseconds: none after one that stood, then doubling. */
const firstWaitMs = 250;
const longestWaitMs = 10_000;

/** A line that stood for less counts as a failure, in milliseconds: Slack would be asked without end. */
const stoodMs = 1000;

/** Socket Mode: lines that are opened anew for as long as it runs, whatever ends them. */
export function createSockets({ handle, log, silenceMs = patienceMs, back, ...address }: SocketParts): Sockets {
  const busy = new Set<Promise<void>>();
  const standing = new Set<Line>();
  const ending = new AbortController();
  let since = Date.now();
  let keeping: readonly Promise<void>[] = [];
  let hasStood = false;

  const deliver = (delivery: Delivery): Promise<void> => {
    const work = handle(delivery)
      .catch((error: unknown) => log.warn({ error }, 'what Slack sent could not be stored; Slack sends it again'))
      .finally(() => busy.delete(work));
    busy.add(work);
    return work;
  };

  /** Opens a line, again and again; `first` learns how the first attempt went. */
  async function keep(first: PromiseWithResolvers<void>): Promise<void> {
    let opened = false;
    for (let failures = 0; !ending.signal.aborted; ) {
      const line = openLine({ ...address, log, handle: deliver });
      const begun = performance.now();
      try {
        await within(openMs, line.open);
        opened = true;
        first.resolve();
        await stand(line);
        failures = performance.now() - begun < stoodMs ? failures + 1 : 0;
      } catch (error) {
        if (!opened) {
          line.close();
          return first.reject(error);
        }
        failures += 1;
        log.warn({ error }, 'a connection to Slack could not be opened; it is tried again');
      }
      line.close();
      if (failures > 0) await rest(Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1)));
    }
  }

  /** Until it is over, silent for too long, or not wanted any more. */
  async function stand(line: Line): Promise<void> {
    if (standing.size === 0) since = Date.now();
    standing.add(line);
    if (hasStood && standing.size === 1) back?.();
    hasStood = true;
    let silentLooks = 0;
    const watch = setInterval(
      () => {
        silentLooks = line.silence() > silenceMs ? silentLooks + 1 : 0;
        if (silentLooks < 2) return;
        log.warn({ silentMs: Math.round(line.silence()) }, 'Slack is silent on a connection; it is opened anew');
        line.close();
      },
      Math.min(lookMs, silenceMs),
    );
    ending.signal.addEventListener('abort', line.close);
    await line.over;
    ending.signal.removeEventListener('abort', line.close);
    clearInterval(watch);
    standing.delete(line);
  }

  async function rest(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { signal: ending.signal }).catch(() => undefined);
  }

  return {
    async start() {
      const firsts = Array.from({ length: lineCount }, () => Promise.withResolvers<void>());
      const lines = firsts.map((first) => keep(first));
      try {
        await Promise.all(firsts.map(({ promise }) => promise));
        keeping = lines;
      } catch (error) {
        ending.abort();
        throw error;
      }
    },
    open: () => ({ now: standing.size, of: lineCount }),
    since: () => since,
    async stop() {
      await Promise.all(busy);
      ending.abort();
      await Promise.all(keeping);
    },
  };
}
