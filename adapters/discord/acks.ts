import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { DefaultUserAgent, RESTJSONErrorCodes } from 'discord.js';

/** Answers interactions within Discord's 3 s. */
export interface Acks {
  /**
   * Gives the first answer. "Acknowledged already" is good: it was a try of ours that arrived, or, where there was none before
   * (then it is false), an earlier process.
   * @throws AckRefused, AckLate
   */
  answer(interaction: { readonly id: string; readonly token: string }, body: object): Promise<boolean>;
  close(): void;
}

/** Discord says no to an answer; its own code says why. */
export class AckRefused extends Error {
  readonly code: number;
  readonly status: number;

  constructor(status: number, code: number, message: string) {
    super(`Discord did not take the answer to an interaction (${code}): ${message}`);
    this.status = status;
    this.code = code;
  }
}

/** Discord could not be reached within its 3 s. */
export class AckLate extends Error {
  readonly code = 'ack_late';
}

/** Time for one try, in milliseconds: three of them fit in Discord's 3 s. */
const tryMs = 900;

/** All tries together, in milliseconds: Discord invalidates the token after 3 s (docs, Receiving and Responding). */
const withinMs = 2800;

/** Between two tries, in milliseconds. */
const betweenMs = 50;

/** Connections at once. */
const socketLimit = 64;

/**
 * A client for nothing but these answers. Its connections are kept open for as long as Discord keeps them, so that an answer
 * never waits for a handshake, and no queue for rate limits stands before it: discord.js sleeps out a 429, and does not repeat a
 * dropped connection (measured).
 */
export function createAcks(apiUrl = 'https://discord.com/api'): Acks {
  const secure = apiUrl.startsWith('https:');
  const options = { keepAlive: true, maxSockets: socketLimit, scheduling: 'lifo' } as const;
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options);
  const request = secure ? requestHttps : requestHttp;

  function send(path: string, body: string): Promise<{ readonly status: number; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(
        `${apiUrl}/v10${path}`,
        {
          method: 'POST',
          agent,
          timeout: tryMs,
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            'user-agent': DefaultUserAgent,
          },
        },
        (response) =>
          void readAll(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject),
      );
      sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** Whether it arrived now or before, else how long to wait before it is tried again, in milliseconds. */
  async function attempt(path: string, body: string): Promise<'now' | 'before' | number> {
    const answer = await send(path, body).catch((error: unknown) => error as Error);
    if (answer instanceof Error) return betweenMs;
    const { status, text } = answer;
    if (status >= 200 && status < 300) return 'now';
    if (status >= 500) return betweenMs;
    const told = readJson(text);
    if (status === 429) return (told.retry_after ?? 1) * 1000;
    if (told.code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged) return 'before';
    throw new AckRefused(status, told.code ?? 0, told.message ?? text.slice(0, 200));
  }

  return {
    async answer({ id, token }, body) {
      const path = `/interactions/${id}/${encodeURIComponent(token)}/callback`;
      const text = JSON.stringify(body);
      const end = performance.now() + withinMs;
      for (let tries = 0; ; tries += 1) {
        const wait = await attempt(path, text);
        if (typeof wait === 'string') return wait === 'now' || tries > 0;
        if (performance.now() + wait >= end)
          throw new AckLate('Discord did not take the answer to an interaction within 3 s.');
        await pause(wait);
      }
    },
    close: () => agent.destroy(),
  };
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

interface Told {
  readonly code?: number;
  readonly message?: string;
  /** Seconds. */
  readonly retry_after?: number;
}

function readJson(text: string): Told {
  try {
    return JSON.parse(text) as Told;
  } catch {
    // A proxy in front of Discord answers in HTML.
    return {};
  }
}
