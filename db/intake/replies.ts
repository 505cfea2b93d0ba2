import { sql } from 'kysely';
import type { Card } from '#core/chat/card.ts';
import type { Database, Transaction } from '../database.ts';
import { isId } from '../id.ts';
import { notify } from '../notify.ts';
import { type InboxMessage, knownMessages, messageOf, replyOf } from './inbox.ts';

/** A message that was answered with cards, as it was said. */
export async function handledMessage(db: Database, messageId: string): Promise<InboxMessage | undefined> {
  if (!isId(messageId)) return undefined;
  const row = await knownMessages(db)
    .where('inbox.id', '=', messageId)
    .where('reply', 'is not', null)
    .executeTakeFirst();
  return row && messageOf(row);
}

/** Shows an answer anew. When somebody else renewed it meanwhile, `cards` is asked again: the last one has seen all that was changed. */
export async function renewReply(
  db: Database,
  messageId: string,
  cards: (reply: readonly Card[]) => Promise<readonly Card[]>,
): Promise<void> {
  for (;;) {
    const before = await replyOf(db, messageId);
    if (before === undefined) return;
    const after = await cards(before);
    const renewed = await db.transaction((trx) => replaceReply(trx, messageId, { before, after }));
    if (renewed) return;
  }
}

/** Another answer in place of one; false when somebody else replaced that meanwhile. */
export async function replaceReply(
  trx: Transaction,
  messageId: string,
  { before, after }: Readonly<Record<'before' | 'after', readonly Card[]>>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('inbox')
    .set({ reply: JSON.stringify(after), replied_at: null })
    .where('id', '=', messageId)
    .where(sql<boolean>`reply = ${JSON.stringify(before)}::jsonb`)
    .executeTakeFirstOrThrow();
  await notify(trx, [['commander_task', `inbox:${messageId}`]]);
  return numUpdatedRows > 0n;
}
