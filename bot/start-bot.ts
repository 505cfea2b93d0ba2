import type { Logger } from 'pino';
import { createWebAdapter } from '#adapters/web/adapter.ts';
import type { ChatAdapter } from '#core/chat/adapter.ts';
import type { StoreBytes } from '#core/run/stored-file.ts';
import { storeBlob } from '#db/blobs/store-blob.ts';
import { createChatStore } from '#db/chat/chat-store.ts';
import type { Database } from '#db/database.ts';
import { createAnswersFirst } from './answers-first.ts';
import type { Application } from './application.ts';
import { createChatHost } from './chat-host.ts';
import { startEngine } from './engine/engine.ts';
import { startHttp } from './http/server.ts';
import { startArrivals } from './intake/arrivals.ts';
import { startIntake } from './intake/intake-loop.ts';
import { watchLateness } from './lateness.ts';
import { createPlatforms } from './platforms.ts';
import { startPresenter } from './presenter/presenter.ts';

export interface BotOptions {
  readonly db: Database;
  readonly home: string;
  readonly port: number;
  readonly listen: string;
  readonly hosts: readonly string[];
  readonly log: Logger;
  /** Where people reach the pages, no slash at the end. */
  readonly address?: string;
  /** Makes the adapters of the platforms outside: those whose settings are there. */
  readonly platforms?: readonly ((db: Database) => ChatAdapter)[];
  /** Tells the person at the terminal what concerns him, in a sentence. */
  readonly tell?: (sentence: string) => void;
  /** As in `Application`. */
  readonly limits?: Application['limits'];
  readonly approvals?: Application['approvals'];
  readonly answerWithin?: Application['answerWithin'];
  readonly night?: Application['night'];
  readonly attachmentBytes?: number;
}

export interface Bot {
  readonly port: number;
  readonly application: Application;
  stop(): Promise<void>;
}

/** Starts the whole bot on a database that is open. */
export async function startBot(options: BotOptions): Promise<Bot> {
  const {
    db,
    home,
    hosts,
    log,
    address,
    limits,
    approvals,
    answerWithin,
    night,
    attachmentBytes,
    port,
    listen,
    tell = () => undefined,
  } = options;
  const platforms = createPlatforms({ log, tell });
  // Where people reach the pages is a name of ours, said once.
  const allowedHosts = address === undefined ? hosts : [...hosts, new URL(address).hostname];
  const application: Application = {
    db,
    home,
    log,
    answersFirst: createAnswersFirst(),
    address,
    tell,
    limits,
    approvals,
    answerWithin,
    night,
    adapters: platforms.adapters,
    attachmentBytes,
  };
  const arrivals = startArrivals(application);
  const add = (adapter: ChatAdapter) =>
    platforms.add(
      adapter,
      createChatHost(application, adapter.platform, (arrival) => arrivals.keep(adapter, arrival)),
    );
  const storeBytes: StoreBytes = (bytes, limit) => storeBlob(home, bytes, limit);
  await add(createWebAdapter({ store: createChatStore(db), home, storeBytes, allowedHosts, log }));
  // A platform that is slow to connect, or away, keeps nobody from the web chat.
  for (const create of options.platforms ?? []) void add(create(db));
  const loops = [startIntake(application), startPresenter(application), await startEngine(application)];
  const lateness = watchLateness(log);
  const http = await startHttp(application, { port, listen, allowedHosts, lateMs: lateness.most });
  return {
    port: http.port,
    application,
    async stop() {
      // What comes from here on is kept for the next process.
      await arrivals.stop();
      await platforms.stop();
      await http.stop();
      lateness.stop();
      for (const loop of loops) await loop.stop();
    },
  };
}
