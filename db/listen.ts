import pg from 'pg';
import type { Log } from './log.ts';

/**
 * What one part of Commander tells the others through Postgres. A notification is only a wake-up: whoever hears it reads the
 * tables, and reads them after every reconnect as well, so a lost one costs time and nothing else.
 */
export type Channel =
  | 'commander_ready'
  | 'commander_runs'
  | 'commander_task'
  | 'commander_inbox'
  | 'commander_stop'
  | 'commander_talk'
  | 'commander_chat';

export interface Listener {
  /** Calls back with each payload, and with an empty one after a reconnect. Returns how to end it. */
  on(channel: Channel, wake: (payload: string) => void): () => void;
  /** The session's own connection: session advisory locks live and die with it. */
  query(text: string, values?: readonly unknown[]): Promise<pg.QueryResult>;
  /** Calls back each time the connection is lost. */
  onLost(listener: () => void): void;
  close(): Promise<void>;
}

/** Time before a lost connection is tried again, in milliseconds. */
const reconnectMs = 250;

/** Opens one connection that listens for as long as the process lives, reconnecting by itself. */
export async function listen(url: string, application: string, log: Log): Promise<Listener> {
  const wakes = new Map<Channel, Set<(payload: string) => void>>();
  const lost: (() => void)[] = [];
  let client: pg.Client | undefined;
  let closed = false;

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, application_name: `${application} listen`, keepAlive: true });
    next.on('error', (error) => log.warn({ error }, 'the listening connection broke'));
    next.on('notification', ({ channel, payload }) => wake(channel as Channel, payload ?? ''));
    next.on('end', () => {
      if (client === next) reconnect();
    });
    await next.connect();
    client = next;
    for (const channel of wakes.keys()) await next.query(`listen ${channel}`);
  }

  function reconnect(): void {
    client = undefined;
    if (closed) return;
    for (const listener of lost) listener();
    setTimeout(() => {
      if (closed) return;
      connect().then(
        () => {
          for (const channel of wakes.keys()) wake(channel, '');
        },
        (error: unknown) => {
          log.warn({ error }, 'the database can not be reached; trying again');
          reconnect();
        },
      );
    }, reconnectMs);
  }

  function wake(channel: Channel, payload: string): void {
    for (const each of wakes.get(channel) ?? []) each(payload);
  }

  let last: Promise<unknown> = Promise.resolve();

  /** One statement at a time: pg no longer queues them by itself. */
  function inTurn(text: string, values?: readonly unknown[]): Promise<pg.QueryResult> {
    const next = last.then(() => {
      if (client === undefined) throw new Error('The database connection is lost; it is being opened again.');
      return client.query(text, values === undefined ? undefined : [...values]);
    });
    last = next.catch(() => undefined);
    return next;
  }

  await connect();
  return {
    on(channel, callback) {
      const known = wakes.get(channel);
      if (known === undefined) {
        wakes.set(channel, new Set([callback]));
        inTurn(`listen ${channel}`).catch((error: unknown) => log.warn({ error, channel }, 'could not listen'));
      } else known.add(callback);
      return () => wakes.get(channel)?.delete(callback);
    },
    query: inTurn,
    onLost(listener) {
      lost.push(listener);
    },
    async close() {
      closed = true;
      await client?.end();
    },
  };
}
