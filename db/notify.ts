import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from './database.ts';
import type { Channel } from './listen.ts';

/** Sends wake-ups with the transaction's commit, in one statement. */
export async function notify(trx: Transaction, wakes: readonly (readonly [Channel, string])[]): Promise<void> {
  const calls: RawBuilder<unknown>[] = wakes.map(([channel, payload]) => sql`pg_notify(${channel}, ${payload})`);
  await sql`select ${sql.join(calls)}`.execute(trx);
}
