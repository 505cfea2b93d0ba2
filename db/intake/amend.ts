import { sql } from 'kysely';
import type { MessageChange } from '#core/chat/adapter.ts';
import type { Database } from '../database.ts';
import type { Actor } from '../tasks/change-task.ts';
import { settleOrigin } from './inbox.ts';

/** A message that was taken and then changed on its platform. */
export interface AmendedMessage {
  readonly id: string;
  readonly threadId: string;
  readonly sender: Actor;
  /** Whether it was handled before it changed. */
  readonly handled: boolean;
}

/**
 * Carries an edit (by its author) or a deletion over to a message that was not handled yet. `undefined` when there is no such
 * message, or somebody else wants to edit it.
 */
export async function amendMessage(db: Database, change: MessageChange): Promise<AmendedMessage | undefined> {
  return db.kysely.transaction().execute(async (trx) => {
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
    if (change.text !== undefined && row.author !== change.sender.externalId) return undefined;
    const handled = row.handled_at !== null;
    if (!handled) {
      const update = trx.updateTable('inbox').where('id', '=', taken.id);
      if (change.text === undefined) await update.set({ handled_at: sql`now()` }).execute();
      else await update.set({ body: JSON.stringify({ ...row.body, text: change.text }) }).execute();
    }
    const sender = { memberId: row.memberId, name: row.name, role: row.role };
    return { id: taken.id, threadId: row.threadId, sender, handled };
  });
}
