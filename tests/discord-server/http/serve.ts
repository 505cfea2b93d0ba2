import type { IncomingMessage, ServerResponse } from 'node:http';
import { NamesTooOften } from '../api/channels.ts';
import type { Call } from '../calls.ts';
import type { Discord } from '../discord.ts';
import type { Fault } from '../faults.ts';
import type { Verdict } from '../limits.ts';
import { Refusal, refusals } from '../refusal.ts';
import { type Body, parseBytes, readAll } from './body.ts';
import { createRouter, type Reply, type Route } from './route.ts';

const base = '/api/v10';

interface Answer extends Reply {
  readonly headers: Readonly<Record<string, string>>;
}

/** Serves REST v10 and the files of the CDN. */
export function createServe(discord: Discord, routes: readonly Route[]) {
  const find = createRouter(routes);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', discord.origin());
    if (url.pathname.startsWith('/cdn/')) return serveFile(discord, url, response);
    const bytes = await readAll(request);
    // discord.js writes `@original` and `@me` encoded.
    const path = url.pathname.replaceAll('%40', '@');
    const found = path.startsWith(`${base}/`) ? find(request.method ?? '', path.slice(base.length)) : undefined;
    const parsed = await parseBytes(bytes, request.headers['content-type']).catch(refusalOf);
    const body: Body = parsed instanceof Refusal ? { json: undefined, files: [] } : parsed;
    const call: Call = {
      route: found === undefined ? `${request.method} ${url.pathname}` : `${found.route.method} ${found.route.path}`,
      path: url.pathname + url.search,
      params: found?.params ?? {},
      body: body.json,
      files: body.files,
      at: discord.clock.now(),
      status: 0,
    };
    discord.calls.add(call);
    discord.changes.notify();
    await answer(
      discord,
      call,
      response,
      () => {
        if (found === undefined) return refusal(refusals.notFound());
        if (parsed instanceof Refusal) return refusal(parsed);
        const asked = { params: found.params, query: url.searchParams, body: body.json, files: body.files };
        return act(
          discord,
          found.route,
          request.headers.authorization,
          () => {
            discord.contract.checkRequest(found.route, body.json);
            return found.route.answer(asked, discord);
          },
          found.params,
        );
      },
      found?.route,
    );
    discord.changes.notify();
  };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}

/** Token, limits, then what the route does. */
function act(
  discord: Discord,
  route: Route,
  authorization: string | undefined,
  run: () => Reply,
  params: Readonly<Record<string, string>>,
): Answer {
  if (discord.limits.banned) return { status: 429, body: 'error code: 1015', headers: {} };
  if (route.auth === 'bot' && authorization !== `Bot ${discord.credentials.token}`)
    return refusal(refusals.unauthorized());
  const global = route.auth === 'bot' ? discord.limits.takeGlobal() : { headers: {} };
  if (global.wait !== undefined) return rateLimited(global);
  const webhook = params.webhook_id === undefined ? undefined : `${params.webhook_id}/${params.webhook_token}`;
  const major = params.channel_id ?? params.guild_id ?? webhook ?? '';
  const verdict = discord.limits.take(`${route.method} ${route.path}`, major, route.rate);
  if (verdict.wait !== undefined) return rateLimited(verdict);
  try {
    return { ...run(), headers: verdict.headers };
  } catch (error) {
    if (error instanceof NamesTooOften)
      return rateLimited({ headers: verdict.headers, wait: error.wait, scope: 'user' });
    return { ...refusal(refusalOf(error)), headers: verdict.headers };
  }
}

function refusal({ status, code, message, errors }: Refusal): Answer {
  return { status, body: { message, code, ...(errors !== undefined && { errors }) }, headers: {} };
}

function rateLimited({ wait = 0, scope = 'user', headers }: Verdict): Answer {
  return {
    status: 429,
    body: { message: 'You are being rate limited.', retry_after: wait, global: scope === 'global', code: 0 },
    headers: {
      ...headers,
      'retry-after': String(Math.ceil(wait)),
      'x-ratelimit-scope': scope,
      ...(scope === 'global' && { 'x-ratelimit-global': 'true' }),
    },
  };
}

/** Does what was asked and answers, or goes wrong as a test wants it. */
async function answer(
  discord: Discord,
  call: Call,
  response: ServerResponse,
  run: () => Answer | Reply,
  route: Route | undefined,
): Promise<void> {
  const fault = discord.faults.next(call);
  if (fault !== undefined) call.fault = fault;
  if (fault?.kind === 'late') await wait(discord, fault.milliseconds);
  const replaced = fault === undefined ? undefined : replacement(fault);
  const reply = fault !== undefined && prevents(fault) ? undefined : { headers: {}, ...run() };
  if (reply !== undefined && route !== undefined) discord.contract.checkAnswer(route, reply);
  if (fault?.kind === 'drop') return void response.destroy();
  if (fault?.kind === 'hang') return;
  // What was done shows at once, whatever becomes of the answer.
  if (fault?.kind === 'slow') {
    discord.changes.notify();
    await wait(discord, fault.milliseconds);
  }
  const sent = replaced ?? reply;
  if (sent !== undefined) send(discord, call, response, sent);
}

function wait(discord: Discord, milliseconds: number): Promise<void> {
  return new Promise((resolve) => discord.clock.after(milliseconds, resolve));
}

/** Whether Discord does nothing of what was asked. */
function prevents(fault: Fault): boolean {
  if (fault.kind === 'rate_limited' || fault.kind === 'unauthorized' || fault.kind === 'refuse') return true;
  return 'when' in fault && fault.when === 'before';
}

/** The answer that a fault gives in place of the true one. */
function replacement(fault: Fault): Answer | undefined {
  if (fault.kind === 'error') return { status: fault.status ?? 502, body: 'Bad Gateway', headers: {} };
  if (fault.kind === 'unauthorized') return refusal(refusals.unauthorized());
  if (fault.kind === 'rate_limited')
    return rateLimited({ headers: {}, wait: fault.seconds, scope: fault.scope ?? 'user' });
  return fault.kind === 'refuse' ? refusal(new Refusal(fault.status, fault.code, fault.message)) : undefined;
}

function send(discord: Discord, call: Call, response: ServerResponse, { status, body, headers }: Answer): void {
  call.status = status;
  const told = body as { readonly code?: number; readonly message?: string } | undefined;
  if (status >= 400 && typeof told === 'object') {
    if (told.code !== undefined) call.code = told.code;
    if (told.message !== undefined) call.error = told.message;
  }
  const shared = headers['x-ratelimit-scope'] === 'shared';
  if (status === 401 || status === 403 || (status === 429 && !shared)) discord.limits.countInvalid();
  if (response.destroyed) return;
  if (body === undefined) return void response.writeHead(status, headers).end();
  const text = typeof body === 'string';
  response.writeHead(status, { 'content-type': text ? 'text/html' : 'application/json', ...headers });
  response.end(text ? body : JSON.stringify(body));
}

function serveFile(discord: Discord, url: URL, response: ServerResponse): void {
  const file = discord.cdn.find(url);
  if (file === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('This content is no longer available.');
    return;
  }
  response
    .writeHead(200, { 'content-type': file.mediaType, 'content-length': String(file.bytes.length) })
    .end(file.bytes);
}
