import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Changes } from '../state/changes.ts';
import { type Attempt, ackWithin, type Shipment, type Transport } from './attempt.ts';

/** Connections of an app at a time (docs.slack.dev, Socket Mode). */
const mostConnections = 10;
/** Life of a connection that Slack announces, in seconds: seen live. */
const connectionLife = 18_060;
const pingEvery = 5000;

/** Socket Mode: the connections of the app, and what may happen to them. */
export interface Sockets extends Transport {
  /** A new address for one connection (`apps.connections.open`). */
  ticket(origin: string): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** How many connections stand now. */
  count(): number;
  /** Slack asks one connection to come again, or warns that it will. */
  refresh(reason?: 'refresh_requested' | 'warning' | 'link_disabled'): void;
  /** The oldest connection is cut without a word. */
  drop(): void;
  /** The oldest connection stays open and says nothing any more, pongs included. */
  silence(): void;
  /** Sends any text to every connection: garbage, unknown types, `app_rate_limited`. */
  raw(frame: string): void;
  /** The envelope that was sent last goes out again: same envelope id, no retry mark (seen live, bolt-js #2487). */
  repeatLast(): void;
  stop(): void;
}

const ackFrame = z.looseObject({ envelope_id: z.string(), payload: z.unknown().optional() });

export function createSockets(clock: Clock, changes: Changes, appId: string): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const open: WebSocket[] = [];
  const waiting = new Map<string, (attempt: Attempt) => void>();
  const arrivals = new Set<() => void>();
  let turn = 0;
  let last = '';

  const connect = (socket: WebSocket): void => {
    if (open.length >= mostConnections) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets' }));
      socket.close();
      return;
    }
    open.push(socket);
    const heartbeat = setInterval(() => socket.ping('Ping from the stand-in'), pingEvery);
    socket.on('message', (data) => acknowledge(String(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(heartbeat);
      if (open.includes(socket)) open.splice(open.indexOf(socket), 1);
      changes.notify();
    });
    silences.set(socket, () => {
      clearInterval(heartbeat);
      socket.pause();
    });
    socket.send(hello(open.length, appId));
    for (const arrived of [...arrivals]) arrived();
    changes.notify();
  };
  const silences = new WeakMap<WebSocket, () => void>();

  const acknowledge = (frame: string): void => {
    const parsed = ackFrame.safeParse(parse(frame));
    if (!parsed.success) throw new Error(`The app sent a frame that is no acknowledgement: ${frame}`);
    waiting.get(parsed.data.envelope_id)?.({ acknowledged: true, body: parsed.data.payload });
  };

  const send = (frame: string): boolean => {
    const socket = open[turn++ % Math.max(1, open.length)];
    if (socket === undefined) return false;
    last = frame;
    socket.send(frame);
    return true;
  };

  return {
    count: () => open.length,
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
        const frame = frameOf(envelope, shipment);
        const finish = (attempt: Attempt): void => {
          cancel();
          waiting.delete(envelope);
          arrivals.delete(onArrival);
          resolve(attempt);
        };
        const cancel = clock.after(ackWithin, () => finish({ acknowledged: false, reason: 'timeout' }));
        // Without a connection the payload waits for one as long as its time lasts.
        const onArrival = (): void => {
          if (send(frame)) arrivals.delete(onArrival);
        };
        waiting.set(envelope, finish);
        if (!send(frame)) arrivals.add(onArrival);
      }),
    refresh(reason = 'refresh_requested') {
      open[0]?.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'stand-in' } }));
    },
    drop: () => open[0]?.terminate(),
    silence() {
      const socket = open.shift();
      if (socket === undefined) return;
      silences.get(socket)?.();
      changes.notify();
    },
    raw: (frame) => {
      for (const socket of open) socket.send(frame);
    },
    repeatLast: () => void send(last),
    stop() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
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

function parse(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
