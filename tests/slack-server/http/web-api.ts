import type { IncomingMessage } from 'node:http';
import { type Method, needScope } from '../api/method.ts';
import { RateLimited } from '../api/rate-limited.ts';
import { Refusal } from '../api/refusal.ts';
import type { Slack } from '../slack.ts';
import type { Token } from '../state/tokens.ts';
import type { Workspace } from '../state/workspace.ts';
import { jsonReply, type Reply, rateLimitedReply } from './reply.ts';

type Args = Readonly<Record<string, unknown>>;

/** The arguments of a call: form fields or JSON, and those of the address. */
export function readArguments(request: IncomingMessage, body: string): Args {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const json = request.headers['content-type']?.startsWith('application/json') === true;
  const sent = json ? parsed(body) : Object.fromEntries(new URLSearchParams(body));
  return { ...Object.fromEntries(query), ...(typeof sent === 'object' && sent !== null ? sent : {}) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    // A body that is no JSON names no arguments; the method says which are missing.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The token of a call: of its header, else of its arguments. */
export function readToken(request: IncomingMessage, args: Args): string | undefined {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  return bearer ?? (typeof args.token === 'string' ? args.token : undefined);
}

/** Does one call of the Web API. */
export function callMethod(slack: Slack, method: Method | undefined, args: Args, given: string | undefined): Reply {
  if (method === undefined) return jsonReply(200, { ok: false, error: 'unknown_method' });
  const scopes: Record<string, string> = {};
  try {
    const token = method.token === 'none' ? anonymous : authenticate(slack, method, given);
    if (method.token !== 'none') scopes['x-oauth-scopes'] = [...token.scopes].join(',');
    if (method.scope !== undefined) scopes['x-accepted-oauth-scopes'] = method.scope;
    const workspace = workspaceOf(slack, token);
    const wait = slack.limits.take(`${workspace.id} ${method.name}`, method.rate);
    if (wait !== undefined) return rateLimitedReply(wait);
    if (method.scope !== undefined) needScope(token, method.scope);
    return jsonReply(200, { ok: true, ...method.answer(args, { slack, token, workspace }) }, scopes);
  } catch (error) {
    if (error instanceof RateLimited) return rateLimitedReply(error.seconds);
    if (error instanceof Refusal) return jsonReply(200, { ok: false, error: error.code, ...error.details }, scopes);
    throw error;
  }
}

const anonymous: Token = { value: '', kind: 'bot', scopes: new Set(), revoked: false };

function authenticate(slack: Slack, method: Method, given: string | undefined): Token {
  const token = slack.tokens.check(given);
  if ('error' in token) throw new Refusal(token.error);
  // auth.test is the one method that takes either kind.
  if (token.kind !== method.token && method.name !== 'auth.test') throw new Refusal('not_allowed_token_type');
  return token;
}

/** App tokens belong to no workspace: their calls see the first. */
function workspaceOf(slack: Slack, token: Token): Workspace {
  const workspace = slack.workspaces.get(token.team ?? '') ?? [...slack.workspaces.values()][0];
  if (workspace === undefined) throw new Refusal('team_not_found');
  return workspace;
}
