import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Changes } from '../state/changes.ts';
import type { Attempt, Shipment, Transport } from './attempt.ts';
import { createConnections } from './connections.ts';

/** Connections of an app at a time (docs.slack.dev, Socket Mode). */
const mostConnections = 10;
/** Life of a connection that Slack announces, in seconds: seen live. */
const connectionLife = 18_060;

/** What may happen to the connections of Socket Mode. */
export interface SocketFaults {
  /** How many connections stand now and are not dead. */
  count(): number;
  /** Slack asks the oldest connection to come again; with `warning` it says that it soon will. */
  refresh(reason?: 'refresh_requested' | 'warning' | 'link_disabled'): void;
  /** The oldest connection is cut without a word. */
  drop(): void;
  /** The oldest connection stays open and is dead: no pongs, no pings, and payloads sent to it are lost. */
  silence(): void;
  /** Sends anything to every connection: garbage, unknown types, `app_rate_limited`; bytes go as a binary frame. */
  raw(frame: string | Buffer): void;
  /** Slack holds events back for a minute, and says so in an envelope without an inner event. */
  eventsRateLimited(): void;
  /** The envelope that was sent last goes out again: same envelope id, no retry mark (seen live, bolt-js #2487). */
  repeatLast(): void;
}

/** Socket Mode, Slack's side. */
export interface Sockets extends Transport, SocketFaults {
  /** A new address for one connection (`apps.connections.open`). */
  ticket(origin: string): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stop(): void;
}

/** `patience` is how long the app has to acknowledge, in milliseconds. */
export function createSockets(clock: Clock, changes: Changes, appId: string, patience: number): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const connections = createConnections(changes.notify);
  const tickets = new Set<string>();
  const waiting = new Map<string, (attempt: Attempt) => void>();
  const unsent = new Map<string, string>();
  let last = '';

  const send = (envelope: string, frame: string): void => {
    if (!connections.send(frame)) return void unsent.set(envelope, frame);
    unsent.delete(envelope);
    last = frame;
  };
  const connect = (socket: WebSocket): void => {
    if (connections.count() >= mostConnections) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets' }));
      socket.close();
      return;
    }
    connections.add(socket);
    socket.on('message', (data) => acknowledge(waiting, String(data)));
    socket.send(hello(connections.count(), appId));
    for (const [envelope, frame] of [...unsent]) send(envelope, frame);
    changes.notify();
  };

  return {
    count: connections.count,
    ticket(origin) {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `${origin.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${appId}`;
    },
    upgrade(request, socket, head) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      // A ticket opens one connection.
      if (pathname !== '/link/' || !tickets.delete(searchParams.get('ticket') ?? '')) return void socket.destroy();
      server.handleUpgrade(request, socket, head, connect);
    },
    ship: (shipment) =>
      new Promise((resolve) => {
        const envelope = randomUUID();
        const finish = (attempt: Attempt): void => {
          cancel();
          waiting.delete(envelope);
          unsent.delete(envelope);
          resolve(attempt);
        };
        const cancel = clock.after(patience, () => finish({ acknowledged: false, reason: 'timeout' }));
        waiting.set(envelope, finish);
        // Without a connection the payload waits for one as long as its time lasts.
        send(envelope, frameOf(envelope, shipment));
      }),
    refresh: (reason = 'refresh_requested') =>
      connections.sendToOldest(
        JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'stand-in' } }),
        reason === 'warning' ? 'open' : 'leaving',
      ),
    drop: connections.cutOldest,
    silence: connections.silenceOldest,
    raw: connections.sendToAll,
    eventsRateLimited: () => connections.sendToAll(frameOf(randomUUID(), rateLimited(clock, appId))),
    repeatLast: () => void connections.send(last),
    stop() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

const ackFrame = z.looseObject({ envelope_id: z.string().optional(), payload: z.unknown().optional() });

/** @throws Error when the app sends anything but acknowledgements: the test fails. */
function acknowledge(waiting: ReadonlyMap<string, (attempt: Attempt) => void>, frame: string): void {
  const { envelope_id: envelope, payload } = ackFrame.parse(JSON.parse(frame));
  // Bolt acknowledges a frame without an envelope too, by none.
  waiting.get(envelope ?? '')?.({ acknowledged: true, body: payload });
}

function rateLimited(clock: Clock, appId: string): Shipment {
  const minute = Math.floor(clock.now() / 60_000) * 60;
  const payload = { type: 'app_rate_limited', token: '', team_id: '', minute_rate_limited: minute, api_app_id: appId };
  return { kind: 'events_api', payload, retry: 0, reason: '' };
}

function hello(connections: number, appId: string): string {
  return JSON.stringify({
    type: 'hello',
    num_connections: connections,
    debug_info: { host: 'stand-in', build_number: 1, approximate_connection_time: connectionLife },
    connection_info: { app_id: appId },
  });
}

function frameOf(envelope: string, { kind, payload, retry, reason }: Shipment): string {
  const retries = kind === 'events_api' ? { retry_attempt: retry, retry_reason: reason } : {};
  return JSON.stringify({
    envelope_id: envelope,
    payload,
    type: kind,
    accepts_response_payload: kind !== 'events_api',
    ...retries,
  });
}
