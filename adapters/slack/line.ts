import { type App, SocketModeReceiver } from '@slack/bolt';
import type { AdapterLog } from '#core/chat/platform.ts';
import { quietLogger } from './api.ts';

/** What Slack sent, and how it is told that we have it. */
export interface Delivery {
  readonly body: unknown;
  readonly acknowledge: (answer?: object) => Promise<void>;
}

export interface LineParts {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly log: AdapterLog;
  /** Never rejects. */
  readonly handle: (delivery: Delivery) => Promise<void>;
}

/** One connection from its opening to its end; it is never opened again. */
export interface Line {
  /** Resolves when Slack has said hello. */
  readonly open: Promise<void>;
  /** Resolves when it is over, whoever ended it. */
  readonly over: Promise<void>;
  /** Milliseconds since Slack was last heard: a frame, or its answer to one of our pings. */
  silence(): number;
  close(): void;
}

/** Bolt pings three times as often; without an answer for so long it ends the line by itself, in milliseconds. */
const pongMs = 5000;

/** One call for the address of a connection, in milliseconds. */
const addressMs = 10_000;

/** Opens a line. Bolt's receiver carries the frames and does not reconnect: when it is over the next one is another line. */
export function openLine({ appToken, apiUrl, log, handle }: LineParts): Line {
  const over = Promise.withResolvers<void>();
  const receiver = new SocketModeReceiver({
    appToken,
    logger: quietLogger(log),
    autoReconnectEnabled: false,
    clientPingTimeout: pongMs,
    // An object for each: Bolt writes into it (measured).
    installerOptions: {
      clientOptions: {
        ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
        retryConfig: { retries: 0 },
        timeout: addressMs,
      },
    },
  });
  // Bolt acknowledges an event before any listener runs; a crash in between would lose it. So we stand in the place of its app.
  receiver.init({
    processEvent: ({ body, ack }) => handle({ body, acknowledge: async (answer) => ack(answer) }),
  } as Pick<App, 'processEvent'> as App);
  const client = receiver.client as unknown as Inner;
  let heardAt = performance.now();
  let pongAt: number | undefined;
  let closed = false;

  const heard = () => {
    heardAt = performance.now();
  };
  guard(client, heard, log);
  client.on('disconnected', () => over.resolve());

  async function open(): Promise<void> {
    try {
      await receiver.start();
    } catch (error) {
      over.resolve();
      throw error ?? new Error('Slack closed the connection before it said hello.');
    }
    heard();
    // Closed while its address was still being asked for: Bolt opens it all the same.
    if (closed) void receiver.stop();
  }

  return {
    open: open(),
    over: over.promise,
    silence() {
      const pong = client.websocket?.lastPongReceivedTimestamp;
      if (pong !== undefined && pong !== pongAt) {
        pongAt = pong;
        heard();
      }
      return performance.now() - heardAt;
    },
    close() {
      if (closed) return;
      closed = true;
      over.resolve();
      receiver.stop().catch((error: unknown) => log.info({ error }, 'a connection to Slack did not close in order'));
    },
  };
}

/** What is used of @slack/socket-mode 3.1.0 beyond its types. */
interface Inner {
  removeAllListeners(name: string): void;
  on(name: string, listener: (...values: readonly unknown[]) => void): void;
  onWebSocketMessage(data: unknown, binary: unknown): Promise<void>;
  readonly websocket?: { readonly lastPongReceivedTimestamp?: number };
}

/**
 * Frames without an inner event (`app_rate_limited`) make Bolt's socket throw in a listener that nobody awaits, which would end
 * the process (measured with @slack/socket-mode 3.1.0).
 */
function guard(client: Inner, heard: () => void, log: AdapterLog): void {
  const original = client.onWebSocketMessage.bind(client);
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data, binary) => {
    heard();
    original(data, binary).catch((error: unknown) =>
      log.warn({ error }, 'Slack sent a frame that makes no sense here'),
    );
  });
}
