import { App, SocketModeReceiver } from '@slack/bolt';
import type { AdapterLog } from '#core/chat/platform.ts';
import { quietLogger } from './api.ts';

/** What Slack sent, and how it is told that we have it. */
export interface Delivery {
  readonly body: unknown;
  readonly acknowledge: (answer?: object) => Promise<void>;
}

export interface SocketParts {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly log: AdapterLog;
  /** Resolves when what was sent is stored; when it fails Slack is not answered, and sends it again. */
  readonly handle: (delivery: Delivery) => Promise<void>;
}

export interface Sockets {
  start(): Promise<void>;
  /** Takes nothing new and waits for what is under way. */
  stop(): Promise<void>;
}

/** One connection is deaf for seconds at each refresh that Slack asks for (measured: 5.0 s): two take turns. */
const connections = 2;

/** Without an answer to a ping a connection is dead, in milliseconds; it is also how long a refresh takes. */
const pingMs = 1000;

/** Socket Mode: Bolt's receivers carry the frames, and everything is stored before it is acknowledged. */
export function createSockets({ appToken, apiUrl, log, handle }: SocketParts): Sockets {
  const logger = quietLogger(log);
  const address = apiUrl === undefined ? {} : { slackApiUrl: apiUrl };
  const busy = new Set<Promise<void>>();
  let app: App | undefined;
  let receivers: readonly SocketModeReceiver[] = [];

  function connect(): SocketModeReceiver {
    const receiver = new SocketModeReceiver({
      appToken,
      logger,
      clientPingTimeout: pingMs,
      // A copy for each: Bolt writes into it (measured).
      installerOptions: {
        clientOptions: { ...address, retryConfig: { retries: 10, minTimeout: 250, maxTimeout: 5000 } },
      },
    });
    guard(receiver, log);
    return receiver;
  }

  return {
    async start() {
      receivers = Array.from({ length: connections }, connect);
      const [first, ...others] = receivers;
      if (first === undefined) return;
      app = new App({ authorize: notAsked, receiver: first, logger, clientOptions: { ...address } });
      // Bolt acknowledges an event before any listener runs; a crash in between would lose it. So we stand in front.
      app.processEvent = async ({ body, ack }) => {
        const work = handle({ body, acknowledge: async (answer) => ack(answer) })
          .catch((error: unknown) => log.warn({ error }, 'what Slack sent could not be stored; Slack sends it again'))
          .finally(() => busy.delete(work));
        busy.add(work);
        await work;
      };
      for (const other of others) other.init(app);
      await Promise.all(receivers.map((receiver) => receiver.start()));
    },
    async stop() {
      await Promise.all(busy);
      await Promise.all(
        receivers.map((receiver) =>
          receiver
            .stop()
            .catch((error: unknown) => log.info({ error }, 'a connection to Slack did not close in order')),
        ),
      );
    },
  };
}

/** Bolt wants to know whose token counts; we call Slack by ourselves. */
const notAsked = async () => ({});

/**
 * Frames without an inner event (`app_rate_limited`) make Bolt's socket throw in a listener that nobody awaits, which would end
 * the process (measured with @slack/socket-mode 3.1.0).
 */
function guard({ client }: SocketModeReceiver, log: AdapterLog): void {
  const inner = client as unknown as {
    removeAllListeners(name: string): void;
    on(name: string, listener: (data: unknown, binary: unknown) => void): void;
    onWebSocketMessage?: (data: unknown, binary: unknown) => Promise<void>;
  };
  if (inner.onWebSocketMessage === undefined) return;
  const original = inner.onWebSocketMessage.bind(client);
  inner.removeAllListeners('ws_message');
  inner.on('ws_message', (data, binary) => {
    original(data, binary).catch((error: unknown) =>
      log.warn({ error }, 'Slack sent a frame that makes no sense here'),
    );
  });
}
