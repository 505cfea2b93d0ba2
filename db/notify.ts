import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from './database.ts';
import type { Channel } from './listen.ts';

/** A wake-up: whom it is for and what it is about. */
export type Wake = readonly [Channel, string];

/** Sends wake-ups with the transaction's commit, in one statement. */
export async function notify(trx: Transaction, wakes: readonly Wake[]): Promise<void> {
  await sql`select ${sql.join(wakeCalls(wakes))}`.execute(trx);
}

/** The same as expressions, for a statement that is made anyway: each round trip that is saved counts. */
export function wakeCalls(wakes: readonly Wake[]): readonly RawBuilder<unknown>[] {
  return wakes.map(([channel, payload]) => sql`pg_notify(${channel}, ${payload})`);
}
