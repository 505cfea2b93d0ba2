import type { Upload } from '../calls.ts';
import type { Discord } from '../discord.ts';
import type { Rate } from '../limits.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly Upload[];
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** One route of Discord's API. */
export interface Route {
  readonly method: Method;
  /** As Discord's description names it: `/channels/{channel_id}/messages`. */
  readonly path: string;
  /** `token` routes prove themselves by the interaction's token in their path. */
  readonly auth: 'bot' | 'token';
  readonly rate: Rate;
  /** @throws Refusal */
  answer(request: ApiRequest, discord: Discord): Reply;
}

export const done: Reply = { status: 204 };

export function ok(body: unknown, status = 200): Reply {
  return { status, body };
}

/** A value that the path names. */
export function param(request: ApiRequest, name: string): string {
  const value = request.params[name];
  if (value === undefined) throw new Error(`The stand-in's route has no ${name}`);
  return value;
}

/** Finds the route of a method and path, with what the path names. */
export function createRouter(routes: readonly Route[]) {
  const compiled = routes.map((route) => ({
    route,
    pattern: new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
  }));
  return (method: string, path: string) => {
    for (const { route, pattern } of compiled) {
      const match = route.method === method ? pattern.exec(path) : null;
      if (match === null) continue;
      const named = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
      return { route, params: Object.fromEntries(named) as Record<string, string> };
    }
    return undefined;
  };
}
