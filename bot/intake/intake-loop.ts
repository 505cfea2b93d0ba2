import { type DueMessage, dueMessages, postponeMessage, readMessage } from '#db/intake/inbox.ts';
import type { Application } from '../application.ts';
import { handleMessage } from './handle-message.ts';

/** Messages handled at once. */
const parallel = 8;

/** How often the table is looked at without a wake-up, in milliseconds: for what a crash or a lost notification left behind. */
const tickMs = 1000;

export interface Loop {
  wake(): void;
  stop(): Promise<void>;
}

/** Handles every message that was taken, oldest first; one that fails is tried again later and holds up no other. */
export function startIntake(application: Application): Loop {
  const busy = new Map<string, Promise<void>>();
  let stopped = false;
  let looking: Promise<void> | undefined;
  let again = false;

  function wake(): void {
    if (stopped) return;
    again = true;
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }

  async function look(): Promise<void> {
    while (again && !stopped) {
      again = false;
      await application.answersFirst.turn();
      try {
        const messages = await dueMessages(application.db, parallel * 2);
        for (const message of messages) if (busy.size < parallel && !busy.has(message.id)) begin(message);
      } catch (error) {
        application.log.warn({ error }, 'the inbox can not be read; trying again');
      }
    }
  }

  function begin(message: DueMessage): void {
    const work = handle(message.id)
      .catch((error: unknown) => postpone(message, error))
      .finally(() => {
        busy.delete(message.id);
        wake();
      });
    busy.set(message.id, work);
  }

  async function handle(messageId: string): Promise<void> {
    await application.answersFirst.turn();
    const message = await readMessage(application.db, messageId);
    if (message !== undefined) await handleMessage(application, message);
  }

  async function postpone(message: DueMessage, error: unknown): Promise<void> {
    application.log.error({ error, message: message.id, attempts: message.attempts }, 'a message could not be handled');
    await postponeMessage(application.db, message.id).catch((cause: unknown) =>
      application.log.warn({ error: cause }, 'the database is away; the message stays as it is'),
    );
  }

  const { listener, arrivals } = application.db;
  const ends = [listener.on('commander_inbox', wake), arrivals.onMessage(wake)];
  const timer = setInterval(wake, tickMs);
  wake();
  return {
    wake,
    async stop() {
      stopped = true;
      clearInterval(timer);
      for (const end of ends) end();
      await looking;
      await Promise.all(busy.values());
    },
  };
}
