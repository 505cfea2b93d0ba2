import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Discord } from '../discord.ts';
import { permission } from '../permissions.ts';
import type { Channel } from '../state/channel.ts';
import { permissionsIn } from '../state/world.ts';
import { createConnection } from './connection.ts';
import { createGatewayFaults, type GatewayFaults } from './faults.ts';
import type { Line } from './line.ts';
import { createLogins, type Login } from './logins.ts';
import { listens, type Place, type Session, visibleTo } from './session.ts';

type Json = Readonly<Record<string, unknown>>;

/** The Gateway, Discord's side. */
export interface Gateway {
  /** Tells every session that listens and may see it. */
  dispatch(event: string, data: Json, place?: Place & { readonly channel?: Channel }): void;
  readonly faults: GatewayFaults;
  /** Every IDENTIFY and RESUME, in order, and what became of it. */
  readonly logins: readonly Login[];
  /** What `GET /gateway/bot` says of the day's IDENTIFYs. */
  startLimit(): Json;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stop(): void;
}

const day = 24 * 60 * 60_000;

export function createGateway(discord: () => Discord): Gateway {
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const logins = createLogins(discord, sessions);
  const faults = createGatewayFaults(sessions, () => discord().changes.notify());
  const lost = (session: Session, line: Line, code: number): void => {
    if (session.line === line) disconnect(discord(), sessions, session, code);
  };
  return {
    faults,
    logins: logins.all,
    dispatch(event, data, place = {}) {
      if (place.channel !== undefined && !sees(discord(), place.channel)) return;
      for (const session of sessions.values()) {
        if (listens(session, event, place)) faults.pass(session, event, visibleTo(session, data, place));
      }
    },
    startLimit() {
      const { settings, clock } = discord();
      const first = logins.today()[0]?.at;
      return {
        total: settings.identifiesADay,
        remaining: Math.max(0, settings.identifiesADay - logins.today().length),
        reset_after: first === undefined ? 0 : first + day - clock.now(),
        max_concurrency: 1,
      };
    },
    upgrade(request, socket, head) {
      if (faults.refusesConnections()) return void socket.destroy();
      const { searchParams: query } = new URL(request.url ?? '/', 'http://localhost');
      server.handleUpgrade(request, socket, head, (connected) =>
        createConnection(connected, discord(), {
          identify: logins.identify,
          resume: logins.resume,
          lost,
          faults,
          query,
        }),
      );
    },
    stop() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

/** A session outlives its connection for a while; only the client's own 1000 and 1001 end it at once (docs, Gateway). */
function disconnect(discord: Discord, sessions: Map<string, Session>, session: Session, code: number): void {
  delete session.line;
  const end = (): void => void sessions.delete(session.id);
  if (code === 1000 || code === 1001) end();
  else session.cancelExpiry = discord.clock.after(discord.settings.sessionLife, end);
  discord.changes.notify();
}

function sees({ world }: Discord, channel: Channel): boolean {
  if (channel.kind === 'private_thread' && !channel.members.has(world.bot.id)) return false;
  return (permissionsIn(world, channel, world.bot.id) & permission.viewChannel) !== 0n;
}
