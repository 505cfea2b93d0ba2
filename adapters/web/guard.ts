import { Refusal } from './refusal.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a `Host` header names this machine or a name that it is reached by: any other is a page that rebinds its own name (DNS). */
export function isOurHost(host: string, allowedHosts: readonly string[]): boolean {
  const name = host.replace(/:\d+$/, '');
  return loopback.has(name) || allowedHosts.includes(name);
}

/**
 * Refuses what another web page in the same browser could send: a foreign Host (DNS rebinding), a foreign Origin (cross-site
 * requests), a body that a plain form can make.
 * @throws Refusal
 */
export function guard(request: Request, allowedHosts: readonly string[]): void {
  const host = request.headers.get('host') ?? '';
  if (!isOurHost(host, allowedHosts)) throw new Refusal(403, 'wrong_host', strangeHost(host));
  const origin = request.headers.get('origin');
  if (origin !== null && !isSameHost(origin, host)) {
    throw new Refusal(403, 'wrong_origin', 'Requests from other sites are refused.');
  }
  const path = new URL(request.url).pathname;
  if (request.method === 'POST' && path !== '/api/chat/files' && !isJson(request)) {
    throw new Refusal(400, 'not_json', 'Send JSON, with the header Content-Type: application/json.');
  }
}

/** What is said to a request that names a strange host. */
export function strangeHost(host: string): string {
  return `This Commander does not answer to the name “${host.replace(/:\d+$/, '')}”. Add it to COMMANDER_HOSTS.`;
}

/** Whether an `Origin` header names the host that is asked. */
export function isSameHost(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

function isJson(request: Request): boolean {
  return request.headers.get('content-type')?.split(';', 1)[0]?.trim() === 'application/json';
}
