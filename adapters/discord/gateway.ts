import { setTimeout as pause } from 'node:timers/promises';
import { CloseCodes, WebSocketManager, WebSocketShardEvents } from '@discordjs/ws';
import { GatewayCloseCodes, type GatewayDispatchPayload, GatewayIntentBits, type REST } from 'discord.js';
import type { AdapterStore } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { isLasting } from './api.ts';
import { createIdentifyGate, identifyFloor, noneLeft, sessionsLeft } from './identify.ts';
import { createStoredSession } from './session.ts';

export interface GatewayParts {
  readonly token: string;
  readonly rest: REST;
  readonly store: AdapterStore;
  readonly log: AdapterLog;
  /** Tells the person at the terminal, in a sentence. */
  readonly tell: (sentence: string) => void;
  /** Whether the portal allows the words of messages that do not name the bot. */
  readonly messageContent: boolean;
  /**
   * Deals with one event; when it resolves, nothing of the event can be lost any more. Tried again when it fails, unless that is for
   * good, and called with what was dealt with, too, when a session is resumed.
   */
  readonly handle: (event: GatewayDispatchPayload) => Promise<unknown>;
  /** A session began anew: what happened since `heardUntil` (milliseconds since 1970) may have been missed. */
  readonly onNewSession: (heardUntil: number) => Promise<void>;
}

export interface Gateway {
  /** Resolves when the session is up; from then on it is kept up. @throws DiscordUnusable */
  connect(): Promise<void>;
  /** Since when the connection stands, in milliseconds since 1970: what was said before comes later than it was said. */
  listeningSince(): number;
  /** Finishes what is under way and leaves in a way that lets the session be resumed. */
  leave(): Promise<void>;
}

/** Discord can not be used; the message says why, and what to do. */
export class DiscordUnusable extends Error {
  readonly code = 'discord_unusable';
}

/** Between two tries of an event whose handling failed, in milliseconds; doubles with each. */
const againMs = 500;
const longestAgainMs = 30_000;

/** Before a connection that Discord ended for good is tried again, in milliseconds; doubles with each. */
const comeBackMs = 5000;
const longestComeBackMs = 300_000;

const wrongToken =
  'Discord does not know DISCORD_TOKEN: copy the token anew from the developer portal (Bot › Reset Token).';
const wrongIntent =
  'Switch on “Message Content Intent” in the developer portal (Bot), or unset DISCORD_MESSAGE_CONTENT.';

/** How long Discord may take to answer our closing, in milliseconds. */
const closeMs = 2000;

const intents =
  GatewayIntentBits.Guilds |
  GatewayIntentBits.GuildMessages |
  GatewayIntentBits.GuildMessageReactions |
  GatewayIntentBits.DirectMessages |
  GatewayIntentBits.DirectMessageReactions;

/** Why Discord ends a connection for good (docs, Opcodes and Status Codes: Gateway). */
const fatal: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: wrongToken,
  [GatewayCloseCodes.InvalidShard]:
    'Discord does not take the connection as it is: this version of Commander is too old.',
  [GatewayCloseCodes.ShardingRequired]:
    'The bot is in more than 2500 servers, and Commander has one connection only: take it out of some.',
  [GatewayCloseCodes.InvalidAPIVersion]:
    'Discord no longer speaks with this version of Commander: install a newer one.',
  [GatewayCloseCodes.InvalidIntents]:
    'Discord does not take the connection as it is: this version of Commander is too old.',
  [GatewayCloseCodes.DisallowedIntents]: wrongIntent,
};

/**
 * The connection that Discord's events come by, at least once across restarts: the session is stored, and its sequence moves
 * only when what came before is dealt with; a new process resumes from there and gets the rest again.
 */
