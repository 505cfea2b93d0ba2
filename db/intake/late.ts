import { sql } from 'kysely';
import type { Card } from '#core/chat/card.ts';
import type { Transaction } from '../database.ts';
import type { InboxMessage } from './inbox.ts';

/** For so long messages that were found late belong to one absence, in minutes. */
const absenceMinutes = 10;

/** The answer to a message, whose first card tells of an absence. */
interface Receipt {
  readonly id: string;
  readonly reply: readonly Card[];
}

export interface LateInThread {
  /** Messages of its thread that were found late after the same absence: those handled before, and this one. */
  readonly count: number;
  /** Absent: nothing tells of it yet. */
  readonly receipt?: Receipt;
}

/** What was found late in a message's thread. Two of one thread at once: the second one waits here for what the first one does. */
export async function lateInThread(
  trx: Transaction,
  { id, threadId }: InboxMessage,
  receiptKey: string,
): Promise<LateInThread> {
  await sql`select from threads where id = ${threadId} for update`.execute(trx);
  const others = trx
    .selectFrom('inbox')
    .where('thread_id', '=', threadId)
    .where('id', '<>', id)
    .where('handled_at', 'is not', null)
    .where(sql<boolean>`body->'late' = 'true'`)
    .where('received_at', '>', sql<Date>`now() - ${absenceMinutes} * interval '1 minute'`);
  const { count } = await others.select(sql<number>`count(*)::int`.as('count')).executeTakeFirstOrThrow();
  const told = await others
    .select(['id', 'reply'])
    .where(sql<boolean>`reply->0->>'key' = ${receiptKey}`)
    .executeTakeFirst();
  const receipt = told?.reply == null ? {} : { receipt: { id: told.id, reply: told.reply } };
  return { count: count + 1, ...receipt };
}
