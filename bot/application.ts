import type { Logger } from 'pino';
import type { ChatAdapter } from '#core/chat/adapter.ts';
import type { Database } from '#db/database.ts';

/** What every part of the bot works with. */
export interface Application {
  readonly db: Database;
  /** Commander's data directory. */
  readonly home: string;
  readonly log: Logger;
  readonly adapters: ReadonlyMap<string, ChatAdapter>;
}
