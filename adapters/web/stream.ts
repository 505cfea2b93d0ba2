import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { Follower } from './events.ts';

export interface StreamOptions {
  readonly follower: Follower;
  /** Where the reader begins: the cursor after which everything is told. */
  readonly cursor: string;
  /** Time between comments on a quiet stream, in milliseconds. Default 15 s: proxies close what is silent for a minute. */
  readonly pingMs?: number;
  /**
   * Time that a reader may take for one piece, in milliseconds. Default 30 s: whoever is that slow has most likely gone
   * away without a word, and gets all that it missed by its last event's id when it comes back.
   */
  readonly patienceMs?: number;
}

/** The chat's changes as server-sent events: `ready`, then each message with its cursor as id. */
export function streamChanges(context: Context, options: StreamOptions): Response {
  const { follower, cursor, pingMs = 15_000, patienceMs = 30_000 } = options;
  context.header('x-accel-buffering', 'no');
  return streamSSE(context, async (stream) => {
    const ending = new AbortController();
    stream.onAbort(() => ending.abort());
    const writer = patientWriter(stream, patienceMs);
    const ping = setInterval(() => {
      if (!writer.busy()) void writer.write(() => stream.write(': still here\n\n'));
    }, pingMs);
    try {
      const ready = { event: 'ready', id: cursor, data: JSON.stringify({ cursor }) };
      await writer.write(() => stream.writeSSE(ready));
      for await (const messages of follower.follow(cursor, ending.signal)) {
        for (const message of messages) {
          if (ending.signal.aborted) return;
          const event = { event: 'message', id: message.cursor, data: JSON.stringify(message) };
          await writer.write(() => stream.writeSSE(event));
        }
      }
    } finally {
      clearInterval(ping);
    }
  });
}

/** Cuts a stream whose reader does not take a piece in time. */
function patientWriter(stream: SSEStreamingApi, patienceMs: number) {
  let pending = 0;
  return {
    busy: () => pending > 0,
    async write(piece: () => Promise<unknown>): Promise<void> {
      pending += 1;
      const timer = setTimeout(() => stream.abort(), patienceMs);
      try {
        await piece();
      } finally {
        clearTimeout(timer);
        pending -= 1;
      }
    },
  };
}
