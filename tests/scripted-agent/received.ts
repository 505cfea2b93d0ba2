import { appendFileSync } from 'node:fs';
import type { AnyMessage, Stream } from '@agentclientprotocol/sdk';

/** One line of the log: what the agent received, and how its process started and ended. */
export type Received =
  | {
      readonly kind: 'started';
      readonly pid: number;
      readonly cwd: string;
      readonly args: readonly string[];
      /** Names only: values may be secrets. */
      readonly environment: readonly string[];
    }
  | { readonly kind: 'request'; readonly method: string; readonly id: unknown; readonly params: unknown }
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  /** The client's answer to what the agent asked by `method`. */
  | { readonly kind: 'answer'; readonly method: string; readonly result?: unknown; readonly error?: unknown }
  | { readonly kind: 'closed' };

/** Notes what comes in, each before anybody acts on it; a file that cannot be written ends the agent. */
export function createReceivedLog(file: string | undefined): (received: Received) => void {
  return (received) => {
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(received)}\n`);
  };
}

/** The same stream, with every message that comes in noted. */
export function watchStream(stream: Stream, note: (received: Received) => void): Stream {
  const asked = new Map<unknown, string>();
  const incoming = new TransformStream<AnyMessage, AnyMessage>({
    transform(message, controller) {
      note(describe(message, asked));
      controller.enqueue(message);
    },
  });
  const outgoing = new TransformStream<AnyMessage, AnyMessage>({
    transform(message, controller) {
      if ('method' in message && 'id' in message) asked.set(message.id, message.method);
      controller.enqueue(message);
    },
  });
  // A closed pipe ends both ends of the connection, which the agent hears of by itself.
  outgoing.readable.pipeTo(stream.writable).catch(() => {});
  return { readable: stream.readable.pipeThrough(incoming), writable: outgoing.writable };
}

function describe(message: AnyMessage, asked: Map<unknown, string>): Received {
  if (!('method' in message)) {
    const method = asked.get(message.id) ?? 'unknown';
    return 'error' in message
      ? { kind: 'answer', method, error: message.error }
      : { kind: 'answer', method, result: message.result };
  }
  const { method, params } = message;
  return 'id' in message
    ? { kind: 'request', method, id: message.id, params }
    : { kind: 'notification', method, params };
}
