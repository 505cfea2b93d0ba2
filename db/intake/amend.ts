import { sql } from 'kysely';
import type { MessageChange } from '#core/chat/adapter.ts';
import type { Transaction } from '../database.ts';
import type { InboxBody } from '../schema.ts';
import type { Actor } from '../tasks/change-task.ts';
import { settleOrigin } from './inbox.ts';

/** A message that was taken and then changed on its platform. */
export interface AmendedMessage {
  readonly id: string;
  readonly threadId: string;
  readonly sender: Actor;
  /** As it was before. */
  readonly body: InboxBody;
  /** Whether it was handled before it changed. */
  readonly handled: boolean;
}

/**
 * Carries an edit (by its author) or a deletion over to a message that was not handled yet, and holds its row, so that of two
 * changes at once the newer one stays. `undefined` when there is no such message, somebody else wants to edit it, or it was deleted or
 * edited later than this.
 */
export async function amendMessage(trx: Transaction, change: MessageChange): Promise<AmendedMessage | undefined> {
  const taken = await trx
    .selectFrom('inbox')
    .select('id')
    .where('platform', '=', change.platform)
    .where('external_id', '=', change.externalId)
    .forUpdate()
    .executeTakeFirst();
  if (taken === undefined) return undefined;
  await settleOrigin(trx, taken.id);
  const row = await trx
    .selectFrom('inbox')
    .innerJoin('threads', 'threads.id', 'inbox.thread_id')
    .innerJoin('members', 'members.id', 'inbox.member_id')
    .select([
      'threads.id as threadId',
      'members.id as memberId',
      'members.external_id as author',
      'name',
      'role',
      'body',
      'handled_at',
    ])
    .where('inbox.id', '=', taken.id)
    .executeTakeFirstOrThrow();
  const deleted = change.text === undefined;
  if ((!deleted && row.author !== change.sender.externalId) || isOutdated(change, row.body)) return undefined;
  const handled = row.handled_at !== null;
  // Words that were acted on stay as they were heard.
  const words = handled || deleted ? {} : { text: change.text };
  const body = {
    ...row.body,
    ...words,
    ...(deleted ? { deleted: true } : { editedAt: change.editedAt ?? row.body.editedAt }),
  };
  await trx
    .updateTable('inbox')
    .set({ body: JSON.stringify(body), ...(deleted && !handled ? { handled_at: sql`now()` } : {}) })
    .where('id', '=', taken.id)
    .execute();
  const sender = { memberId: row.memberId, name: row.name, role: row.role };
  return { id: taken.id, threadId: row.threadId, sender, body: row.body, handled };
}

/** The same edit twice is told as one. A deletion has no time and nothing after it. */
function isOutdated({ text, editedAt }: MessageChange, body: InboxBody): boolean {
  if (body.deleted) return true;
  return text !== undefined && editedAt !== undefined && editedAt <= (body.editedAt ?? Number.NEGATIVE_INFINITY);
}
