import { sql } from 'kysely';
import type { Transaction } from '../database.ts';

/** Whom a reminder is for: one person, or whoever may decide in a channel. */
export type Addressee =
  | { readonly kind: 'person'; readonly memberId: string }
  | { readonly kind: 'channel'; readonly platform: string; readonly channel: string };

/** The same as one word. */
export function keyOfAddressee(addressee: Addressee): string {
  if (addressee.kind === 'person') return `person ${addressee.memberId}`;
  return `channel ${addressee.platform} ${addressee.channel}`;
}

export interface Turn {
  /** When there was a reminder last, if ever (ISO 8601). */
  readonly lastAt?: string;
  readonly now: string;
}

/** Holds the addressee's turn until the transaction ends: nobody else reminds him meanwhile. */
export async function takeTurn(trx: Transaction, addressee: Addressee): Promise<Turn> {
  const { reminded_at, now } = await trx
    .insertInto('reminder_turns')
    .values({ addressee: keyOfAddressee(addressee) })
    .onConflict((conflict) =>
      conflict.column('addressee').doUpdateSet({ addressee: (each) => each.ref('excluded.addressee') }),
    )
    .returning(['reminded_at', sql<Date>`clock_timestamp()`.as('now')])
    .executeTakeFirstOrThrow();
  return { now: now.toISOString(), ...(reminded_at === null ? {} : { lastAt: reminded_at.toISOString() }) };
}

/** Records that a reminder was sent. */
export async function endTurn(trx: Transaction, addressee: Addressee, at: string): Promise<void> {
  await trx
    .updateTable('reminder_turns')
    .set({ reminded_at: at })
    .where('addressee', '=', keyOfAddressee(addressee))
    .execute();
}
