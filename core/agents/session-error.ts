import { type AgentError, errorNames, limitEnds } from './provider-limit.ts';

/** Of the protocol: the agent wants a login first. */
export const authRequired = -32000;

/** An error as the protocol has it, with its words. */
export interface SaidError extends AgentError {
  readonly message: string;
}

/**
 * Whether an error at the first prompt of a session that was taken up may come from what the session remembers, so that a new one is
 * worth a try. Not when it tells of something that a new session would meet too: a limit, a missing login, a provider that can not be
 * reached or is broken (the names are those of Claude Code and Codex, statuses as Gemini CLI and Codex give them).
 */
export function mayBeOfSession(error: SaidError): boolean {
  if (error.code === authRequired || limitEnds(error, { now: new Date(0) }) !== undefined) return false;
  const said = `${error.message} ${JSON.stringify(error.data)}`;
  const names = [String(error.code), ...errorNames(error)];
  return !names.some((name) => elsewhere.has(name) || statuses.test(name)) && !unreachable.test(said);
}

const elsewhere: ReadonlySet<string> = new Set([
  ...['authentication_failed', 'authentication_error', 'billing_error', 'oauth_org_not_allowed', 'server_error'],
  ...[
    'model_not_found',
    'unauthorized',
    'httpConnectionFailed',
    'responseStreamConnectionFailed',
    'internalServerError',
  ],
  ...['responseStreamDisconnected', 'responseTooManyFailedAttempts', 'http_connection_failed', 'internal_server_error'],
]);

/** HTTP's for a login, for money and for a gateway; 500 is also what Gemini CLI calls everything that it has no status for. */
const statuses = /^(401|402|403|407|408|502|503|504)$/;

/** As Node, and so most agents, name a network that is not there. */
const unreachable = /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|fetch failed)\b/;
