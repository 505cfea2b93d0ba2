import {
  type APIMessage,
  DiscordAPIError,
  HTTPError,
  REST,
  RESTJSONErrorCodes,
  type RESTOptions,
  type ResponseLike,
  Routes,
} from 'discord.js';
import { PostRefused } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type Acks, createAcks } from './acks.ts';
import type { Buckets } from './buckets.ts';
import { createGuard, type Guard } from './guard.ts';

/** Discord's REST API, as far as the adapter needs it. */
export interface Api {
  /** Requests with the bot's token. They wait by Discord's own headers. */
  readonly rest: REST;
  /** The same for files: they may take long, and discord.js sends one request of a route at a time. */
  readonly uploads: REST;
  /** Answers to interactions, on connections of their own. */
  readonly acks: Acks;
  /** Rights were changed: what Discord kept refusing may be asked at once. */
  forgive(): void;
  /** What somebody should know of requests that Discord refuses, in sentences. */
  concerns(): readonly string[];
  /** Hears every answer to a request with the bot's token. */
  onAnswer(hear: (answer: Heard) => void): void;
}

/** An answer as it came, before discord.js deals with it. */
export interface Heard {
  readonly method: string;
  /** `/channels/…`, without the address and the version. */
  readonly path: string;
  readonly headers: Headers;
}

/** A new thread of a forum has no nonce: it must not be repeated blindly, as discord.js does after a 5xx or when time is out. */
const withoutNonce = /\/channels\/\d+\/threads$/;

/**
 * Requests in a second. Discord takes 50 of a bot (docs, Rate Limits: Global); two seconds of ours may lie in one of Discord's, so
 * that with 50 of ours some were refused (measured: 3 of 80).
 */
const globalRequestsPerSecond = 25;

/** Time for one try, in milliseconds. */
const ordinaryTimeoutMs = 10_000;

/** A request with files has so many times that long: 24 MB at 200 kB a second. */
const uploadPatience = 12;

export interface ApiParts {
  readonly token: string;
  readonly log: AdapterLog;
  readonly apiUrl?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** What is known of rate limits from before; a look at Discord needs none. */
  readonly buckets?: Buckets;
}

export function createApi({ token, log, apiUrl, timeoutMs = ordinaryTimeoutMs, buckets = unlimited }: ApiParts): Api {
  const hearers: ((answer: Heard) => void)[] = [];
  const guard = createGuard(log);
  const tell = (answer: Heard) => {
    for (const hear of hearers) hear(answer);
  };
  const client = (send: Buckets['through'], more: Partial<RESTOptions>) => {
    const made = new REST({
      version: '10',
      globalRequestsPerSecond,
      makeRequest: guarded(guard, send, tell),
      ...(apiUrl === undefined ? {} : { api: apiUrl }),
      ...more,
    }).setToken(token);
    // One 401 makes discord.js forget its token for good (measured): a passing fault must not silence the bot until a restart.
    const forget = made.setToken.bind(made);
    made.setToken = (next: string) => forget(next ?? token);
    return made;
  };
  // A 5xx may come after Discord has applied the request: repeats carry our nonce, so they are harmless.
  const rest = client(buckets.through, { timeout: timeoutMs, retries: 2 });
  const uploads = client(buckets.beside, { timeout: timeoutMs * uploadPatience, retries: 0 });
  const { forgive, concerns } = guard;
  return { rest, uploads, acks: createAcks(apiUrl), forgive, concerns, onAnswer: (hear) => void hearers.push(hear) };
}

/**
 * discord.js brings an undici of its own that takes its connections from whatever undici was loaded last, such as Bolt's, and then
 * refuses to send files (measured: UND_ERR_INVALID_ARG). Node's own fetch has no such quarrel. Its answers are told from here:
 * discord.js' own event carries them without headers once Hono's server has replaced the global `Response` (measured).
 */
function guarded(guard: Guard, paced: Buckets['through'], tell: (answer: Heard) => void): RESTOptions['makeRequest'] {
  return async (url, init) => {
    const { dispatcher: _own, ...request } = init;
    const { pathname } = new URL(url);
    const method = init.method ?? 'GET';
    const known = guard.before(method, pathname);
    if (known !== undefined) return new Response(known.body, { status: known.status, headers: json }) as ResponseLike;
    const path = pathname.replace(apiPath, '');
    const isUnique = method === 'POST' && withoutNonce.test(pathname);
    const response = await paced(method, path, () =>
      fetch(url, request as RequestInit).catch((error: unknown) => {
        throw isUnique ? new Error('whether Discord did it is not known', { cause: error }) : repeatable(error);
      }),
    );
    tell({ method, path, headers: response.headers });
    const refused = response.status >= 400 && response.status < 500;
    const body = refused ? await response.clone().text() : '';
    const shared = response.headers.get('x-ratelimit-scope') === 'shared';
    guard.after(method, pathname, { status: response.status, body, shared });
    if (response.status >= 500 && isUnique)
      throw new Error(`Discord answered ${response.status}; whether it did it is not known`);
    return response as unknown as ResponseLike;
  };
}

