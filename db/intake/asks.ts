import { sql } from 'kysely';
import type { Card } from '#core/chat/card.ts';
import { showAskReminders } from '#core/show/reminder.ts';
import { nextReminder } from '#core/task/reminding.ts';
import type { Ask } from '#core/understand/ask.ts';
import { isOpenAsk, remindableAsk } from '#core/understand/ask-limit.ts';
import type { Database, Transaction } from '../database.ts';
import { isId } from '../id.ts';
import { notify } from '../notify.ts';
import type { Addressee } from '../reminders/turns.ts';
import type { InboxAsks } from '../schema.ts';
import { type Eyes, mayBeSeen } from '../tasks/visible.ts';
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
  const { received_at } = await trx
    .selectFrom('inbox')
    .select('received_at')
    .where('id', '=', messageId)
    .executeTakeFirstOrThrow();
  for (const ask of asks.asks) await setTimers(db, trx, messageId, ask, received_at.toISOString());
}

async function setTimers(
  db: Database,
  trx: Transaction,
  messageId: string,
  ask: Ask,
  receivedAt: string,
): Promise<void> {
  if (ask.limit === undefined || !isOpenAsk(ask)) return;
  await setTimer(db, trx, ask.limit.until, { kind: 'ask', messageId, part: ask.part });
  await setReminder(db, trx, messageId, ask, receivedAt);
}

async function setReminder(
  db: Database,
  trx: Transaction,
  messageId: string,
  ask: Ask,
  receivedAt: string,
): Promise<void> {
  const at = nextReminder(remindableAsk(ask, receivedAt));
  if (at !== undefined) await setTimer(db, trx, at, { kind: 'remind-ask', messageId, part: ask.part });
}

/** A message that something was asked about. */
export async function askedMessage(db: Database, messageId: string): Promise<AskedMessage | undefined> {
  if (!isId(messageId)) return undefined;
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

/** Those that an older Commander asked have no end. After so many days they count as given up: not listed, but still answered. */
const listedDays = 14;

/** The messages that these eyes may see of which a request waits for an answer, the longest waiting first. */
export async function openAsks(db: Database, eyes: Eyes): Promise<readonly AskedMessage[]> {
  const rows = await asked(db)
    .where(isOpen)
    .where(mayBeSeen(eyes, { requester: sql.ref('inbox.member_id'), thread: sql.ref('inbox.thread_id') }))
    .where(
      sql<boolean>`(received_at > now() - ${listedDays} * interval '1 day'
        or jsonb_path_exists(asks, '$.asks[*] ? (!exists(@.taskNumber) && exists(@.limit))'))`,
    )
    .orderBy('received_at')
    .limit(100)
    .execute();
  return rows.map(fromRow);
}

/** The open asks that may be for an addressee, held for the transaction; one that is being answered right now is left out. */
export async function lockOpenAsks(trx: Transaction, addressee: Addressee): Promise<readonly AskedMessage[]> {
  const open = asked({ kysely: trx }).where(isOpen).orderBy('received_at').limit(100).forUpdate('inbox').skipLocked();
  const rows = await (addressee.kind === 'person'
    ? open.where('inbox.member_id', '=', addressee.memberId)
    : open.where('threads.platform', '=', addressee.platform).where('channel', '=', addressee.channel)
  ).execute();
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
  /** What came with the answer, and goes along with the request. */
  readonly files?: InboxAsks['attachments'];
}

/** Stores what became of an ask that is locked; where it still waits, its end is set too. */
export async function saveAsk(db: Database, trx: Transaction, saved: SavedAsk): Promise<void> {
  const { messageId, ask, card, files } = saved;
  const receivedAt = await storeAsk(trx, { messageId, ask, files }, (each, index) =>
    index === ask.card ? card : each,
  );
  await setTimers(db, trx, messageId, ask, receivedAt);
}

/** Stores that an ask that is locked was brought to mind, and when that is due next. */
export async function saveReminded(db: Database, trx: Transaction, messageId: string, ask: Ask): Promise<void> {
  const receivedAt = await storeAsk(trx, { messageId, ask }, (each) => each);
  await setReminder(db, trx, messageId, ask, receivedAt);
}

/** Its reminders stand behind the cards that answer the message. */
async function storeAsk(
  trx: Transaction,
  { messageId, ask, files = [] }: Omit<SavedAsk, 'card'>,
  shown: (card: Card, index: number) => Card,
): Promise<string> {
  const row = await trx
    .selectFrom('inbox')
    .select(['asks', 'reply', 'received_at'])
    .where('id', '=', messageId)
    .executeTakeFirstOrThrow();
  const { asks, reply } = row;
  if (asks === null || reply === null) throw new RangeError('only what was asked is answered');
  const receivedAt = row.received_at.toISOString();
  const reminders = new Map(showAskReminders(ask, receivedAt).map((card) => [card.key, card]));
  const cards = reply.map((card, index) => reminders.get(card.key) ?? shown(card, index));
  for (const { key } of reply) reminders.delete(key);
  await trx
    .updateTable('inbox')
    .set({
      asks: JSON.stringify({
        ...asks,
        asks: asks.asks.map((each) => (each.part === ask.part ? ask : each)),
        attachments: [...asks.attachments, ...files],
      }),
      reply: JSON.stringify([...cards, ...reminders.values()]),
      replied_at: null,
    })
    .where('id', '=', messageId)
    .execute();
  await notify(trx, [['commander_task', `inbox:${messageId}`]]);
  return receivedAt;
}

function asked(db: Pick<Database, 'kysely'>) {
  return knownMessages(db).select(['asks', 'received_at as receivedAt']).where('asks', 'is not', null);
}

function fromRow(row: NonNullable<Awaited<ReturnType<ReturnType<typeof asked>['executeTakeFirst']>>>): AskedMessage {
  const { asks, receivedAt } = row;
  if (asks === null) throw new RangeError('only messages with asks are read here');
  return { ...messageOf(row), receivedAt: receivedAt.toISOString(), ...asks };
}
