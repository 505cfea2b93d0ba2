import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Discord } from '../discord.ts';
import { permission } from '../permissions.ts';
import type { Channel } from '../state/channel.ts';
import { permissionsIn } from '../state/world.ts';
import { guildCreateJson, userJson } from '../wire.ts';
import { closeCode, operation } from './codes.ts';
import { createConnection } from './connection.ts';
import { createGatewayFaults, type GatewayFaults } from './faults.ts';
import { type IdentifyData, identifyRefusal } from './identify.ts';
import type { Line } from './line.ts';
import { deliver, listens, type Place, type Session, sendDispatch, visibleTo } from './session.ts';

type Json = Readonly<Record<string, unknown>>;

/** The Gateway, Discord's side. */
export interface Gateway {
  /** Tells every session that listens and may see it. */
  dispatch(event: string, data: Json, place?: Place & { readonly channel?: Channel }): void;
  readonly sessions: ReadonlyMap<string, Session>;
  readonly faults: GatewayFaults;
  /** Every IDENTIFY and RESUME, in order, and what became of it. */
  readonly logins: readonly Login[];
  /** What `GET /gateway/bot` says of the day's IDENTIFYs. */
  startLimit(): Json;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stop(): void;
}

export interface Login {
  readonly kind: 'identify' | 'resume';
  readonly at: number;
  readonly result: 'ready' | 'resumed' | 'refused';
}

const day = 24 * 60 * 60_000;

export function createGateway(discord: () => Discord): Gateway {
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const logins: Login[] = [];
  const faults = createGatewayFaults(sessions, () => discord().changes.notify());
  const log = (kind: Login['kind'], result: Login['result']): void => {
    logins.push({ kind, at: discord().clock.now(), result });
    discord().changes.notify();
  };
  const today = (): Login[] =>
    logins.filter(
      ({ kind, result, at }) => kind === 'identify' && result === 'ready' && at > discord().clock.now() - day,
    );

  const identify = (line: Line, data: IdentifyData): Session | undefined => {
    const { settings, clock, world } = discord();
    const code = identifyRefusal(discord(), data);
    const last = today().at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    if (code !== undefined || clock.now() - last < settings.identifyInterval) {
      log('identify', 'refused');
      if (code !== undefined) line.close(code);
      else line.send(JSON.stringify({ op: operation.invalidSession, d: false }));
      return undefined;
    }
    if (today().length >= settings.identifiesADay) {
      // Discord resets the token of a bot that identifies too often (docs, Gateway: session start limit).
      discord().credentials.token = randomBytes(24).toString('base64url');
      log('identify', 'refused');
      line.close(closeCode.authenticationFailed);
      return undefined;
    }
    const session: Session = { id: randomBytes(16).toString('hex'), intents: data.intents, sent: [], line };
    sessions.set(session.id, session);
    deliver(session, 'READY', {
      v: 10,
      user: { ...userJson(world.bot), verified: true, mfa_enabled: true, email: null },
      guilds: [{ id: world.guild.id, unavailable: true }],
      session_id: session.id,
      resume_gateway_url: discord().origin().replace('http', 'ws'),
      session_type: 'normal',
      private_channels: [],
      relationships: [],
      application: { id: settings.applicationId, flags: 0 },
    });
    if (listens(session, 'GUILD_CREATE', {})) deliver(session, 'GUILD_CREATE', guildCreateJson(world));
    log('identify', 'ready');
    return session;
  };

  const resume = (line: Line, data: { token: string; session_id: string; seq: number }): Session | undefined => {
    const session = sessions.get(data.session_id);
    if (data.token !== discord().credentials.token) line.close(closeCode.authenticationFailed);
    else if (session === undefined) line.send(JSON.stringify({ op: operation.invalidSession, d: false }));
    else if (data.seq > session.sent.length) line.close(closeCode.invalidSequence);
    else {
      session.cancelExpiry?.();
      session.line?.terminate();
      session.line = line;
      for (const dispatch of session.sent.slice(data.seq)) sendDispatch(session, dispatch);
      deliver(session, 'RESUMED', { _trace: [] });
      log('resume', 'resumed');
      return session;
    }
    log('resume', 'refused');
    return undefined;
  };

  const lost = (session: Session, line: Line, code: number): void => {
    if (session.line !== line) return;
    delete session.line;
    // Only the client's own 1000 and 1001 end a session at once (docs, Gateway: Disconnecting).
    if (code === 1000 || code === 1001) sessions.delete(session.id);
    else
      session.cancelExpiry = discord().clock.after(discord().settings.sessionLife, () => sessions.delete(session.id));
    discord().changes.notify();
  };

  return {
    sessions,
    faults,
    logins,
    dispatch(event, data, place = {}) {
      const hidden = place.channel !== undefined && !sees(discord(), place.channel);
      if (hidden) return;
      for (const session of sessions.values()) {
        if (listens(session, event, place)) faults.pass(session, event, visibleTo(session, data, place));
      }
    },
    startLimit() {
      const { settings, clock } = discord();
      const first = today()[0]?.at;
      return {
        total: settings.identifiesADay,
        remaining: Math.max(0, settings.identifiesADay - today().length),
        reset_after: first === undefined ? 0 : first + day - clock.now(),
        max_concurrency: 1,
      };
    },
    upgrade(request, socket, head) {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      if (faults.refusesConnections()) return void socket.destroy();
      server.handleUpgrade(request, socket, head, (connected) =>
        createConnection(connected, discord(), { identify, resume, lost, faults, query: searchParams }),
      );
    },
    stop() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

function sees({ world }: Discord, channel: Channel): boolean {
  if (channel.kind === 'private_thread' && !channel.members.has(world.bot.id)) return false;
  return (permissionsIn(world, channel, world.bot.id) & permission.viewChannel) !== 0n;
}
