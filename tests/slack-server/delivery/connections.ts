import type { WebSocket } from 'ws';

/** Slack pings its connections; an app that hears none for 30 s takes the connection for dead. Milliseconds. */
const pingEvery = 5000;

/** One connection of Socket Mode. */
interface Connection {
  readonly socket: WebSocket;
  /** `leaving` was asked to come again and gets no more payloads; `silent` swallows them. */
  state: 'open' | 'leaving' | 'silent';
  stopPings(): void;
}

/** The connections of the app, and whose turn it is. */
export interface Connections {
  /** Those that are not silent. */
  count(): number;
  add(socket: WebSocket): void;
  /** Sends to the connection whose turn it is; `false` when there is none. */
  send(frame: string): boolean;
  sendToAll(frame: string | Buffer): void;
  /** Sends to the oldest connection, which then gets no more payloads if it is `leaving`. */
  sendToOldest(frame: string, becomes: 'open' | 'leaving'): void;
  cutOldest(): void;
  silenceOldest(): void;
}

/** `changed` is called after each connection that came or went. */
export function createConnections(changed: () => void): Connections {
  const connections: Connection[] = [];
  let turn = 0;
  const oldest = (): Connection | undefined => connections.find(({ state }) => state === 'open');
  return {
    count: () => connections.filter(({ state }) => state !== 'silent').length,
    add(socket) {
      const pings = setInterval(() => socket.ping('Ping from the stand-in'), pingEvery);
      const connection: Connection = { socket, state: 'open', stopPings: () => clearInterval(pings) };
      connections.push(connection);
      socket.on('error', () => socket.terminate());
      socket.on('close', () => {
        connection.stopPings();
        connections.splice(connections.indexOf(connection), 1);
        changed();
      });
    },
    send(frame) {
      const ready = connections.filter(({ state }) => state !== 'leaving');
      turn += 1;
      const connection = ready[turn % Math.max(1, ready.length)];
      if (connection?.state === 'open') connection.socket.send(frame);
      return connection !== undefined;
    },
    sendToAll: (frame) => {
      for (const { socket } of connections) socket.send(frame);
    },
    sendToOldest(frame, becomes) {
      const connection = oldest();
      connection?.socket.send(frame);
      if (connection !== undefined) connection.state = becomes;
    },
    cutOldest: () => oldest()?.socket.terminate(),
    silenceOldest() {
      const connection = oldest();
      if (connection === undefined) return;
      connection.state = 'silent';
      connection.stopPings();
      connection.socket.pause();
      changed();
    },
  };
}
