import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type ServerType, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { sql } from 'kysely';
import type { Application } from '../application.ts';
import { addPages } from './pages/pages.ts';

export interface HttpServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Time that the database gets to answer before Commander counts as not ready, in milliseconds: less than probes wait. */
const readyMs = 2000;

/** The port is taken; the message says what to do. */
export class PortTaken extends Error {
  readonly code = 'port_taken';
}

/** Serves health, the pages about tasks, and every adapter's own routes. @throws PortTaken */
export async function startHttp(
  application: Application,
  options: {
    readonly port: number;
    readonly listen: string;
    readonly allowedHosts: readonly string[];
    /** How late this process came to what was due lately, in milliseconds. */
    readonly lateMs: () => number;
  },
): Promise<HttpServer> {
  const app = new Hono();
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', async (context) => {
    const reason = await databaseProblem(application);
    return reason === undefined
      ? context.json({ status: 'ready', lateMs: options.lateMs(), platforms: platformsOf(application) })
      : context.json({ status: 'not ready', reason }, 503);
  });
  addPages(app, application, options.allowedHosts);
  app.all('*', async (context) => {
    for (const adapter of application.adapters.values()) {
      const response = await adapter.handle?.(context.req.raw);
      if (response !== undefined) return response;
    }
    return context.text('There is no such page.', 404);
  });
  app.onError((error, context) => {
    application.log.error({ error, path: context.req.path }, 'a request failed');
    return context.json(
      { error: { code: 'internal', message: 'That failed within Commander; its log says why.' } },
      500,
    );
  });
  const server = serve({ fetch: app.fetch, port: options.port, hostname: options.listen });
  await listening(server, options.port);
  return { port: (server.address() as AddressInfo).port, stop: () => stop(server) };
}

/** What keeps the database from answering; `undefined` when it answers in time. */
async function databaseProblem({ db, log }: Application): Promise<string | undefined> {
  const answer = sql`select 1`.execute(db.kysely).then(
    () => undefined,
    (error: unknown) => {
      log.warn({ error }, 'not ready');
      return 'The database does not answer. The log says why.';
    },
  );
  const late = pause(readyMs, 'The database does not answer in time.', { ref: false });
  return Promise.race([answer, late]);
}

/** What is in the way of each platform that is there; nothing is a good sign. A restart would not help, so it is still ready. */
function platformsOf({ adapters }: Application): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries([...adapters.values()].map(({ platform, concerns }) => [platform, concerns?.() ?? []]));
}

function listening(server: ServerType, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is in use. Set PORT to another one, or to 0 for any that is free.`;
      reject(error.code === 'EADDRINUSE' ? new PortTaken(taken) : error);
    });
  });
}

async function stop(server: ServerType): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  if ('closeAllConnections' in server) server.closeAllConnections();
  await closed;
}
