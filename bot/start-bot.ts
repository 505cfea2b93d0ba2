import type { Logger } from 'pino';
import { createWebAdapter } from '#adapters/web/adapter.ts';
import type { ChatAdapter } from '#core/chat/adapter.ts';
import { createChatStore } from '#db/chat/chat-store.ts';
import type { Database } from '#db/database.ts';
import type { Application } from './application.ts';
import { createChatHost } from './chat-host.ts';
import { startEngine } from './engine/engine.ts';
import { startHttp } from './http/server.ts';
import { startIntake } from './intake/intake-loop.ts';
import { startPresenter } from './presenter/presenter.ts';

export interface BotOptions {
  readonly db: Database;
  readonly home: string;
  readonly port: number;
  readonly listen: string;
  readonly hosts: readonly string[];
  readonly log: Logger;
}

export interface Bot {
  readonly port: number;
  readonly application: Application;
  stop(): Promise<void>;
}

/** Starts the whole bot on a database that is open. */
export async function startBot({ db, home, port, listen, hosts, log }: BotOptions): Promise<Bot> {
  const web = createWebAdapter({ store: createChatStore(db), home, allowedHosts: hosts });
  const adapters: ReadonlyMap<string, ChatAdapter> = new Map([[web.platform, web]]);
  const application: Application = { db, home, log, adapters };
  const host = createChatHost(application);
  for (const adapter of adapters.values()) await adapter.start(host);
  const loops = [startIntake(application), startPresenter(application), await startEngine(application)];
  const http = await startHttp(application, { port, listen });
  return {
    port: http.port,
    application,
    async stop() {
      for (const adapter of adapters.values()) await adapter.stop();
      await http.stop();
      for (const loop of loops) await loop.stop();
    },
  };
}