/** What stands before a route in an address. */
const apiPath = /^.*?\/v\d+(?=\/)/;

const atOnce: Buckets['through'] = (_method, _path, send) => send();
const unlimited: Buckets = { through: atOnce, beside: atOnce };

/** What fetch says of a connection that was there and was cut. */
const cuts: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** discord.js repeats a request at once after this error alone, and does not know the one of a connection that was cut (measured). */
function repeatable(error: unknown): unknown {
  const { code } = ((error as Error).cause ?? {}) as { readonly code?: unknown };
  return cuts.has(code)
    ? Object.assign(new Error('the connection to Discord was cut', { cause: error }), { code: 'ECONNRESET' })
    : error;
}

const json = { 'content-type': 'application/json' };

export function isCode(error: unknown, code: number): boolean {
  return error instanceof DiscordAPIError && error.code === code;
}

/** A place that is gone, or that the bot may not see: nothing can be read or told there. */
export function isOutOfReach(error: unknown): boolean {
  return isCode(error, RESTJSONErrorCodes.UnknownChannel) || isCode(error, RESTJSONErrorCodes.MissingAccess);
}

/** Tries after which a refusal stays one, and a failure that comes from nowhere outside counts as a mistake of ours. */
const sureTries = 3;

const mistakes = [TypeError, RangeError, ReferenceError, SyntaxError, URIError];

/** Refusals that say nothing of what was asked: what stands before Discord, and that it has too much to do (docs, JSON Error Codes). */
const troubles: ReadonlySet<unknown> = new Set([
  RESTJSONErrorCodes.CloudflareIsBlockingYourRequest,
  RESTJSONErrorCodes.APIResourceOverloaded,
]);

/**
 * Whether something failed for good after so many tries: Discord says no, and knows why, or it is a mistake of ours. (That a
 * connection broke is a `TypeError`, too, with a cause; an answer that was cut is a `SyntaxError`, once.)
 */
export function isLasting(error: unknown, tries: number): boolean {
  if (error instanceof DiscordAPIError) {
    const { code, status } = error;
    const isRefused = status >= 400 && status < 500 && status !== 401 && status !== 429;
    return isRefused && typeof code === 'number' && code > 0 && !troubles.has(code) && tries >= sureTries;
  }
  const isMistake = mistakes.some((mistake) => error instanceof mistake) && (error as Error).cause === undefined;
  return isMistake && tries >= sureTries;
}

const refusals: Readonly<Record<number, string>> = {
  [RESTJSONErrorCodes.UnknownChannel]: 'The channel or thread is gone.',
  [RESTJSONErrorCodes.UnknownMessage]: 'The message is gone.',
  [RESTJSONErrorCodes.MissingAccess]: 'The bot can not see this channel: give it “View Channel” there.',
  [RESTJSONErrorCodes.MissingPermissions]:
    'The bot may not do this here: give it “Create Public Threads”, “Send Messages in Threads”, “Attach Files” and “Read Message History”.',
  [RESTJSONErrorCodes.CannotSendMessagesToThisUser]: 'This person takes no direct messages from the bot.',
  160005: 'The thread is locked: unlock it, or give the bot “Manage Threads”.',
};

/** What a failed request means: an answer that repeating can not change, or something that may pass. */
export function explained(error: unknown, log: AdapterLog): unknown {
  if (error instanceof DiscordAPIError && typeof error.code === 'number') {
    const words = refusals[error.code];
    if (words !== undefined) return new PostRefused(words, { cause: error });
    log.warn({ code: error.code, message: error.message, url: error.url }, 'Discord refused a request');
  }
  return error instanceof HTTPError ? new Error(`Discord answered ${error.status}`, { cause: error }) : error;
}

/** Messages of a channel, newest first. */
export async function readMessages(
  { rest }: Api,
  channel: string,
  query: { readonly after?: string; readonly before?: string; readonly limit: number },
): Promise<readonly APIMessage[]> {
  const search = new URLSearchParams({
    limit: String(query.limit),
    ...(query.after === undefined ? {} : { after: query.after }),
    ...(query.before === undefined ? {} : { before: query.before }),
  });
  return (await rest.get(Routes.channelMessages(channel), { query: search })) as APIMessage[];
}

/** Messages at once (docs, Get Channel Messages). */
const pageLimit = 100;

/**
 * Messages of a channel, newest first, page by page, until there are none that are newer than an id. The last page may hold older
 * ones. `before`: an id that they are older than.
 */
export async function* readBack(
  api: Api,
  channel: string,
  { after, before }: { readonly after: string; readonly before?: string },
): AsyncGenerator<readonly APIMessage[]> {
  for (let end = before; ; ) {
    const messages = await readMessages(api, channel, {
      limit: pageLimit,
      ...(end === undefined ? {} : { before: end }),
    });
    const page = [...messages].sort((a, b) => (BigInt(a.id) > BigInt(b.id) ? -1 : 1));
    yield page;
    const oldest = page.at(-1)?.id;
    if (oldest === undefined || page.length < pageLimit || BigInt(oldest) <= BigInt(after)) return;
    end = oldest;
  }
}
