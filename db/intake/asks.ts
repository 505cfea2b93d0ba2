import { sql } from 'kysely';
import type { Card } from '#core/chat/card.ts';
import type { Ask } from '#core/understand/ask.ts';
import { isOpenAsk } from '#core/understand/ask-limit.ts';
import type { Database, Transaction } from '../database.ts';
import { notify } from '../notify.ts';
import type { InboxAsks } from '../schema.ts';
import { setTimer } from '../timers.ts';
import { type InboxMessage, knownMessages, messageOf } from './inbox.ts';

/** A message with the requests in it that wait for an answer. */
export interface AskedMessage extends InboxMessage, InboxAsks {
  readonly receivedAt: string;
}

/** Some request of the message waits for an answer: none that became a task, in the words of the index `inbox_open_asks`, nor ended. */
const isOpen = sql<boolean>`(jsonb_path_exists(asks, '$.asks[*] ? (!exists(@.taskNumber))')
  and jsonb_path_exists(asks, '$.asks[*] ? (!exists(@.taskNumber) && !exists(@.endedAt))'))`;

/** Stores what the requests of a message wait for and sets their ends, in the transaction that answers it with their cards. */
export async function saveAsks(db: Database, trx: Transaction, messageId: string, asks: InboxAsks): Promise<void> {
  await trx
    .updateTable('inbox')
    .set({ asks: JSON.stringify(asks) })
    .where('id', '=', messageId)
    .execute();
  for (const ask of asks.asks) await setEnd(db, trx, messageId, ask);
}

async function setEnd(db: Database, trx: Transaction, messageId: string, ask: Ask): Promise<void> {
  if (ask.limit === undefined || !isOpenAsk(ask)) return;
  await setTimer(db, trx, ask.limit.until, { kind: 'ask', messageId, part: ask.part });
}

/** A message that something was asked about. */
export async function askedMessage(db: Database, messageId: string): Promise<AskedMessage | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(messageId)) return undefined;
  const row = await asked(db).where('inbox.id', '=', messageId).executeTakeFirst();
  return row === undefined ? undefined : fromRow(row);
}

/** The newest message of a thread of which a request still waits for an answer. */
export async function openAskOf(db: Database, threadId: string): Promise<AskedMessage | undefined> {
  const row = await asked(db)
    .where('inbox.thread_id', '=', threadId)
    .where(isOpen)
    .orderBy('received_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : fromRow(row);
}

/** Questions without an end that are older (days) count as given up: they are not listed, but their threads still take an answer. */
const listedDays = 14;

/** The messages of which a request waits for an answer, the longest waiting first. */
export async function openAsks(db: Database): Promise<readonly AskedMessage[]> {
  const rows = await asked(db)
    .where(isOpen)
    .where('received_at', '>', sql<Date>`now() - ${listedDays} * interval '1 day'`)
    .orderBy('received_at')
    .limit(100)
    .execute();
  return rows.map(fromRow);
}

/**
 * Locks the message of an ask for this transaction. Undefined when the ask is as it was read; else what it is now: somebody
 * answered it, or its time was over.
 */
export async function lockAsk(trx: Transaction, messageId: string, ask: Ask): Promise<Ask | undefined> {
  const row = await trx.selectFrom('inbox').select('asks').where('id', '=', messageId).forUpdate().executeTakeFirst();
  const now = row?.asks?.asks.find(({ part }) => part === ask.part);
  if (now === undefined) throw new RangeError('what was asked stays with its message');
  return JSON.stringify(now) === JSON.stringify(ask) ? undefined : now;
}

/** What an ask is from now on, and the card that shows it. */
export interface SavedAsk {
  readonly messageId: string;
  readonly ask: Ask;
  readonly card: Card;
}

/** Stores what became of an ask that is locked; where it still waits, its end is set too. */
export async function saveAsk(db: Database, trx: Transaction, { messageId, ask, card }: SavedAsk): Promise<void> {
  const { asks, reply } = await trx
    .selectFrom('inbox')
    .select(['asks', 'reply'])
    .where('id', '=', messageId)
    .executeTakeFirstOrThrow();
  if (asks === null || reply === null) throw new RangeError('only what was asked is answered');
  await trx
    .updateTable('inbox')
    .set({
      asks: JSON.stringify({ ...asks, asks: asks.asks.map((each) => (each.part === ask.part ? ask : each)) }),
      reply: JSON.stringify(reply.map((each, index) => (index === ask.card ? card : each))),
      replied_at: null,
    })
    .where('id', '=', messageId)
    .execute();
  await setEnd(db, trx, messageId, ask);
  await notify(trx, [['commander_task', `inbox:${messageId}`]]);
}

function asked(db: Database) {
  return knownMessages(db).select(['asks', 'received_at as receivedAt']).where('asks', 'is not', null);
}

function fromRow(row: NonNullable<Awaited<ReturnType<ReturnType<typeof asked>['executeTakeFirst']>>>): AskedMessage {
  const { asks, receivedAt } = row;
  if (asks === null) throw new RangeError('only messages with asks are read here');
  return { ...messageOf(row), receivedAt: receivedAt.toISOString(), ...asks };
}
