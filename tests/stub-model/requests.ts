import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Protocol } from './protocol.ts';
import type { ModelTurn } from './turns.ts';

/** One request that reached the server. */
export interface ModelRequest {
  readonly protocol: Protocol['name'] | 'unknown';
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As sent, parsed; a body that is no JSON as text. */
  readonly body: unknown;
  /** The turn that it took; side requests and refused ones take none. */
  turn?: ModelTurn;
  /** Why it was refused, when it was. */
  refusal?: string;
  /** Settles when its answer is written whole, or when the agent gave up on it first or was cut off. */
  readonly ended: Promise<'answered' | 'broken off'>;
}

/** Notes a request whose body has been read. */
export function noteRequest(
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
  protocol: ModelRequest['protocol'],
): ModelRequest {
  const { method = '', headers } = request;
  const ended = new Promise<'answered' | 'broken off'>((resolve) => {
    response.once('close', () => resolve(response.writableFinished ? 'answered' : 'broken off'));
  });
  return { protocol, method, path: pathOf(request), headers, body, ended };
}

/** The path without its query: Claude Code asks for `/v1/messages?beta=true`. */
export function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://model').pathname;
}

/** The whole body: as JSON, or as text where it is none. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  const text = Buffer.concat(pieces).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    // The protocol's schema refuses it, with the text in the record.
    return text;
  }
}
