import { Refusal } from './refusal.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Refuses what another web page in the same browser could send: a foreign Host (DNS rebinding), a foreign Origin (cross-site
 * requests), a body that a plain form can make.
 * @throws Refusal
 */
export function guard(request: Request, allowedHosts: readonly string[]): void {
  const host = request.headers.get('host') ?? '';
  const name = host.replace(/:\d+$/, '');
  if (!loopback.has(name) && !allowedHosts.includes(name)) {
    throw new Refusal(
      403,
      'wrong_host',
      `This Commander does not answer to the name “${name}”. Add it to COMMANDER_HOSTS.`,
    );
  }
  const origin = request.headers.get('origin');
  if (origin !== null && !sameHost(origin, host)) {
    throw new Refusal(403, 'wrong_origin', 'Requests from other sites are refused.');
  }
  const path = new URL(request.url).pathname;
  if (request.method === 'POST' && path !== '/api/chat/files' && !isJson(request)) {
    throw new Refusal(400, 'not_json', 'Send JSON, with the header Content-Type: application/json.');
  }
}

function sameHost(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

function isJson(request: Request): boolean {
  return request.headers.get('content-type')?.split(';', 1)[0]?.trim() === 'application/json';
}
