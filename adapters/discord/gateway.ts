import { CloseCodes, type SessionInfo, WebSocketManager, WebSocketShardEvents } from '@discordjs/ws';
import { type APIGatewayBotInfo, type GatewayDispatchPayload, GatewayIntentBits, type REST, Routes } from 'discord.js';
import { z } from 'zod';
import type { AdapterStore } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type Progress, trackProgress } from './progress.ts';

export interface GatewayParts {
  readonly token: string;
  readonly rest: REST;
  readonly store: AdapterStore;
  readonly log: AdapterLog;
  /** Whether the portal allows the words of messages that do not name the bot. */
  readonly messageContent: boolean;
  /** Deals with one event; when it resolves, nothing of the event can be lost any more. Tried again when it fails. */
  readonly handle: (event: GatewayDispatchPayload) => Promise<void>;
  /** Whether dealing with an event once more changes nothing: then it need not be noted at once that it is done. */
  readonly repeatable: (event: GatewayDispatchPayload) => boolean;
  /** A session began anew: what happened in between was missed. */
  readonly onNewSession: () => void;
}

export interface Gateway {
  /** Resolves when the session is up. @throws DiscordUnusable */
  connect(): Promise<void>;
  /** Finishes what is under way and leaves in a way that lets the session be resumed. */
  leave(): Promise<void>;
}

/** Discord can not be used; the message says why, and what to do. */
export class DiscordUnusable extends Error {
  readonly code = 'discord_unusable';
}

/** Key of the session in the adapter's store. */
const sessionKey = 'session';

/** Sessions that may still begin today below which none is begun: at 0 Discord resets the token (docs, Gateway: 1000 a day). */
const identifyFloor = 50;

/** How long what can be repeated may wait until it is noted as done, in milliseconds: writing it costs as much as storing it. */
const noteMs = 200;

/** Between two tries of an event whose handling failed, in milliseconds. */
const againMs = 500;

const sessionShape = z.object({
  resumeURL: z.string(),
  sequence: z.number(),
  sessionId: z.string(),
  shardCount: z.number(),
  shardId: z.number(),
});

/**
 * The connection that Discord's events come by, at least once across restarts: the session is stored, and its sequence moves
 * only when what came before is dealt with; a new process resumes from there and gets the rest again.
 */
export function createGateway(parts: GatewayParts): Gateway {
  const { rest, store, log } = parts;
  let live: SessionInfo | null = null;
  let progress: Progress = trackProgress(0);
  let leaving = false;
  let saving: Promise<void> | undefined;
  let noting: NodeJS.Timeout | undefined;
  let saved = '';
  const busy = new Set<Promise<void>>();

  const manager = new WebSocketManager({
    token: parts.token,
    rest,
    intents:
      GatewayIntentBits.Guilds |
      GatewayIntentBits.GuildMessages |
      GatewayIntentBits.GuildMessageReactions |
      GatewayIntentBits.DirectMessages |
      GatewayIntentBits.DirectMessageReactions |
      (parts.messageContent ? GatewayIntentBits.MessageContent : 0),
    shardCount: 1,
    retrieveSessionInfo: () => live,
    updateSessionInfo(_shard, session) {
      if (session === null && leaving) return;
      if (session !== null && session.sessionId !== live?.sessionId) {
        progress = trackProgress(session.sequence);
        parts.onNewSession();
        live = session;
        save();
      }
      live = session;
      saveLater();
    },
  });
  manager.on(WebSocketShardEvents.Dispatch, ({ data }) => take(data));
  manager.on(WebSocketShardEvents.Error, ({ error }) => log.warn({ error }, 'the connection to Discord broke'));
  manager.on(WebSocketShardEvents.Closed, ({ code }) => {
    if (!leaving) log.warn({ code }, 'Discord closed the connection; connecting again');
  });

  function take(event: GatewayDispatchPayload): void {
    const at = progress;
    at.begin(event.s);
    const work = untilHandled(event).finally(() => {
      busy.delete(work);
      at.end(event.s);
      if (parts.repeatable(event)) saveLater();
      else save();
    });
    busy.add(work);
  }

  async function untilHandled(event: GatewayDispatchPayload): Promise<void> {
    while (!leaving) {
      try {
        await parts.handle(event);
        return;
      } catch (error) {
        log.warn({ error, event: event.t }, 'an event of Discord could not be dealt with; it is tried again');
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
    // Not dealt with: the stored sequence must not pass it.
    return new Promise(() => undefined);
  }

  function saveLater(): void {
    noting ??= setTimeout(save, noteMs);
  }

  /** Writes how far the session has come; one write at a time, the newest state wins. */
  function save(): void {
    clearTimeout(noting);
    noting = undefined;
    saving ??= write().finally(() => {
      saving = undefined;
    });
  }

  async function write(): Promise<void> {
    try {
      for (;;) {
        const next = live === null ? null : { ...live, sequence: progress.settled };
        const text = JSON.stringify(next);
        if (text === saved) return;
        if (next === null) await store.delete(sessionKey);
        else await store.set(sessionKey, next);
        saved = text;
      }
    } catch (error) {
      log.warn({ error }, 'the session with Discord could not be stored; a restart may see some events again');
    }
  }

  return {
    async connect() {
      const stored = sessionShape.safeParse(await store.get(sessionKey));
      live = stored.success ? stored.data : null;
      progress = trackProgress(live?.sequence ?? 0);
      try {
        await sparing(rest, live !== null);
        await manager.connect();
      } catch (error) {
        throw explained(error);
      }
    },
    async leave() {
      leaving = true;
      // Any code but 1000 and 1001 leaves the session alive for a few minutes (docs, Gateway).
      await manager.destroy({ code: CloseCodes.Resuming, reason: 'Restarting' });
      clearTimeout(noting);
      await saving;
      await write();
    },
  };
}

/** Refuses to begin one of the last sessions of the day. */
async function sparing(rest: REST, resumes: boolean): Promise<void> {
  const { session_start_limit } = (await rest.get(Routes.gatewayBot())) as APIGatewayBotInfo;
  const { remaining, reset_after } = session_start_limit;
  if (resumes || remaining >= identifyFloor) return;
  throw new DiscordUnusable(
    `Only ${remaining} new sessions are left today, and Discord resets the token at 0: Commander waits ${Math.ceil(reset_after / 60_000)} minutes. Find out what restarts it so often.`,
  );
}

function explained(error: unknown): unknown {
  if (error instanceof DiscordUnusable) return error;
  const { status, message } = error as { readonly status?: number; readonly message?: string };
  if (status === 401 || /4004|authentication/i.test(message ?? ''))
    return new DiscordUnusable(
      'Discord does not know DISCORD_TOKEN: copy the token anew from the developer portal (Bot › Reset Token).',
      { cause: error },
    );
  if (/disallowed intent/i.test(message ?? ''))
    return new DiscordUnusable(
      'Switch on “Message Content Intent” in the developer portal (Bot), or unset DISCORD_MESSAGE_CONTENT.',
      { cause: error },
    );
  return error;
}