export function createGateway(parts: GatewayParts): Gateway {
  const { rest, store, log, tell } = parts;
  const wanted = intents | (parts.messageContent ? GatewayIntentBits.MessageContent : 0);
  const session = createStoredSession(store, log, wanted);
  const gate = createIdentifyGate({ rest, store, log, tell, willBegin: session.willBegin });
  const ending = new AbortController();
  const busy = new Set<Promise<void>>();
  let manager: WebSocketManager | undefined;
  let connected = false;
  let catchingUp = false;
  let listeningSince = Date.now();
  /** Sessions that began anew. */
  let begun = 0;

  /** A connection; when another one has taken its place, or none, it neither connects again nor notes anything. */
  function open(): WebSocketManager {
    const opened: WebSocketManager = new WebSocketManager({
      token: parts.token,
      rest,
      intents: wanted,
      shardCount: 1,
      buildIdentifyThrottler: async () => gate,
      retrieveSessionInfo: () => (manager === opened ? session.live() : new Promise<null>(() => undefined)),
      updateSessionInfo(_shard, next) {
        if (manager !== opened) return;
        // What an earlier process still had to look up is looked up by this one, though its session goes on.
        if (session.note(next) || (session.owesLook() && !catchingUp)) void catchUp();
      },
    });
    opened.on(WebSocketShardEvents.Hello, () => {
      listeningSince = Date.now();
    });
    opened.on(WebSocketShardEvents.Dispatch, ({ data }) => take(data));
    opened.on(WebSocketShardEvents.HeartbeatComplete, () => {
      // A connection without a session beats as well, while the next session waits its turn: it brings no events.
      if (!catchingUp && session.live() !== null) session.heard();
    });
    opened.on(WebSocketShardEvents.Error, ({ error }) => log.warn({ error }, 'the connection to Discord broke'));
    opened.on(WebSocketShardEvents.Closed, ({ code }) => {
      if (manager !== opened) return;
      log.warn({ code }, 'the connection to Discord was closed');
      const why = fatal[code];
      if (why !== undefined && connected) void comeBack(why);
    });
    return opened;
  }

  /** Looks back after a session that can not be resumed, until that has worked once; anew when meanwhile another one began. */
  async function catchUp(): Promise<void> {
    begun += 1;
    if (catchingUp) return;
    catchingUp = true;
    for (let failures = 0; !ending.signal.aborted && session.owesLook(); ) {
      const looking = begun;
      try {
        const heardUntil = await session.heardUntil();
        if (heardUntil !== undefined) await parts.onNewSession(heardUntil);
        if (looking === begun) session.lookedBack();
      } catch (error) {
        log.warn({ error }, 'what was said while Commander was away could not be looked up; it is tried again');
        await pauseAfter(failures, againMs, longestAgainMs);
        failures += 1;
      }
    }
    catchingUp = false;
  }

  function take(event: GatewayDispatchPayload): void {
    if (!Number.isInteger(event.s)) return;
    const end = session.begin(event.s);
    const work = untilHandled(event).then((handled) => {
      busy.delete(work);
      // What is not dealt with comes again in the next session: the stored sequence must not pass it.
      if (handled) end();
    });
    busy.add(work);
  }

  async function untilHandled(event: GatewayDispatchPayload): Promise<boolean> {
    for (let failures = 0; !ending.signal.aborted; failures += 1) {
      try {
        await parts.handle(event);
        return true;
      } catch (error) {
        // Held back it would be sent again to every process, with all that came after it.
        if (isLasting(error, failures + 1)) {
          log.error({ error, event: event.t }, 'an event of Discord can not be dealt with, now or later; it is left');
          return true;
        }
        log.warn({ error, event: event.t }, 'an event of Discord could not be dealt with; it is tried again');
        await pauseAfter(failures, againMs, longestAgainMs);
      }
    }
    return false;
  }

  /** Twice as long after each failure; ends at once when the gateway is left. */
  async function pauseAfter(failures: number, first: number, longest: number): Promise<void> {
    await pause(Math.min(longest, first * 2 ** failures), undefined, { signal: ending.signal }).catch(() => undefined);
  }

  async function connectOnce(): Promise<void> {
    const opened = open();
    manager = opened;
    try {
      await unlessLeft(opened.connect());
      connected = true;
    } catch (error) {
      manager = undefined;
      await close(opened);
      throw explained(error);
    }
  }

  function unlessLeft(work: Promise<void>): Promise<void> {
    const left = new Promise<never>((_resolve, reject) => {
      ending.signal.addEventListener('abort', () => reject(new DiscordUnusable('Commander stops.')), { once: true });
    });
    return Promise.race([work, left]);
  }

  /** Discord ended the connection for good: somebody has to do something, and it is seen when he has. */
  async function comeBack(why: string): Promise<void> {
    connected = false;
    log.error({ why }, 'Discord ended the connection for good');
    tell(`Discord is not connected: ${why}`);
    for (let failures = 0; !ending.signal.aborted; failures += 1) {
      await pauseAfter(failures, comeBackMs, longestComeBackMs);
      try {
        await begin();
        return tell('Discord is connected now.');
      } catch (error) {
        log.warn({ error }, 'Discord is still not connected');
      }
    }
  }

  async function begin(): Promise<void> {
    ending.signal.throwIfAborted();
    try {
      const { left, resetMs } = await sessionsLeft(rest);
      if (session.live() === null && left < identifyFloor) throw new DiscordUnusable(noneLeft(left, resetMs));
    } catch (error) {
      throw explained(error);
    }
    await connectOnce();
  }

  return {
    async connect() {
      await session.read();
      await begin();
    },
    listeningSince: () => listeningSince,
    async leave() {
      ending.abort();
      const opened = manager;
      manager = undefined;
      if (opened !== undefined) await close(opened);
      await Promise.all(busy);
      await session.flush();
    },
  };
}

/** Any code but 1000 and 1001 leaves the session alive for a few minutes (docs, Gateway). */
async function close(manager: WebSocketManager): Promise<void> {
  const closed = Promise.resolve(manager.destroy({ code: CloseCodes.Resuming, reason: 'Restarting' })).catch(
    () => undefined,
  );
  await Promise.race([closed, pause(closeMs, undefined, { ref: false })]);
}

/** What is wrong with Discord, in words that say what to do; other errors stay as they are. */
export function explained(error: unknown): unknown {
  if (error instanceof DiscordUnusable) return error;
  const { status, message, cause } = error as Partial<Error> & { readonly status?: number };
  if (status === 401 || /authentication/i.test(message ?? '')) return new DiscordUnusable(wrongToken, { cause: error });
  if (/disallowed intent/i.test(message ?? '')) return new DiscordUnusable(wrongIntent, { cause: error });
  // Node's fetch says what was in the way only in the cause.
  if (message === 'fetch failed')
    return new DiscordUnusable(`it can not be reached from here (${wordsOf(cause)}).`, { cause: error });
  return error;
}

function wordsOf(cause: unknown): string {
  const { message, code } = (cause ?? {}) as { readonly message?: string; readonly code?: string };
  return message || code || 'no connection';
}
